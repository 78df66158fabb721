/**
 * Claims without an outcome: the run (by a number that stands for its id) and the attempt before, should the claim be
 * given back. Host and time of the claim are the server's own: neither changes while it is in flight. They are placed
 * by host, so that those of one host are counted in one bucket.
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
local function flightOf(id, server)
  local raw = server and call('HGET', bucketOf('f', server.host), id)
  if not raw then return nil end
  local number, at = struct.unpack('>I4', raw)
  return { run = number, previous = #raw > 4 and struct.unpack('>I6', raw, at) or nil }
end
local function takeOff(id, server, runId, override)
  local value = struct.pack('>I4', numberOf(runId))
  if server.last then value = value .. struct.pack('>I6', server.last) end
  call('HINCRBY', P .. 'r:' .. runId, 'flights', 1)
  if override ~= '' then call('HSET', P .. 'o', id, override) end
  return value
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
