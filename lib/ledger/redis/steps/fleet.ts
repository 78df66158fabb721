/** The fleet: how large it was at the last looks, and whether there is a storm. */
import { script } from '../script.ts';

/** One look an hour, the last nine, as `at:count` with commas. */
export const sawFleet = script(
  [],
  /* lua */ `
local KEPT, APART = 9, 3600000
local count, now = arg(), num()
local looks = {}
for look in string.gmatch(call('HGET', M, 'looks') or '', '[^,]+') do table.insert(looks, look) end
local last = looks[#looks] and tonumber(string.match(looks[#looks], '^%d+'))
if not (last and last > now - APART) then
  table.insert(looks, int(now) .. ':' .. count)
  if #looks > KEPT then table.remove(looks, 1) end
  call('HSET', M, 'looks', table.concat(looks, ','))
end
return table.concat(looks, ',')
`,
);

/** Begins one or ends the one there is. */
export const sawStorm = script(
  [],
  /* lua */ `
local isStorm, now = arg() == '1', num()
local since = call('HGET', M, 'storm')
if isStorm and not since then
  call('DEL', P .. 'c')
  call('HSET', M, 'storm', int(now), 'round', int(now), 'size', 1)
elseif not isStorm and since then
  call('DEL', P .. 'c')
  call('HDEL', M, 'storm', 'round', 'size')
  call('HSET', M, 'last storm', since .. ':' .. int(now))
end
return 1
`,
);
