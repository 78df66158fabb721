/**
 * Claims without an outcome: the run (by a number that stands for its id), two bytes by which most other hosts are told
 * apart without reading further, whether it is planned (1) and was running (2), and the attempt before, should the claim
 * be given back. Host and time of the claim
 * are the server's own: neither changes while it is in flight. They are placed by host, so that those of one host are
 * counted in one bucket.
 */
export const FLIGHTS = /* lua */ `
placedBy.f = function(id) return readServer(id).host end
local function numberOf(runId)
  local key = P .. 'r:' .. runId
  local number = call('HGET', key, 'n')
  if number then return tonumber(number) end
  number = call('HINCRBY', M, 'n', 1)
  call('HSET', key, 'n', number)
  call('HSET', P .. 'ref', number, runId)
  return number
end
local function markOf(host) return struct.pack('>I2', math.floor(hashOf(host) / 65536)) end
local function flightOf(id, server)
  local raw = server and call('HGET', bucketOf('f', server.host), id)
  if not raw then return nil end
  return { run = struct.unpack('>I4', raw), previous = #raw > 7 and struct.unpack('>I6', raw, 8) or nil }
end
-- A server of this host, whose last attempt was that one, if it had any.
local function takeOff(server, previous, runId)
  local id, host = server.id, server.host
  local value = struct.pack('>I4', numberOf(runId)) .. markOf(host) .. struct.pack('B', server.marks)
  if previous then value = value .. struct.pack('>I6', previous) end
  call('HINCRBY', P .. 'r:' .. runId, 'flights', 1)
  if server.override ~= '' then call('HSET', P .. 'o', id, server.override) end
  put('f', host, id, value)
end
-- How many of a host are in flight, and one of them.
local function onHost(host)
  local entries, mark, there = call('HGETALL', bucketOf('f', host)), markOf(host), { count = 0 }
  for i = 1, #entries, 2 do
    if string.sub(entries[i + 1], 5, 6) == mark and readServer(entries[i]).host == host then
      there = { count = there.count + 1, one = there.one or entries[i] }
    end
  end
  return there
end
local function land(id, server, runId)
  drop('f', server.host, id)
  call('HDEL', P .. 'o', id)
  call('HINCRBY', P .. 'r:' .. runId, 'flights', -1)
end
-- A run's own claim of a server: those of other runs are not its to end.
local function ownFlight(id, server, runId)
  local flight = flightOf(id, server)
  if flight and flight.run == numberOf(runId) then return flight end
  return nil
end
`;
