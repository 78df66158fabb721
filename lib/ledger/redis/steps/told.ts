/** Marks runs as reported, and why servers were held as told; with the letter that tells it, if there is one. */
import { BUCKETS } from '../lua/buckets.ts';
import { RUNS } from '../lua/runs.ts';
import { SERVERS } from '../lua/servers.ts';
import { script } from '../script.ts';
import { WRITE } from './letters.ts';

export const told = script(
  [BUCKETS, SERVERS, RUNS, WRITE],
  /* lua */ `
local reportedAs = arg()
for i = 1, num() do
  local runId = arg()
  local kept = call('HMGET', runKey(runId), 'head', 'ended')
  if kept[1] then
    call('HSET', runKey(runId), 'told', reportedAs)
    if kept[2] == '1' then call('ZREM', P .. 'open', runId) end
  end
end
for i = 1, num() do
  local id, host, why = arg(), arg(), arg()
  local server = readServer(id) or { host = host, attempts = {} }
  server.told = why
  writeServer(id, server)
end
if num() == 1 then write(arg(), num(), arg()) end
return 1
`,
);
