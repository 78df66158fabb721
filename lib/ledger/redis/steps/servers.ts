/** What is seen of servers, and who looks after them. */
import { TOLD_WELL } from '../../../types.ts';
import { BUCKETS } from '../lua/buckets.ts';
import { FLIGHTS } from '../lua/flights.ts';
import { SERVERS } from '../lua/servers.ts';
import { script } from '../script.ts';

/** Not abnormal; those handed over are ours again when they were well for long, unless a claim's outcome is to decide. */
export const seenWell = script(
  [BUCKETS, SERVERS, FLIGHTS],
  /* lua */ `
local now, wellFor = num(), num()
for i = 1, num() do
  local id = arg()
  local server = readServer(id)
  if server then
    local over = handedOver(id)
    local well = over and wellSince(over)
    local isOurs = over and well > 0 and now - well >= wellFor and not flightOf(id, server)
    if isOurs then
      takeBack(id)
      server.attempts = {}
    elseif over and well == 0 then isWellSince(id, over, now) end
    local isOver = server.told and string.sub(server.told, -1) ~= '${TOLD_WELL}'
    local isTold = server.told and (isOurs or (isOver and not over))
    if server.seen or isTold or isOurs then
      server.seen = nil
      if isTold then server.told = nil end
      writeServer(id, server)
    end
  end
end
return 1
`,
);

/** Since when each is abnormal; those that were and are not among them are not any more. */
export const seenAbnormal = script(
  [BUCKETS, SERVERS],
  /* lua */ `
local now, count = num(), num()
local ids, isAbnormal = {}, {}
for i = 1, count do
  local id, host = arg(), arg()
  if not isAbnormal[id] then
    table.insert(ids, struct.pack('B', #id) .. id)
    isAbnormal[id] = host
  end
end
local before, at = call('GET', P .. 'a') or '', 1
while at <= #before do
  local length = string.byte(before, at)
  local id = string.sub(before, at + 1, at + length)
  at = at + 1 + length
  local server = not isAbnormal[id] and readServer(id)
  if server and server.seen then
    server.seen = nil
    writeServer(id, server)
  end
end
for id, host in pairs(isAbnormal) do
  local server = readServer(id) or { host = host, attempts = {} }
  if not server.seen then
    server.seen = now
    writeServer(id, server)
    local over = handedOver(id)
    if over and wellSince(over) > 0 then isWellSince(id, over, 0) end
  end
end
if #ids == 0 then call('DEL', P .. 'a') else call('SET', P .. 'a', table.concat(ids)) end
return 1
`,
);

export const handOver = script(
  [BUCKETS, SERVERS],
  /* lua */ `
local now, why = num(), arg()
for i = 1, num() do
  local id = arg()
  if readServer(id) then handOver(id, now, why) end
end
return 1
`,
);

/** Attempts start again; how many were handed over. */
export const acknowledge = script(
  [BUCKETS, SERVERS],
  /* lua */ `
local count = 0
for i = 1, num() do
  local id = arg()
  if takeBack(id) then
    local server = readServer(id)
    server.attempts, server.told = {}, nil
    writeServer(id, server)
    count = count + 1
  end
end
return count
`,
);
