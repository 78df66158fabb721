/**
 * Writes a run down and marks its delivery, unless the delivery has a run; and drops what nobody asks for any more.
 * By the values kept, not by Redis's own expiry: a key that never expires is one that no eviction policy may take.
 */
import { BUCKETS } from '../lua/buckets.ts';
import { RUNS } from '../lua/runs.ts';
import { script } from '../script.ts';

export const open = script(
  [BUCKETS, RUNS],
  /* lua */ `
-- So many at a time: whatever is left goes with the next run.
local AT_ONCE = 1000
local function old(index, before)
  return call('ZRANGEBYSCORE', P .. index, '-inf', '(' .. int(before), 'LIMIT', 0, AT_ONCE)
end
local function forget(now)
  for _, delivery in ipairs(old('dt', now - DAY)) do
    call('HDEL', P .. 'd', delivery)
    call('ZREM', P .. 'dt', delivery)
  end
  for _, runId in ipairs(old('runs', now - 2 * DAY)) do
    local flights = tonumber(call('HGET', runKey(runId), 'flights') or 0)
    if flights == 0 and not call('ZSCORE', P .. 'open', runId) then
      local number = call('HGET', runKey(runId), 'n')
      if number then call('HDEL', P .. 'ref', number) end
      call('DEL', runKey(runId), P .. 'j:' .. runId)
      call('ZREM', P .. 'runs', runId)
    end
  end
  for _, fate in ipairs({ 'sent', 'lost' }) do
    for _, letterId in ipairs(old(fate, now - 2 * DAY)) do
      call('DEL', P .. 'l:' .. letterId)
      call('ZREM', P .. fate, letterId)
    end
  end
end
local runId, delivery, now = arg(), arg(), num()
forget(now)
if knownAs(delivery, now) then return 0 end
mark(delivery, runId, now)
writeRun(runId)
return 1
`,
);
