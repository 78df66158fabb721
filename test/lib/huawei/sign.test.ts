import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Credentials, encode, queryString, sign } from '../../../lib/huawei/sign.ts';
import { epochMs, seconds } from '../../../lib/time.ts';
import { expectedAuthorization } from './algorithm.ts';
import { CREDENTIALS, fakeWorld, json, NOW } from './fakes.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const urn = fc.tuple(id, id, id).map(([region, project, topic]) => `urn:smn:${region}:${project}:${topic}`);
const unicode = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/\p{Surrogate}/u.test(text));
const token = fc.option(fc.stringMatching(/^[A-Za-z0-9+/=-]{1,2000}$/), { nil: undefined });
const body = fc.option(
  fc.oneof(fc.dictionary(unicode, fc.jsonValue()), fc.array(unicode), fc.constant({}), fc.constant([])),
  { nil: undefined },
);
const secretKey = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);

const credentialsOf = (securityToken: string | undefined, secret: string): Credentials => ({
  accessKey: 'AK',
  secretKey: secret,
  ...(securityToken === undefined ? {} : { securityToken }),
});

describe('what the client sends', () => {
  it('carries the signature that the gateway works out from the bytes it gets', async () => {
    const query = fc.dictionary(
      fc.stringMatching(/^[a-z_.]{1,12}$/),
      fc.oneof(unicode, fc.integer(), fc.constant(undefined)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(id, urn), { minLength: 1, maxLength: 5 }),
        query,
        body,
        token,
        secretKey,
        async (path, wantedQuery, wantedBody, securityToken, secret) => {
          const credentials = credentialsOf(securityToken, secret);
          const { client, sent } = fakeWorld(() => json(200, {}), { credentials });
          const method = wantedBody === undefined ? 'GET' : 'POST';
          const usable = path.filter((segment) => !/^\.{1,2}$/.test(segment));
          await client.call({
            ...{ operation: 'Any', method, path: ['v1', ...usable], deadline: seconds(1) },
            query: wantedQuery,
            ...(wantedBody === undefined ? {} : { body: wantedBody }),
          });
          const [request] = sent;
          if (request === undefined) throw new Error('nothing was sent');
          expect(request.headers['Authorization']).toBe(expectedAuthorization(request, 'AK', secret));
          expect(request.headers['X-Security-Token']).toBe(securityToken);
          expect(request.headers['host']).toBe('cph.cn-north-4.myhuaweicloud.com');
          expect(request.body).toBe(wantedBody === undefined ? undefined : JSON.stringify(wantedBody));
          const asked = Object.fromEntries(new URL(request.url).searchParams);
          const wanted = Object.entries(wantedQuery).filter(([, value]) => value !== undefined);
          expect(asked).toEqual(Object.fromEntries(wanted.map(([name, value]) => [name, String(value)])));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('encodes the colons of a URN once', async () => {
    const { client, sent } = fakeWorld(() => json(200, {}));
    await client.call({
      operation: 'Any',
      method: 'GET',
      path: ['v2', 'urn:smn:a:b:c'],
      deadline: seconds(1),
    });
    expect(sent[0]?.url).toBe('https://cph.cn-north-4.myhuaweicloud.com/v2/urn%3Asmn%3Aa%3Ab%3Ac');
  });
});

describe('a signature', () => {
  const url = 'https://cph.cn-north-4.myhuaweicloud.com/v1/p/cloud-phone/jobs';

  it('is dated with the time handed in', () => {
    const headers = sign(
      { method: 'GET', url },
      CREDENTIALS,
      epochMs(Date.parse('2026-12-31T23:59:59.999Z')),
    );
    expect(headers['X-Sdk-Date']).toBe('20261231T235959Z');
  });

  it('covers the security token', () => {
    const { Authorization = '' } = sign({ method: 'GET', url }, CREDENTIALS, NOW);
    expect(Authorization).toContain('SignedHeaders=host;x-sdk-date;x-security-token,');
  });

  it('goes without a token when there is none', () => {
    const headers = sign({ method: 'GET', url }, { accessKey: 'a', secretKey: 'b', securityToken: '' }, NOW);
    expect(new Set(Object.keys(headers))).toEqual(new Set(['host', 'X-Sdk-Date', 'Authorization']));
  });

  it('is right for a loopback endpoint with a port', () => {
    const local = 'http://127.0.0.1:8123/v1/p';
    const headers = sign({ method: 'GET', url: local }, CREDENTIALS, NOW);
    expect(headers['host']).toBe('127.0.0.1:8123');
    const { accessKey, secretKey: secret } = CREDENTIALS;
    const expected = expectedAuthorization({ method: 'GET', url: local, headers }, accessKey, secret);
    expect(headers['Authorization']).toBe(expected);
  });

  const refused: readonly (readonly [string, Parameters<typeof sign>[0]])[] = [
    ['a query written into the URL', { method: 'GET', url: `${url}?limit=1` }],
    ['a fragment', { method: 'GET', url: `${url}#x` }],
    ['an empty segment', { method: 'GET', url: 'https://host/a//b' }],
    ['a segment with a space', { method: 'GET', url: 'https://host/a%20b' }],
    ['a segment encoded twice', { method: 'GET', url: 'https://host/a%2541' }],
    ['a segment that climbs', { method: 'GET', url: 'https://host/a/../b' }],
    ['an encoded slash', { method: 'GET', url: 'https://host/a%2Fb' }],
    ['a path of no segments', { method: 'GET', url: 'https://host/' }],
    ['a method in small letters', { method: 'get', url }],
    [
      'a query value that is no text',
      { method: 'GET', url, query: { limit: undefined as unknown as string } },
    ],
    ['half a character in a query', { method: 'GET', url, query: { name: '\ud800' } }],
    ['a query name with a space', { method: 'GET', url, query: { 'a b': 'c' } }],
    ['a header name with an underscore', { method: 'GET', url, headers: { a_b: 'c' } }],
    ['a padded header value', { method: 'GET', url, headers: { 'a-b': ' c' } }],
    ['a header value of two lines', { method: 'GET', url, headers: { 'a-b': 'c\r\nd: e' } }],
    ['a body that is JSON text of a string', { method: 'POST', url, body: '"text"' }],
    ['a body that JSON.stringify would write differently', { method: 'POST', url, body: '{ "a": 1 }' }],
  ];
  test.each(refused)('is refused for %s', (_, request) => {
    expect(() => sign(request, CREDENTIALS, NOW)).toThrow(TypeError);
  });

  it('does not show a token that cannot be sent', () => {
    const credentials = { ...CREDENTIALS, securityToken: 'marked\ntoken' };
    expect(() => sign({ method: 'GET', url }, credentials, NOW)).toThrow(/^(?!.*marked)/s);
  });
});

describe('encoding', () => {
  it('leaves only the unreserved characters of RFC 3986 as they are', () => {
    expect(encode("az AZ-09_.~!'()*:/é")).toBe('az%20AZ-09_.~%21%27%28%29%2A%3A%2F%C3%A9');
  });

  it('writes no question mark without a query', () => {
    expect(queryString({})).toBe('');
    expect(queryString({ b: '1,2', a: '' })).toBe('?b=1%2C2&a=');
  });
});
