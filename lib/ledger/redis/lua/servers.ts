/**
 * What is known of a server, in 23 bytes as a rule: flags, the last attempt, how long before it the others were, since
 * when it is abnormal, why it was held when people were told, its host. `unpackServer` in pack.ts reads the same.
 * Those that were handed over are kept beside it, because people ask for all of them: since when, since when each look
 * showed them running (0: none did), and why.
 */
export const SERVERS = /* lua */ `
local MANY = 7
local function unpackServer(raw)
  local flags, at = struct.unpack('B', raw)
  local function has(flag) return bit.band(flags, flag) ~= 0 end
  local server, length = { attempts = {}, failed = has(2) }, 0
  if has(1) then server.last, at = struct.unpack('>I6', raw, at) end
  local others, age = bit.rshift(flags, 5), 0
  if others == MANY then others, at = struct.unpack('>I2', raw, at) end
  for i = 1, others do
    age, at = struct.unpack('>i4', raw, at)
    server.attempts[i] = server.last - age
  end
  if has(16) then table.insert(server.attempts, server.last) end
  if has(4) then server.seen, at = struct.unpack('>I6', raw, at) end
  if has(8) then
    length, at = struct.unpack('B', raw, at)
    server.told, at = string.sub(raw, at, at + length - 1), at + length
  end
  server.host = string.sub(raw, at)
  return server
end
local function readServer(id)
  local raw = call('HGET', bucketOf('s', id), id)
  return raw and unpackServer(raw) or nil
end
local function writeServer(id, server)
  local flags, parts, attempts = 0, { '' }, server.attempts
  local others = #attempts
  if server.last then
    flags = 1
    table.insert(parts, struct.pack('>I6', server.last))
    if attempts[others] == server.last then flags, others = flags + 16, others - 1 end
  end
  if server.failed then flags = flags + 2 end
  flags = flags + 32 * math.min(others, MANY)
  if others >= MANY then table.insert(parts, struct.pack('>I2', others)) end
  -- A server with attempts has a last one, and they lie within a day of each other.
  for i = 1, others do table.insert(parts, struct.pack('>i4', server.last - attempts[i])) end
  if server.seen then
    flags = flags + 4
    table.insert(parts, struct.pack('>I6', server.seen))
  end
  if server.told then
    flags = flags + 8
    table.insert(parts, struct.pack('B', #server.told) .. server.told)
  end
  table.insert(parts, server.host)
  parts[1] = struct.pack('B', flags)
  put('s', id, id, table.concat(parts))
end
local function handedOver(id) return call('HGET', bucketOf('h', id), id) end
-- The first word about it stands.
local function handOver(id, since, why)
  if not handedOver(id) then put('h', id, id, struct.pack('>I6I6', since, 0) .. why) end
end
local function wellSince(over) return (struct.unpack('>I6', over, 7)) end
local function isWellSince(id, over, moment)
  put('h', id, id, string.sub(over, 1, 6) .. struct.pack('>I6', moment) .. string.sub(over, 13))
end
local function takeBack(id) return drop('h', id, id) end
`;
