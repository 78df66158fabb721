/** APIG in front of a function: who is let in, what event comes of a request, and which answers are taken. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readApigEvent, unseal } from '../../../events/apig.ts';
import { isProblem } from '../../../events/event.ts';
import { realClock } from '../../../local/clock.ts';
import { sign } from '../support/world.ts';
import {
  APP,
  ask,
  create,
  type Deployed,
  openCloudFor,
  PERSON,
  send,
  type Told,
  URN,
} from './support/cloud.ts';

let world: Deployed;
beforeAll(async () => {
  world = await openCloudFor({ clock: realClock });
  const code =
    'exports.handler = async (event) => { const asked = event.queryStringParameters.answer;' +
    ' if (asked === "slow") await new Promise((go) => setTimeout(go, 3000));' +
    ' if (asked === "throw") throw new Error("no");' +
    ' const answer = { statusCode: 201, headers: { "content-type": "application/json", "x-mine": "yes" }, body: JSON.stringify(event), isBase64Encoded: false };' +
    ' if (asked === "base64") return { ...answer, body: Buffer.from("héllo").toString("base64"), isBase64Encoded: true };' +
    ' if (asked === "text") return "hello"; if (asked?.startsWith("no-")) delete answer[asked.slice(3)];' +
    ' if (asked === "object") answer.body = { a: 1 }; return answer; };';
  await create(world, { func_name: 'web' }, code);
  for (const [auth, path, match_mode] of APIS) {
    const event_data = {
      name: `api_${auth}`,
      type: 1,
      path,
      protocol: 'HTTPS',
      req_method: path === '/get' ? 'GET' : 'ANY',
      group_id: 'group-1',
      match_mode,
      env_name: 'RELEASE',
      env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
      auth,
      func_info: { timeout: path === '/short' ? 1_000 : 5_000 },
      backend_type: 'FUNCTION',
      ...(path === '/app' ? { instance_id: 'gateway-1' } : {}),
    };
    const trigger_type_code = path === '/app' ? 'DEDICATEDGATEWAY' : 'APIG';
    const { status } = await ask(world, {
      method: 'POST',
      path: `/triggers/${URN}:web`,
      body: { trigger_type_code, event_data },
    });
    expect(status).toBe(201);
  }
});
afterAll(() => world.close());

const APIS = [
  ['NONE', '/open', 'SWA'],
  ['NONE', '/open/exactly', 'NORMAL'],
  ['NONE', '/get', 'NORMAL'],
  ['NONE', '/short', 'NORMAL'],
  ['IAM', '/iam', 'SWA'],
  ['APP', '/app', 'SWA'],
] as const;

const call = (
  path: string,
  method = 'GET',
  headers: Record<string, string> = {},
  body?: string,
): Promise<Told> => send(`${world.functionGraph.gateway}${path}`, method, headers, body);
const signedCall = (path: string, by: object): Promise<Told> => {
  const at = { cloud: { ...world.cloud, url: world.functionGraph.gateway }, clock: world.clock };
  const { url, headers } = sign(at, { path }, { ...by, securityToken: undefined });
  return send(url, 'GET', headers);
};
const code = ({ status, body }: Told): unknown[] => [status, body.error_code];

test('a request becomes the event of the platform, with its body in base64', async () => {
  const told = await call('/open/restarts/7?a=1&b=%C3%BC', 'POST', { 'X-Own': 'Yes' }, '{"é":1}');
  expect([told.status, told.headers['x-mine']]).toEqual([201, 'yes']);
  const event = told.body;
  expect(event).toMatchObject({
    body: Buffer.from('{"é":1}').toString('base64'),
    isBase64Encoded: true,
    httpMethod: 'POST',
    path: '/open/restarts/7',
    headers: { 'x-own': 'Yes', host: expect.stringMatching(/^127\.0\.0\.1:/) },
    queryStringParameters: { a: '1', b: 'ü' },
    pathParameters: { '': 'restarts/7' },
    requestContext: { apiId: expect.any(String), requestId: told.headers['x-request-id'], stage: 'RELEASE' },
  });
  const read = readApigEvent(event);
  expect(isProblem(read) ? read : unseal(read.body, 100)).toEqual({ text: '{"é":1}' });
});

test('an empty GET has an empty body in base64, and a whole path captures nothing', async () => {
  const { body } = await call('/open/exactly');
  expect([body.body, body.isBase64Encoded, body.pathParameters]).toEqual(['', true, {}]);
});

test.each([
  ['/nothing', 'GET'],
  ['/opened', 'GET'],
  ['/get', 'POST'],
  ['/get/more', 'GET'],
])('%s %s is no API', async (path, method) => {
  expect(code(await call(path, method))).toEqual([404, 'APIG.0101']);
});

test('with IAM only who signs with a key of the account is let in', async () => {
  expect(code(await call('/iam'))).toEqual([401, 'APIG.0301']);
  expect(code(await signedCall('/iam', { ...PERSON, sk: 'wrong' }))).toEqual([401, 'APIG.0301']);
  expect(code(await signedCall('/iam', APP))).toEqual([401, 'APIG.0301']);
  expect((await signedCall('/iam/x', PERSON)).status).toBe(201);
});

test('with APP who signs with the key of an app or shows its code', async () => {
  expect(code(await call('/app'))).toEqual([401, 'APIG.0303']);
  expect(code(await call('/app', 'GET', { 'X-Apig-AppCode': 'other' }))).toEqual([401, 'APIG.0303']);
  expect((await call('/app', 'GET', { 'X-Apig-AppCode': APP.appCode })).status).toBe(201);
  expect((await signedCall('/app', APP)).status).toBe(201);
});

test.each(['no-statusCode', 'no-headers', 'no-body', 'no-isBase64Encoded', 'object', 'text', 'throw'])(
  'an answer that is not the four fields is a 500: %s',
  async (answer) => {
    expect(code(await call(`/open?answer=${answer}`))).toEqual([500, 'FSS.1202']);
  },
);

test('a body in base64 is decoded', async () => {
  expect((await call('/open?answer=base64')).text).toBe('héllo');
});

test('the gateway waits as long as the API says', async () => {
  expect(code(await call('/short?answer=slow'))).toEqual([504, 'APIG.0203']);
});

test('over 4 MB is too much', async () => {
  expect(code(await call('/open', 'POST', {}, 'x'.repeat(4 * 1_024 * 1_024 + 1)))).toEqual([
    413,
    'APIG.0201',
  ]);
});
