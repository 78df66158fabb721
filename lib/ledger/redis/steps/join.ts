/** Marks the delivery as answered by a running run and leaves targets for its driver; neither, unless both. */
import { RUNS } from '../lua/runs.ts';
import { script } from '../script.ts';

export const join = script(
  [RUNS],
  /* lua */ `
local runId, delivery, now = arg(), arg(), num()
if knownAs(delivery, now) or call('HGET', runKey(runId), 'state') ~= 'running' then return 0 end
mark(delivery, runId, now)
for i = 1, num() do
  local id, target = arg(), arg()
  call('RPUSH', P .. 'j:' .. runId, struct.pack('B', #id) .. id .. target)
end
return 1
`,
);
