/** What is known of these servers; and with it everything in flight and all that the guards ask for, as of one moment. */
import { BUCKETS } from '../lua/buckets.ts';
import { SERVERS } from '../lua/servers.ts';
import { script } from '../script.ts';

const RECORDS = /* lua */ `
local function records()
  local servers = {}
  for i = 1, num() do
    local id = arg()
    local raw = call('HGET', bucketOf('s', id), id)
    if raw then
      table.insert(servers, id)
      table.insert(servers, raw)
    end
  end
  return servers
end
`;

export const records = script([BUCKETS, SERVERS, RECORDS], /* lua */ 'return records()');

export const recall = script(
  [BUCKETS, SERVERS, RECORDS],
  /* lua */ `
call('HSETNX', M, 'begun', arg())
local servers, flights, handed = records(), {}, {}
each('f', function(id, raw)
  local number = struct.unpack('>I4', raw)
  table.insert(flights, id)
  table.insert(flights, raw)
  table.insert(flights, call('HGET', bucketOf('s', id), id))
  table.insert(flights, call('HGET', P .. 'ref', number))
  table.insert(flights, call('HGET', P .. 'o', id))
end)
each('h', function(id, raw)
  table.insert(handed, id)
  table.insert(handed, raw)
end)
local storm = call('HMGET', M, 'storm', 'round', 'size')
local few = call('HMGET', M, 'begun', 'pause', 'last storm', 'looks')
return { servers, flights, handed, call('HGETALL', P .. 'x'), few, storm, call('HGETALL', P .. 'c') }
`,
);
