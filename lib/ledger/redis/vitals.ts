/** How well a Redis keeps things, as far as it says: some services refuse the question. */
import type { LedgerVitals } from '../opened.ts';
import type { RedisClient } from './client.ts';
import { plainScript } from './script.ts';

/** Asked from a script, like everything: a cluster answers from the node that has our keys. */
const INFO = plainScript(
  "local ok, text = pcall(redis.call, 'INFO', ARGV[1]); if ok and type(text) == 'string' then return text end; return ''",
);

export async function vitalsOf(client: RedisClient, tag: string): Promise<LedgerVitals> {
  const ask = async (section: string) => String(await client.run(INFO, `{${tag}}:m`, [section]));
  const memory = await ask('memory');
  const [, eviction] = /^maxmemory_policy:([\w-]+)/m.exec(memory) ?? [];
  const persistence = persistenceOf(await ask('persistence'));
  return {
    ...(eviction === undefined ? {} : { eviction }),
    ...(persistence === undefined ? {} : { persistence }),
  };
}

/** Whether snapshots are wanted it does not say, only how many there were. */
function persistenceOf(info: string): LedgerVitals['persistence'] | undefined {
  const [, aof] = /^aof_enabled:([01])/m.exec(info) ?? [];
  if (aof === undefined) return undefined;
  if (aof === '1') return 'aof';
  const [, saves] = /^rdb_saves:(\d+)/m.exec(info) ?? [];
  if (saves === undefined) return undefined;
  return Number(saves) > 0 ? 'snapshots' : 'none yet';
}
