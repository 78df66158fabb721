/** Bytes a server in Redis, by size of the fleet and servers a host: `npm run bench:redis [servers …]`. */
import { Redis } from 'ioredis';
import { connect } from '../lib/ledger/redis/connect.ts';
import { redisLedger } from '../lib/ledger/redis/ledger.ts';
import { readLedgerUrl } from '../lib/ledger/redis/url.ts';
import { seconds } from '../lib/time.ts';
import { startRedis } from '../test/support/redis.ts';
import { type Weights, weigh } from '../test/support/redis-memory.ts';

const COLUMNS = [
  'waiting',
  'verifying',
  'ended',
  'known',
  'failed',
  'failedThrice',
  'told',
  'handedOver',
] as const satisfies (keyof Weights)[];
const sizes = process.argv.slice(2).map(Number);
const server = await startRedis();
const redis = new Redis(server.url);
const client = connect(readLedgerUrl(server.url), { deadline: seconds(60) });
const line = (...cells: readonly (string | number)[]) =>
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join('')}\n`);

try {
  line('servers', 'per host', ...COLUMNS, 'ms');
  for (const servers of sizes.length > 0 ? sizes : [100, 1_000, 10_000, 100_000]) {
    for (const perHost of [1, 10]) {
      const tag = `cn-north-4:0f1e2d3c4b5a69788796a5b4c3d2e1f0:bench-${servers}-${perHost}`;
      const begun = performance.now();
      const weights = await weigh(redisLedger({ client, tag }), redis, tag, { servers, perHost });
      const took = Math.round(performance.now() - begun);
      line(servers, perHost, ...COLUMNS.map((column) => weights[column].toFixed(1)), took);
    }
  }
} finally {
  redis.disconnect();
  await client.close();
  await server.end();
}
