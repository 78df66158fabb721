/** Letters wait until SMN has taken them; the same news is written once a day. */
import { script } from '../script.ts';

export const WRITE = /* lua */ `
local DAY = 86400000
local function write(id, at, letter)
  local earlier = call('HGET', P .. 'l:' .. id, 'at')
  if earlier and tonumber(earlier) > at - DAY then return 0 end
  call('HSET', P .. 'l:' .. id, 'at', int(at), 'letter', letter)
  call('ZADD', P .. 'unsent', at, id)
  call('ZREM', P .. 'sent', id)
  call('ZREM', P .. 'lost', id)
  return 1
end
`;

export const post = script(
  [WRITE],
  /* lua */ `
return write(arg(), num(), arg())
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

const OUT = /* lua */ `
-- From here on only its id and when it was written are needed: that the news is out.
local function out(id, fate)
  local at = call('HGET', P .. 'l:' .. id, 'at')
  if not at then return 0 end
  for _, other in ipairs({ 'unsent', 'sent', 'lost' }) do call('ZREM', P .. other, id) end
  call('ZADD', P .. fate, at, id)
  call('HDEL', P .. 'l:' .. id, 'letter')
  return 1
end
`;

export const sent = script(
  [OUT],
  /* lua */ `
return out(arg(), 'sent')
`,
);

/** Refused for good: as good as sent, but counted. */
export const undeliverable = script(
  [OUT],
  /* lua */ `
return out(arg(), 'lost')
`,
);

/** How many letters written since then nobody will get. */
export const undeliverableSince = script(
  [],
  /* lua */ `
return call('ZCOUNT', P .. 'lost', arg(), '+inf')
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

/** Since when something has been so without a break. */
export const since = script(
  [],
  /* lua */ `
local what, isSo, now = arg(), arg(), num()
if isSo == '0' then
  call('HDEL', P .. 'since', what)
  return false
end
call('HSETNX', P .. 'since', what, int(now))
return tonumber(call('HGET', P .. 'since', what))
`,
);
