/** The Redis ledger keeps every promise of a ledger, on a server that refuses to reach into a second slot. */
import { afterAll, beforeAll, describe } from 'vitest';
import { canRun, hasServer, type RedisServer, startOneSlotRedis } from '../../support/redis.ts';
import { ledgerContract } from './contract.ts';
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
});
