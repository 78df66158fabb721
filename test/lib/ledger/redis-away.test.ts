/** Redis silent, gone and back, shut to us, or written by another version: bounded, said plainly, nothing restarted. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../lib/ledger/redis/connect.ts';
import { openLedger } from '../../../lib/ledger/redis/index.ts';
import { redisLedger } from '../../../lib/ledger/redis/ledger.ts';
import { plainScript } from '../../../lib/ledger/redis/script.ts';
import { readLedgerUrl } from '../../../lib/ledger/redis/url.ts';
import { milliseconds, systemClock } from '../../../lib/time.ts';
import * as support from '../../support/redis.ts';
import { ask, at, drive, granted, NOW } from './given.ts';

const AWAY = { code: 'LEDGER_UNAVAILABLE' };
const client = (url: string, deadline = milliseconds(2_000)) => connect(readLedgerUrl(url), { deadline });

describe('a Redis that takes the connection and says nothing', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer();
    await new Promise<void>((ready) => {
      silent.listen(0, '127.0.0.1', ready);
    });
  });
  afterAll(() => void silent.close());

  it.each(['redis', 'redis+cluster'])(
    'over %s:// rejects within the deadline, every time',
    async (scheme) => {
      const { port } = silent.address() as { port: number };
      const away = client(`${scheme}://127.0.0.1:${port}`, milliseconds(200));
      const ledger = redisLedger({ client: away, tag: 't' });
      for (const asked of [
        () => ledger.recall([], NOW),
        () => ledger.claim(ask({ runId: 'r', token: 1 }, ['s1'])),
      ]) {
        const began = performance.now();
        await expect(asked()).rejects.toMatchObject(AWAY);
        expect(performance.now() - began).toBeLessThan(2_000);
      }
      await away.close();
    },
  );
});

describe.runIf(support.canRun('a Redis that goes and comes back'))('a Redis', () => {
  it('that was killed rejects, and answers the same ledger once it is back', async () => {
    const server = await support.startRedis(['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']);
    const connection = client(server.url);
    const ledger = redisLedger({ client: connection, tag: 't' });
    const lease = await drive(ledger);
    await ledger.claim(ask(lease, ['s1']));
    await server.kill();
    await expect(ledger.claim(ask(lease, ['s2']))).rejects.toMatchObject(AWAY);
    await expect(ledger.renew(lease, NOW)).rejects.toMatchObject(AWAY);
    await server.begin();
    expect(granted(await ledger.claim(ask(lease, ['s1', 's2'])))).toEqual(['s2']);
    await connection.close();
    await server.end();
  });

  it.each(['redis', 'redis+cluster'])(
    'over %s:// that wants another password says so without repeating ours, in no part of the error',
    async (scheme) => {
      const server = await support.startRedis();
      await support.ask(server.port, (redis) => redis.config('SET', 'requirepass', 'theirs-to-know'));
      const url = `${scheme}://:ours-and-wrong@127.0.0.1:${server.port}`;
      const { ledger, close } = await openLedger(url, { tag: 't', now: systemClock.now });
      const error = await ledger.recall([], NOW).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject(AWAY);
      const all = (of: unknown): string =>
        of instanceof Error ? `${of.message} ${of.stack} ${JSON.stringify(of)} ${all(of.cause)}` : String(of);
      expect(all(error)).not.toMatch(/ours-and-wrong|theirs-to-know/);
      await close();
      await server.end();
    },
  );

  it('that a newer version wrote to is left alone: every step is refused with what to do', async () => {
    const server = await support.startRedis();
    const connection = client(server.url);
    const ledger = redisLedger({ client: connection, tag: 't' });
    const lease = await drive(ledger);
    await support.ask(server.port, (redis) => redis.hset('{t}:m', 'format', '9'));
    const keys = () => support.ask(server.port, async (redis) => (await redis.keys('*')).sort());
    const before = await keys();
    const format = { code: 'LEDGER_FORMAT', message: expect.stringContaining('got 9') };
    await expect(ledger.claim(ask(lease, ['s1']))).rejects.toMatchObject(format);
    await expect(ledger.recall([], at(milliseconds(1)))).rejects.toMatchObject(format);
    expect(await keys()).toEqual(before);
    await connection.close();
    await server.end();
  });

  it('with all slots refuses a script that reaches into another: what the contract is run on is no paper wall', async () => {
    const server = await support.startOneSlotRedis();
    const connection = client(server.url);
    const reach = plainScript("#!lua\nreturn redis.call('GET', 'elsewhere')");
    await expect(connection.run(reach, '{t}:m', [])).rejects.toThrow(/slot|declared/i);
    await connection.close();
    await server.end();
  });
});
