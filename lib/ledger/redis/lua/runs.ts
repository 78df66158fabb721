/** Runs and the deliveries that they answer: a head, and the targets in packed parts (run.ts). */
export const RUNS = /* lua */ `
local DAY = 86400000
local function runKey(runId) return P .. 'r:' .. runId end
local function isDriver(runId, token) return call('HGET', runKey(runId), 'token') == token end
local LOST = 'LEASE_LOST the run is driven by somebody else'
-- Whoever told people did so without the lease: the driver may not know yet.
local function writeRun(runId)
  local key = runKey(runId)
  local opened, state, ended, told = arg(), arg(), arg(), arg()
  told = call('HGET', key, 'told') or told
  call('HSET', key, 'state', state, 'ended', ended, 'head', arg())
  if told ~= '' then call('HSET', key, 'told', told) end
  local had, parts = tonumber(call('HGET', key, 'parts') or 0), num()
  for i = 1, parts do
    local part = arg()
    -- Nothing: it is there already, as this driver saved it.
    if part ~= '' then call('HSET', key, i, part) end
  end
  for i = parts + 1, had do call('HDEL', key, i) end
  call('HSET', key, 'parts', parts)
  call('ZADD', P .. 'runs', opened, runId)
  if ended == '1' and told ~= '' then call('ZREM', P .. 'open', runId)
  else call('ZADD', P .. 'open', opened, runId) end
end
local function readRun(runId)
  local key = runKey(runId)
  local kept = call('HMGET', key, 'head', 'told', 'parts')
  if not kept[1] then return nil end
  local run = { kept[1], kept[2] }
  for i = 1, tonumber(kept[3]) do run[i + 2] = call('HGET', key, i) end
  return run
end
local function readRuns(runIds)
  local runs = {}
  for i = 1, #runIds do table.insert(runs, readRun(runIds[i])) end
  return runs
end
local function knownAs(delivery, now)
  local kept = call('HGET', P .. 'd', delivery)
  if not kept then return nil end
  local at, runId = string.match(kept, '^(%d+) (.*)$')
  return tonumber(at) > now - DAY and runId or nil
end
local function mark(delivery, runId, now)
  call('HSET', P .. 'd', delivery, int(now) .. ' ' .. runId)
  call('ZADD', P .. 'dt', now, delivery)
end
`;
