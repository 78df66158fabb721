import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Call, desk, SECRET } from './calls.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const WRONG: readonly (readonly [sentence: string, authorization: unknown])[] = [
  ['nothing', []],
  ['an empty header', ''],
  ['a scheme without a token', 'Bearer'],
  ['a scheme and a blank', 'Bearer '],
  ['the secret without a scheme', SECRET],
  ['the secret under another scheme', `Basic ${SECRET}`],
  ['the secret as a user’s password', `Basic ${Buffer.from(`x:${SECRET}`).toString('base64')}`],
  ['the secret under two schemes', `Basic Bearer ${SECRET}`],
  ['the secret but its last character', `Bearer ${SECRET.slice(0, -1)}`],
  ['the secret and one more character', `Bearer ${SECRET}x`],
  ['the secret in capitals', `Bearer ${SECRET.toUpperCase()}`],
  ['the secret in quotes', `Bearer "${SECRET}"`],
  ['the secret twice in a header', `Bearer ${SECRET}, Bearer ${SECRET}`],
  ['two headers, one of them right', [`Bearer ${SECRET}`, 'Bearer x']],
  ['two headers, both right', [`Bearer ${SECRET}`, `Bearer ${SECRET}`]],
  ['the signature of IAM', 'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=00'],
];

const ALL = { body: { all: true } };

describe('without IAM or APP a caller needs API_SECRET', () => {
  it.each(WRONG)('and is refused with %s', async (_, authorization) => {
    const at = desk();
    const said = await at.call('POST', '/restarts', { ...ALL, headers: { authorization } });
    expect(said).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer', 'Content-Type': 'application/problem+json' },
      json: { type: 'urn:encode-restart:problem:unauthorized', status: 401 },
    });
    expect(at.accepted).toEqual([]);
  });

  it.each([`Bearer ${SECRET}`, `bearer ${SECRET}`, `BEARER   ${SECRET}`, ` Bearer ${SECRET} `])(
    'and is taken with "%s"',
    async (authorization) => {
      const at = desk();
      const said = await at.call('POST', '/restarts', { ...ALL, headers: { authorization } });
      expect(said.status).toBe(202);
      expect(at.accepted).toHaveLength(1);
    },
  );

  it('under a header name in any case', async () => {
    const headers = { authorization: [], Authorization: `Bearer ${SECRET}` };
    expect((await desk().call('GET', '/health', { headers })).status).toBe(200);
  });

  it('not in the query and not in the body', async () => {
    const headers = { authorization: [] };
    const query = { access_token: SECRET, authorization: `Bearer ${SECRET}` };
    const body = { access_token: SECRET, all: true };
    expect((await desk().call('POST', '/restarts', { headers, query, body })).status).toBe(401);
  });

  it('which is compared in constant time, by digests of one length, for every guess', async () => {
    const compared = vi.spyOn(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    for (const token of [SECRET, 'x', '', 'x'.repeat(5_000)]) {
      await desk().call('GET', '/health', { headers: { authorization: `Bearer ${token}` } });
    }
    const lengths = compared.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength]);
    expect(lengths).toEqual([
      [32, 32],
      [32, 32],
      [32, 32],
      [32, 32],
    ]);
  });

  it('and neither it nor a guess is said or logged', async () => {
    const guess = 'a-guess-of-somebody';
    const at = desk();
    const answers = [
      await at.call('GET', '/health', { headers: { authorization: `Bearer ${guess}` } }),
      await at.call('GET', '/health', { headers: { authorization: guess } }),
      await at.call('GET', '/health'),
      await at.call('GET', '/nowhere'),
      await at.call('POST', '/restarts', { body: {} }),
    ];
    const said = JSON.stringify([answers, at.lines]);
    expect(at.lines).toHaveLength(5);
    expect(said).not.toContain(guess);
    expect(said).not.toContain(SECRET);
  });
});

describe('who calls is checked first', () => {
  const stranger = { headers: { authorization: 'Bearer x' } };
  const calls: readonly (readonly [method: string, path: string, call: Call])[] = [
    ['GET', '/health', {}],
    ['GET', '/nowhere', {}],
    ['DELETE', '/health', {}],
    ['GET', '/restarts/r1', {}],
    ['PUT', '/exclusions/*', {}],
    ['OPTIONS', '/restarts', {}],
    ['POST', '/restarts', { text: '{' }],
    ['POST', '/restarts', { raw: { body: '%%%' } }],
    ['POST', '/restarts', { text: 'x'.repeat(300_000) }],
    ['GET', '/restarts', { query: { limit: 'x' } }],
  ];

  it('so that every path, method and body looks the same to a stranger', async () => {
    const at = desk();
    const answers = await Promise.all(
      calls.map(([method, path, call]) => at.call(method, path, { ...call, ...stranger })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  it('and to everybody while nobody can be known', async () => {
    for (const secret of [undefined, '', 'fifteen-charact']) {
      const at = desk({ secret });
      const answers = await Promise.all(calls.map(([method, path, call]) => at.call(method, path, call)));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers[0]?.status).toBe(503);
    }
  });
});

describe('what nobody set up', () => {
  it('is named: neither webhook_auth nor API_SECRET', async () => {
    const at = desk({ secret: undefined });
    expect(await at.call('POST', '/restarts', ALL)).toMatchObject({
      status: 503,
      json: {
        type: 'urn:encode-restart:problem:not-configured',
        detail: 'refuses: neither webhook_auth nor API_SECRET is set',
      },
    });
    expect(at.accepted).toEqual([]);
  });

  it('or too short a secret, even for who knows it', async () => {
    const secret = 'fifteen-charact';
    const at = desk({ secret });
    const headers = { authorization: `Bearer ${secret}` };
    expect(await at.call('POST', '/restarts', { ...ALL, headers })).toMatchObject({
      status: 503,
      json: { detail: 'API_SECRET: expected at least 16 characters' },
    });
    expect(at.accepted).toEqual([]);
  });

  it('while sixteen characters are enough', async () => {
    const secret = 'sixteen-characte';
    const headers = { authorization: `Bearer ${secret}` };
    expect((await desk({ secret }).call('GET', '/health', { headers })).status).toBe(200);
  });
});

describe.each(['IAM', 'APP'])('with webhook_auth: %s', (webhook_auth) => {
  it('APIG has checked the caller, whatever the header carries, with a secret set or without', async () => {
    for (const secret of [undefined, 'short', SECRET]) {
      for (const authorization of [[], 'SDK-HMAC-SHA256 Access=AK', 'Bearer x']) {
        const at = desk({ settings: { webhook_auth }, secret });
        expect((await at.call('GET', '/health', { headers: { authorization } })).status).toBe(200);
      }
    }
  });
});
