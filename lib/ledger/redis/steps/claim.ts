/**
 * The claim: whether each server may be restarted now, and the intent of each that may, in one step. What ../../claim.ts
 * does on maps, in the same order. An answer a server: the attempt's number, or the code of a refusal with its figures.
 * Not to be sent twice: after an answer that was lost the claim is in flight, and whoever drives the run finds it.
 */
import { BUCKETS } from '../lua/buckets.ts';
import { FLIGHTS } from '../lua/flights.ts';
import { RUNS } from '../lua/runs.ts';
import { SERVERS } from '../lua/servers.ts';
import { STORMS } from '../lua/storms.ts';
import { script } from '../script.ts';

const LIMITS = /* lua */ `
local function inFlight() return tonumber(call('HGET', M, 'f#') or 0) end
local function unavailable()
  local seen, count = {}, inFlight()
  for i = 1, #troubled do
    local id = troubled[i]
    if not seen[id] and not flightOf(id, readServer(id)) then count = count + 1 end
    seen[id] = true
  end
  return count
end
local function overLimit(server)
  local there = onHost(server.host)
  if server.isPlanned and there.count > 0 then return { 'host_busy', there.one } end
  if there.count >= limits.perHost then return { 'host_limit', there.count } end
  if server.isPlanned then
    local count = unavailable()
    if count >= limits.unavailable then return { 'unavailable_limit', count } end
  end
  if inFlight() >= limits.concurrency then return { 'concurrency_limit', inFlight() } end
  return nil
end
`;

const REFUSAL = /* lua */ `
local function refusal(server, kept)
  local id = server.id
  local excluded = call('HGET', P .. 'x', id) or call('HGET', P .. 'x', server.host)
  if excluded then return { 'excluded', excluded } end
  local pausedUntil = tonumber(call('HGET', M, 'paused') or 0)
  if pausedUntil > now then return { 'paused', call('HGET', M, 'pause') } end
  if isStorm and not server.ignores.storm then
    local round = roundAt(now)
    if not mayGo(round, id) then return { 'storm', round.size, round.started + ROUND_LASTS } end
  end
  local last = kept and kept.last
  local coolAt = last and last + limits.cooldown
  local flight = flightOf(id, kept)
  if flight then return { 'in_flight', call('HGET', P .. 'ref', flight.run), coolAt or 0 } end
  if coolAt and coolAt > now and not server.ignores.cooldown then return { 'cooldown', last, coolAt } end
  if not server.ignores.attempts then
    local over = handedOver(id)
    if over then return { 'handed_over', over } end
    local made = recent(kept)
    if #made >= limits.attempts then
      local expiring = made[#made - limits.attempts + 1]
      return { 'attempts_used', #made, expiring and expiring + DAY or 0 }
    end
  end
  return overLimit(server)
end
`;

export const claim = script(
  [
    BUCKETS,
    SERVERS,
    FLIGHTS,
    STORMS,
    RUNS,
    /* lua */ `
local runId, token, now = arg(), arg(), num()
if not isDriver(runId, token) then return redis.error_reply(LOST) end
local limits = { cooldown = num(), attempts = num(), perHost = num(), concurrency = num(), unavailable = num() }
local isStorm = arg() == '1'
local asked, troubled = {}, {}
for i = 1, num() do
  local id, host, how, override = arg(), arg(), arg(), arg()
  local function says(letter) return string.find(how, letter, 1, true) ~= nil end
  local ignores = { storm = says('s'), cooldown = says('c'), attempts = says('a') }
  local marks = (says('p') and 1 or 0) + (says('r') and 2 or 0)
  asked[i] = { id = id, host = host, isPlanned = says('p'), marks = marks, ignores = ignores, override = override }
end
for i = 1, num() do troubled[i] = arg() end
local function recent(kept)
  local made = {}
  for _, at in ipairs(kept and kept.attempts or {}) do
    if at > now - DAY then table.insert(made, at) end
  end
  return made
end
`,
    LIMITS,
    REFUSAL,
  ],
  /* lua */ `
local function grant(server, kept)
  local made = recent(kept)
  table.insert(made, now)
  local previous = kept and kept.last
  kept = kept or {}
  kept.host, kept.attempts, kept.last = server.host, made, now
  writeServer(server.id, kept)
  takeOff(server, previous, runId)
  if isStorm and not server.ignores.storm then sendOut(server.id, now) end
  return { 'granted', #made }
end
local answers = {}
for i, server in ipairs(asked) do
  local kept = readServer(server.id)
  answers[i] = refusal(server, kept) or grant(server, kept)
end
return answers
`,
);
