/** Letters wait until SMN has taken them; the same news is written once a day. */
import { script } from '../script.ts';

export const post = script(
  [],
  /* lua */ `
local DAY = 86400000
local id, at, letter = arg(), num(), arg()
local earlier = call('HGET', P .. 'l:' .. id, 'at')
if earlier and tonumber(earlier) > at - DAY then return 0 end
call('HSET', P .. 'l:' .. id, 'at', int(at), 'letter', letter)
call('ZADD', P .. 'unsent', at, id)
call('ZREM', P .. 'sent', id)
return 1
`,
);

/** Oldest first. */
export const unsent = script(
  [],
  /* lua */ `
local letters = {}
for _, id in ipairs(call('ZRANGE', P .. 'unsent', 0, -1)) do
  table.insert(letters, call('HGET', P .. 'l:' .. id, 'letter'))
end
return letters
`,
);

/** From here on only its id is needed: that the news is out. */
export const sent = script(
  [],
  /* lua */ `
local id = arg()
if call('ZREM', P .. 'unsent', id) == 0 then return 0 end
call('ZADD', P .. 'sent', call('HGET', P .. 'l:' .. id, 'at'), id)
call('HDEL', P .. 'l:' .. id, 'letter')
return 1
`,
);

/** At most once in a while, for one caller. */
export const once = script(
  [],
  /* lua */ `
local what, every, now = arg(), num(), num()
local last = call('HGET', P .. 'once', what)
if last and tonumber(last) + every > now then return 0 end
call('HSET', P .. 'once', what, int(now))
return 1
`,
);
