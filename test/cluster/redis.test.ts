/** The ledger on a Redis Cluster of three masters: every promise is kept, and each ledger lies on one of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerContract } from '../lib/ledger/contract.ts';
import { drive } from '../lib/ledger/given.ts';
import { redisStore } from '../lib/ledger/redis-store.ts';
import { ask, canRun, type RedisServer, startCluster } from '../support/redis.ts';

describe.runIf(canRun('the Redis ledger on a cluster'))('on a cluster of three masters', () => {
  let servers: readonly RedisServer[] = [];
  let store: ReturnType<typeof redisStore>;
  beforeAll(async () => {
    servers = await startCluster();
    // Two are named, the third is found.
    const hosts = servers.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`);
    store = redisStore(`redis+cluster://${hosts.join(',')}`);
  });
  afterAll(async () => {
    await store?.close();
    await Promise.all(servers.map((server) => server.end()));
  });

  ledgerContract('Redis Cluster', (options) => store.make(options));

  it('ledgers are spread over all masters, and each is on one', async () => {
    for (let made = 0; made < 20; made += 1) await drive(await store.make({ store: `spread-${made}` }));
    const tags = await Promise.all(
      servers.map(({ port }) =>
        ask(port, async (redis) => {
          const keys = await redis.keys('{test:*:spread-*}:*');
          return new Set(keys.map((key) => key.split('}')[0] ?? ''));
        }),
      ),
    );
    const all = tags.flatMap((some) => [...some]);
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
    expect(tags.every(({ size }) => size > 0)).toBe(true);
  });
});
