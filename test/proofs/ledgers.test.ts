/** A history is the same on both ledgers, down to the last step: the memory ledger stands for Redis, and here it proves to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawHistory } from '../../proofs/history/draw.ts';
import type { StoreKind } from '../../proofs/play/store.ts';
import { playTraced } from '../../proofs/run/fingerprint.ts';
import { canRun, type RedisServer, startRedis } from '../support/redis.ts';

describe.runIf(canRun('the simulation on Redis'))('a history', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.end());

  it.each([2, 3, 4, 5])('of seed %i is the same on Redis as in memory', async (seed) => {
    const inMemory = await playTraced(drawHistory(seed));
    const onRedis = await playTraced(drawHistory(seed), server.url as StoreKind);
    expect(inMemory.lines.length).toBeGreaterThan(10);
    expect(onRedis.lines).toEqual(inMemory.lines);
  });
});
