/** One driver a run. A token is higher than all before it, and only the highest may write. */
import { RUNS } from '../lua/runs.ts';
import { script } from '../script.ts';

/** A lease unless somebody else's has not run out: its token, or nothing. */
export const lease = script(
  [RUNS],
  /* lua */ `
local LASTS = 30000
local runId, now = arg(), num()
if tonumber(call('HGET', runKey(runId), 'until') or 0) > now then return false end
call('HSET', runKey(runId), 'until', int(now + LASTS))
return call('HINCRBY', runKey(runId), 'token', 1)
`,
);

export const renew = script(
  [RUNS],
  /* lua */ `
local LASTS = 30000
local runId, token, now = arg(), arg(), num()
if not isDriver(runId, token) then return redis.error_reply(LOST) end
call('HSET', runKey(runId), 'until', int(now + LASTS))
return 1
`,
);

/** Frees the lease; one that was lost is somebody else's and stays. */
export const release = script(
  [RUNS],
  /* lua */ `
local runId, token = arg(), arg()
if isDriver(runId, token) then call('HSET', runKey(runId), 'until', 0) end
return 1
`,
);

export const joined = script(
  [RUNS],
  /* lua */ `
local runId, token = arg(), arg()
if not isDriver(runId, token) then return redis.error_reply(LOST) end
local targets = call('LRANGE', P .. 'j:' .. runId, 0, -1)
for i = 1, #targets do targets[i] = string.sub(targets[i], 2 + string.byte(targets[i])) end
return targets
`,
);
