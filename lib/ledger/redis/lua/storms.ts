/** The storm's round of canaries: what lib/storm.ts says, on what is stored. */
export const STORMS = /* lua */ `
local ROUND_LASTS = 600000
local function roundAt(now)
  local kept = call('HMGET', M, 'storm', 'round', 'size')
  if not kept[1] then return { started = now, size = 1, count = 0, isNew = true } end
  local started, size = tonumber(kept[2]), tonumber(kept[3])
  local ends, isOpen, isWell = call('HVALS', P .. 'c'), false, true
  for i = 1, #ends do
    if ends[i] == 'open' then isOpen = true end
    if ends[i] ~= 'recovered' then isWell = false end
  end
  if now < started + ROUND_LASTS or isOpen then return { started = started, size = size, count = #ends } end
  if #ends > 0 then size = isWell and size * 2 or 1 end
  return { started = now, size = size, count = 0, isNew = true }
end
local function mayGo(round, id)
  if round.count >= round.size then return false end
  local came = not round.isNew and call('HGET', P .. 'c', id)
  return not came or came == 'open'
end
local function sendOut(id, now)
  local round = roundAt(now)
  if round.isNew then call('DEL', P .. 'c') end
  -- A round's time runs from its first canary.
  local started = round.count == 0 and now or round.started
  call('HSETNX', M, 'storm', int(now))
  call('HSET', M, 'round', int(started), 'size', round.size)
  call('HSET', P .. 'c', id, 'open')
end
-- One that is through stays as it is: a restart that a person forces later is none.
local function settle(id, how)
  if call('HGET', P .. 'c', id) ~= 'open' then return end
  if how == 'given back' then call('HDEL', P .. 'c', id) else call('HSET', P .. 'c', id, how) end
end
`;
