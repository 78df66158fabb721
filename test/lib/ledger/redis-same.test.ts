/** One history, two stores: the same answers, and the same state in the end. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { tries } from '../../support/fuzz.ts';
import { canRun, hasServer, type RedisServer, startOneSlotRedis } from '../../support/redis.ts';
import { agree } from './given.ts';
import { playOut } from './play.ts';
import { redisStore } from './redis-store.ts';
import { step } from './steps.ts';

const url = process.env['REDIS_URL'];

describe.runIf(canRun('memory beside Redis', url !== undefined || hasServer))('memory and Redis', () => {
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

  it('answer alike in any history, and end in the same state', async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const redis = await playOut(store.make(), history);
        agree(redis, await playOut(memoryLedger({ shared: true }), history));
      }),
      { numRuns: tries(40) },
    );
  });
});
