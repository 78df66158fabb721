/** What a Redis says of how well it keeps things. */
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../../lib/ledger/redis/index.ts';
import { systemClock } from '../../../lib/time.ts';
import { canRun, startRedis } from '../../support/redis.ts';

describe.runIf(canRun('redis-vitals'))('the vitals of a Redis', () => {
  it.each([
    [['--appendonly', 'yes'], { eviction: 'noeviction', persistence: 'aof' }],
    [
      ['--save', '', '--maxmemory-policy', 'allkeys-lru'],
      { eviction: 'allkeys-lru', persistence: 'none yet' },
    ],
  ])('that was started with %j are %j', async (options, vitals) => {
    const server = await startRedis(options);
    try {
      const opened = await openLedger(`${server.url}/0`, { tag: 'r:p:s', now: systemClock.now });
      expect(await opened.vitals?.()).toEqual(vitals);
      await opened.close();
    } finally {
      await server.end();
    }
  });
});
