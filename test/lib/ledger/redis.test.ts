/** The Redis ledger keeps every promise of a ledger, on a server that refuses to reach into a second slot. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun, hasServer, type RedisServer, startOneSlotRedis } from '../../support/redis.ts';
import { ledgerContract } from './contract.ts';
import { drive, NOW, run, waiting } from './given.ts';
import { redisStore } from './redis-store.ts';

const url = process.env['REDIS_URL'];

describe.runIf(canRun('the Redis ledger', url !== undefined || hasServer))('on Redis', () => {
  let server: RedisServer | undefined;
  let store: ReturnType<typeof redisStore>;
  beforeAll(async () => {
    if (url === undefined) server = await startOneSlotRedis();
    store = redisStore(url ?? server?.url ?? '', { oneSlot: url === undefined });
  });
  afterAll(async () => {
    await store?.close();
    await server?.end();
  });

  ledgerContract('Redis', (options) => store.make(options));

  it('what a driver saved and Redis lost since is saved again', async () => {
    const ledger = store.make({ store: 'lost' });
    const lease = await drive(ledger, 'r1');
    const first = run('r1', { targets: [waiting('s1'), waiting('s2')] });
    await ledger.save(first, lease);
    // As a replica that took over without the last save would have it.
    await store.make({ store: 'lost' }).save(run('r1', { targets: [waiting('s1')] }), lease);
    const second = { ...first, openedAt: NOW };
    await ledger.save(second, lease);
    expect(await ledger.run('r1')).toEqual(second);
  });
});
