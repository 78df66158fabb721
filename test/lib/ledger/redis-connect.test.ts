/** Where the Redis ledger is, and what happens when it is not there or begins again. */
import { describe, expect, it } from 'vitest';
import { LedgerUrlInvalid } from '../../../lib/ledger/redis/errors.ts';
import { openLedger } from '../../../lib/ledger/redis/index.ts';
import { readLedgerUrl } from '../../../lib/ledger/redis/url.ts';
import { milliseconds, systemClock } from '../../../lib/time.ts';
import { canRun, startRedis } from '../../support/redis.ts';
import { ask, drive, granted, NOW } from './given.ts';

const SECRET = 'p@ss:w/rd';
const user = `ops:${encodeURIComponent(SECRET)}@`;

describe('LEDGER_URL', () => {
  it.each([
    ['redis://h1', { isTls: false, db: 0, nodes: [{ host: 'h1', port: 6379 }], kind: { name: 'single' } }],
    ['redis://h1:7000/3', { db: 3, nodes: [{ host: 'h1', port: 7000 }] }],
    [`rediss://${user}h1`, { isTls: true, username: 'ops', password: SECRET }],
    ['redis+cluster://h1,h2:7001', { kind: { name: 'cluster' }, nodes: [{ port: 6379 }, { port: 7001 }] }],
    ['rediss+cluster://h1,h2', { isTls: true, kind: { name: 'cluster' } }],
    [
      'redis+sentinel://h1,h2/mymaster',
      { kind: { name: 'sentinel', master: 'mymaster' }, nodes: [{ port: 26_379 }, { port: 26_379 }] },
    ],
    ['rediss+sentinel://h1/mymaster', { isTls: true, kind: { name: 'sentinel', master: 'mymaster' } }],
  ])('%s is understood', (url, address) => {
    expect(readLedgerUrl(url)).toMatchObject(address);
  });

  it.each([
    '',
    'h1:6379',
    'http://h1',
    'redis://',
    'redis://h1,h2',
    'redis+sentinel://h1',
    'redis+cluster://h1/2',
  ])('"%s" is refused with what was expected', (url) => {
    expect(() => readLedgerUrl(url)).toThrow(LedgerUrlInvalid);
    expect(() => readLedgerUrl(url)).toThrow(/LEDGER_URL.*expected/);
  });

  it('is never repeated in an error', () => {
    const wrong = `redis://${user}h1,h2`;
    expect(() => readLedgerUrl(wrong)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('p%40ss') }),
    );
  });
});

describe('a Redis that does not answer', () => {
  it('rejects every step with what to look at, and without the password', async () => {
    const url = `redis://${user}127.0.0.1:1`;
    const { ledger, close } = await openLedger(url, {
      tag: 't',
      now: systemClock.now,
      deadline: milliseconds(500),
    });
    const refusal = await ledger.recall([], NOW).catch((error: Error & { code?: string }) => error);
    expect(refusal).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(String(refusal)).not.toContain(SECRET);
    await close();
  });
});

describe.runIf(canRun('the Redis ledger after a crash'))('a Redis that was killed and begins again', () => {
  it('has every claim that it acknowledged: no server is granted twice', async () => {
    const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']);
    const before = await openLedger(server.url, { tag: 't', now: systemClock.now });
    const lease = await drive(before.ledger);
    expect(granted(await before.ledger.claim(ask(lease, ['s1', 's2'])))).toEqual(['s1', 's2']);
    await server.kill();
    await server.begin();
    const afterwards = await openLedger(server.url, { tag: 't', now: systemClock.now });
    expect(granted(await afterwards.ledger.claim(ask(lease, ['s1', 's2', 's3'])))).toEqual(['s3']);
    await Promise.all([before.close(), afterwards.close()]);
    await server.end();
  });
});
