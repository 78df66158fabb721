/**
 * Writes a run down, and with it what became of its targets: those that came to an end are no longer in flight, and
 * their servers remember it. A driver leaves out what it saved before (`basis`: the number of that save). Targets that joined and are in the run by now are no longer left for its driver: their
 * ids are asked for (`IDS`) only when any joined, because that is rare and the ids are many.
 */
import { BUCKETS } from '../lua/buckets.ts';
import { FLIGHTS } from '../lua/flights.ts';
import { RUNS } from '../lua/runs.ts';
import { SERVERS } from '../lua/servers.ts';
import { STORMS } from '../lua/storms.ts';
import { script } from '../script.ts';

export const IDS_WANTED = 'IDS';
/** What was left out is not there: a replica that took over may lack the last save. */
export const WHOLE_WANTED = 'WHOLE';

export const save = script(
  [BUCKETS, SERVERS, FLIGHTS, STORMS, RUNS],
  /* lua */ `
local runId, token, basis, idsGiven = arg(), arg(), arg(), arg() == '1'
if not isDriver(runId, token) then return redis.error_reply(LOST) end
if basis ~= '' and call('HGET', runKey(runId), 'saves') ~= basis then return '${WHOLE_WANTED}' end
local left = call('LRANGE', P .. 'j:' .. runId, 0, -1)
if #left > 0 and not idsGiven then return '${IDS_WANTED}' end
writeRun(runId)
local saves = call('HINCRBY', runKey(runId), 'saves', 1)
-- A driver who takes a run over names all ends in it, of which nearly all are known: none is looked for when none flies.
local flying = tonumber(call('HGET', runKey(runId), 'flights') or 0)
for i = 1, num() do
  local id, isWell, over, why = arg(), arg() == '1', arg(), arg()
  local server = flying > 0 and readServer(id) or nil
  if ownFlight(id, server, runId) then
    flying = flying - 1
    land(id, server, runId)
    settle(id, isWell and 'recovered' or 'failed')
    server.failed, server.told = not isWell, nil
    if isWell then
      server.attempts = {}
      takeBack(id)
    elseif over ~= '' then handOver(id, tonumber(over), why) end
    writeServer(id, server)
  end
end
if not idsGiven then return saves end
local taken = {}
for i = 1, num() do taken[arg()] = true end
call('DEL', P .. 'j:' .. runId)
for i = 1, #left do
  local id = string.sub(left[i], 2, 1 + string.byte(left[i]))
  if not taken[id] then call('RPUSH', P .. 'j:' .. runId, left[i]) end
end
return saves
`,
);
