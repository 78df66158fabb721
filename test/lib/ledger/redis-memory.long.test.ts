/** What a fleet costs in Redis stays within what was promised. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../lib/ledger/redis/connect.ts';
import { redisLedger } from '../../../lib/ledger/redis/ledger.ts';
import { readLedgerUrl } from '../../../lib/ledger/redis/url.ts';
import { seconds } from '../../../lib/time.ts';
import { canRun, hasServer, type RedisServer, startRedis } from '../../support/redis.ts';
import { weigh } from '../../support/redis-memory.ts';
import { NOW } from './given.ts';

describe.runIf(canRun('the weight of the Redis ledger', hasServer))(
  'in Redis, of two thousand servers',
  () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(() => server?.end());

    // One server a host, as in a rolling restart, is the most: no host is named twice.
    it('one takes at most 160 bytes while its run is open, and 64 for what outlives the run', async () => {
      const tag = 'cn-north-4:0f1e2d3c4b5a69788796a5b4c3d2e1f0:prod';
      const client = connect(readLedgerUrl(server.url), { deadline: seconds(60) });
      const redis = new Redis(server.url);
      const ledger = redisLedger({ client, tag });
      const weights = await weigh(ledger, redis, tag, { servers: 2_000, perHost: 1 });
      redis.disconnect();
      await client.close();
      expect(weights.waiting).toBeLessThanOrEqual(160);
      expect(weights.verifying).toBeLessThanOrEqual(160);
      expect(weights.known).toBeLessThanOrEqual(64);
      expect(weights.failed).toBeLessThanOrEqual(64);
      expect(weights.failedThrice).toBeLessThanOrEqual(64);
    });

    it('of more than a function call takes arguments, all are asked about in one step', async () => {
      const client = connect(readLedgerUrl(server.url), { deadline: seconds(60) });
      const ledger = redisLedger({ client, tag: 'many' });
      const ids = Array.from({ length: 200_000 }, (_, index) => `s${index}`);
      expect((await ledger.recall(ids, NOW)).servers.size).toBe(0);
      await client.close();
    });
  },
);
