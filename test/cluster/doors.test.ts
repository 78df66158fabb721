/** The ledger through every other door: TLS, a sentinel, and both; on real servers with a certificate made here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../lib/ledger/redis/index.ts';
import { seconds, systemClock } from '../../lib/time.ts';
import { claims } from '../lib/ledger/claims.ts';
import { drive, NOW } from '../lib/ledger/given.ts';
import { leases } from '../lib/ledger/leases.ts';
import { redisStore } from '../lib/ledger/redis-store.ts';
import { runs } from '../lib/ledger/runs.ts';
import { canRun, type RedisServer, startRedis } from '../support/redis.ts';
import {
  type Certificate,
  makeCertificate,
  startSentinel,
  startTlsRedis,
  type TlsServer,
} from '../support/redis-tls.ts';

const MASTER = 'the-master';
const open = (url: string, ca?: string) =>
  openLedger(url, {
    tag: 't',
    now: systemClock.now,
    deadline: seconds(5),
    ...(ca === undefined ? {} : { ca }),
  });

/** What a ledger refuses with, or that it answers. */
async function answerOf(url: string, ca?: string): Promise<string> {
  const { ledger, close } = await open(url, ca);
  try {
    await ledger.recall([], NOW);
    return 'answers';
  } catch (error) {
    const { code, message } = error as { readonly code: string; readonly message: string };
    return `${code} ${message}`;
  } finally {
    await close();
  }
}

describe.runIf(canRun('the Redis ledger over TLS and sentinels'))('through', () => {
  let certificate: Certificate;
  let tls: TlsServer;
  let sentinel: RedisServer;
  let tlsSentinel: TlsServer;
  let others: readonly RedisServer[] = [];
  beforeAll(async () => {
    certificate = makeCertificate();
    const plain = await startRedis();
    tls = await startTlsRedis(certificate);
    sentinel = await startSentinel(MASTER, plain.port);
    tlsSentinel = await startSentinel(MASTER, tls.tlsPort, certificate);
    others = [plain, tls, sentinel, tlsSentinel];
  });
  afterAll(async () => {
    await Promise.all(others.map((server) => server.end()));
    certificate.forget();
  });

  describe.each([
    ['rediss://', () => `rediss://127.0.0.1:${tls.tlsPort}`, true],
    ['redis+sentinel://', () => `redis+sentinel://127.0.0.1:${sentinel.port}/${MASTER}`, false],
    ['rediss+sentinel://', () => `rediss+sentinel://127.0.0.1:${tlsSentinel.tlsPort}/${MASTER}`, true],
  ])('%s', (_, urlNow, isTls) => {
    let store: ReturnType<typeof redisStore>;
    beforeAll(() => {
      store = redisStore(urlNow(), isTls ? { ca: certificate.pem } : {});
    });
    afterAll(() => store.close());
    const make = (options?: { readonly store?: string }) => store.make(options);
    runs(make);
    leases(make);
    claims(make);
  });

  it('rediss:// without the authority of its certificate is no ledger, and says why', async () => {
    expect(await answerOf(`rediss://127.0.0.1:${tls.tlsPort}`)).toMatch(/^LEDGER_UNAVAILABLE .*self-signed/);
    expect(await answerOf(`rediss://127.0.0.1:${tls.tlsPort}`, certificate.pem)).toBe('answers');
  });

  it('rediss:// to a name that its certificate does not have is no ledger', async () => {
    expect(await answerOf(`rediss://localhost:${tls.tlsPort}`, certificate.pem)).toMatch(
      /^LEDGER_UNAVAILABLE .*altnames/,
    );
  });

  it('redis:// where TLS is spoken is no ledger, and neither is rediss:// where it is not', async () => {
    expect(await answerOf(`redis://127.0.0.1:${tls.tlsPort}`)).toMatch(/^LEDGER_UNAVAILABLE/);
    expect(await answerOf(`rediss://127.0.0.1:${tls.port}`, certificate.pem)).toMatch(/^LEDGER_UNAVAILABLE/);
  });

  it('a sentinel finds the master by its name alone, among others that are away', async () => {
    expect(await answerOf(`redis+sentinel://127.0.0.1:${sentinel.port}/nobody`)).toMatch(
      /^LEDGER_UNAVAILABLE/,
    );
    expect(await answerOf(`redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/${MASTER}`)).toBe(
      'answers',
    );
  });

  it('what is written through one door is read through the other', async () => {
    const [direct, named] = await Promise.all([
      open(`rediss://127.0.0.1:${tls.tlsPort}`, certificate.pem),
      open(`rediss+sentinel://127.0.0.1:${tlsSentinel.tlsPort}/${MASTER}`, certificate.pem),
    ]);
    await drive(direct.ledger, 'one-run');
    expect(await named.ledger.run('one-run')).toMatchObject({ runId: 'one-run' });
    await Promise.all([direct.close(), named.close()]);
  });
});
