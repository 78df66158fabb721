/** Undoes claims of a run, as if they had never been: the cooldown runs from the attempt before. */
import { BUCKETS } from '../lua/buckets.ts';
import { FLIGHTS } from '../lua/flights.ts';
import { RUNS } from '../lua/runs.ts';
import { SERVERS } from '../lua/servers.ts';
import { STORMS } from '../lua/storms.ts';
import { script } from '../script.ts';

export const giveBack = script(
  [BUCKETS, SERVERS, FLIGHTS, STORMS, RUNS],
  /* lua */ `
local runId, token = arg(), arg()
if not isDriver(runId, token) then return redis.error_reply(LOST) end
for i = 1, num() do
  local id = arg()
  local server = readServer(id)
  local flight = ownFlight(id, server, runId)
  if flight then
    land(id, server, runId)
    for at = #server.attempts, 1, -1 do
      if server.attempts[at] == server.last then
        table.remove(server.attempts, at)
        break
      end
    end
    server.last = flight.previous
    writeServer(id, server)
    settle(id, 'given back')
  end
end
return 1
`,
);
