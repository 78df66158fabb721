/** The gateway's check of signatures, against Huawei's own signer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after, before, minutes, seconds } from '../../lib/time.ts';
import { aServer, openWorld, PROJECT, type Signed, START, send, sign, type World } from './support/world.ts';

const LIST = { path: `/v1/${PROJECT}/cloud-phone/encode-servers`, query: { limit: '10' } };
const RESTART = {
  method: 'POST',
  path: `/v1/${PROJECT}/cloud-phone/encode-servers/batch-restart`,
  body: { encode_server_ids: ['es-1'] },
} as const;

async function refusal(signed: Signed): Promise<unknown[]> {
  const { status, body } = await send(signed);
  return [status, body.error_code];
}

const aWorld = (): Promise<World> => openWorld({ fleet: [aServer('es-1')] });

test('whatever the SDK signs is let in', async () => {
  const world = await aWorld();
  const value = fc.string({ unit: fc.constantFrom(...'abZ019-_.~,:*ü云'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.dictionary(value, value), value, async (query, segment) => {
      const told = await send(
        sign(world, { path: `/v1/${PROJECT}/cloud-phone/jobs/x${encodable(segment)}`, query }),
      );
      expect(told.body.error_code).toBe('CPS.0011');
    }),
    { numRuns: 60 },
  );
});

/** What the signer takes in a path: it encodes again what is already percent-encoded. */
const encodable = (text: string): string => text.replace(/[^A-Za-z0-9_.~:-]/g, '');

test('a topic URN in the path may be sent with its colons', async () => {
  const world = await aWorld();
  const path = `/v2/${PROJECT}/notifications/topics/urn:smn:cn-north-4:${PROJECT}:none/publish`;
  const told = await send(sign(world, { method: 'POST', path, body: { subject: 'S', message: 'm' } }));
  expect(told.body.code).toBe('SMN.0006');
});

test('a wrong key, an unknown key and a wrong token are refused', async () => {
  const world = await aWorld();
  expect(await refusal(sign(world, LIST, { sk: 'other' }))).toEqual([401, 'APIGW.0301']);
  expect(await refusal(sign(world, LIST, { ak: 'OTHER' }))).toEqual([401, 'APIGW.0301']);
  expect(await refusal(sign(world, LIST, { securityToken: 'old' }))).toEqual([401, 'APIGW.0301']);
  expect(await refusal(sign(world, LIST, { securityToken: undefined }))).toEqual([401, 'APIGW.0301']);
});

test('a token that is sent but not signed is refused', async () => {
  const world = await aWorld();
  const signed = sign(world, LIST, { securityToken: undefined });
  const headers = { ...signed.headers, 'X-Security-Token': 'local-token' };
  expect(await refusal({ ...signed, headers })).toEqual([401, 'APIGW.0301']);
});

test('a date more than 15 minutes off is refused, one within is not', async () => {
  const world = await aWorld();
  const late = minutes(15);
  const tooLate = seconds(15 * 60 + 1);
  const old = await send(sign(world, LIST, { signedAt: before(START, tooLate) }));
  expect([old.status, old.body.error_code]).toEqual([401, 'APIGW.0303']);
  expect(new Set(Object.keys(old.body))).toEqual(new Set(['error_code', 'error_msg', 'request_id']));
  expect(await refusal(sign(world, LIST, { signedAt: after(START, tooLate) }))).toEqual([401, 'APIGW.0303']);
  expect((await send(sign(world, LIST, { signedAt: before(START, late) }))).status).toBe(200);
  expect((await send(sign(world, LIST, { signedAt: after(START, late) }))).status).toBe(200);
});

test('an altered body, path, query, method or header is refused, and nothing is restarted', async () => {
  const world = await aWorld();
  const signed = sign(world, RESTART);
  const alterations: Signed[] = [
    { ...signed, body: JSON.stringify({ encode_server_ids: ['es-2'] }) },
    { ...signed, url: `${signed.url}?limit=1` },
    { ...sign(world, LIST), url: signed.url.replace('/batch-restart', '') },
    { ...sign(world, { path: RESTART.path }), method: 'POST' },
    { ...signed, headers: { ...signed.headers, 'content-type': 'text/plain' } },
  ];
  for (const altered of alterations) {
    expect(await refusal(altered)).toEqual([401, 'APIGW.0301']);
  }
  expect(world.model.restarts).toEqual([]);
  expect((await send(signed)).status).toBe(200);
});

test('a request without signature, with a malformed date or with a missing signed header is refused', async () => {
  const world = await aWorld();
  const signed = sign(world, LIST);
  const { Authorization: authorization = '', ...unsigned } = signed.headers;
  const cases: Signed[] = [
    { ...signed, headers: unsigned },
    { ...signed, headers: { ...signed.headers, 'X-Sdk-Date': 'today' } },
    {
      ...signed,
      headers: {
        ...signed.headers,
        Authorization: authorization.replace('SignedHeaders=', 'SignedHeaders=a;'),
      },
    },
    {
      ...signed,
      headers: {
        ...signed.headers,
        Authorization: authorization.replace('x-security-token', 'content-type'),
      },
    },
    { ...signed, headers: { ...signed.headers, 'X-Sdk-Content-Sha256': '0'.repeat(64) } },
  ];
  for (const wrong of cases) expect(await refusal(wrong)).toEqual([401, 'APIGW.0301']);
});
