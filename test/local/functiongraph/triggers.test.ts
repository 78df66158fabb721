/** The calls for triggers and asynchronous settings, over signed HTTP, with every code that they refuse with. */
import { expect, test } from 'vitest';
import { addTopic, topicUrn } from '../../../local/model/index.ts';
import { ask, create, type Deployed, openCloud, type Told, URN } from './support/cloud.ts';

const ECHO = `${URN}:echo`;
const code = ({ status, body }: Told): unknown[] => [status, body?.error_code];

async function withFunction(): Promise<Deployed> {
  const world = await openCloud();
  await create(world, { xrole: 'agency' });
  addTopic(world.model, topicUrn(world.model, 'alarms'));
  return world;
}

const add = (
  world: Deployed,
  trigger_type_code: string,
  event_data: unknown,
  more: object = {},
): Promise<Told> =>
  ask(world, {
    method: 'POST',
    path: `/triggers/${ECHO}:latest`,
    body: { trigger_type_code, event_data, ...more },
  });
const list = async (world: Deployed) => (await ask(world, { path: `/triggers/${ECHO}` })).body;

const NIGHTLY = { name: 'nightly', schedule_type: 'Cron', schedule: 'CRON_TZ=Asia/Shanghai 0 5 2 * * *' };
const API = {
  name: 'encode_restart',
  type: 1,
  path: '/encode-restart',
  protocol: 'HTTPS',
  req_method: 'ANY',
  group_id: 'group-1',
  match_mode: 'SWA',
  env_name: 'RELEASE',
  env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
  auth: 'IAM',
  func_info: { timeout: 5_000 },
  sl_domain: 'group-1.apig.example.com',
  backend_type: 'FUNCTION',
};

test('a trigger is created, shown alone and in a list, and deleted', async () => {
  const world = await withFunction();
  const { status, body: made } = await add(world, 'TIMER', { ...NIGHTLY, user_event: '{"all":true}' });
  expect([status, made]).toEqual([
    201,
    {
      trigger_id: expect.any(String),
      trigger_type_code: 'TIMER',
      trigger_status: 'ACTIVE',
      event_data: { ...NIGHTLY, user_event: '{"all":true}' },
      last_updated_time: '2026-01-31T03:00:00Z',
      created_time: '2026-01-31T03:00:00Z',
    },
  ]);
  const path = `/triggers/${ECHO}/TIMER/${made.trigger_id}`;
  expect([await list(world), (await ask(world, { path })).body]).toEqual([[made], made]);
  const gone = await ask(world, { method: 'DELETE', path });
  expect([gone.status, gone.text, await list(world)]).toEqual([204, '', []]);
  expect(code(await ask(world, { path }))).toEqual([404, 'FSS.1131']);
  expect(code(await ask(world, { method: 'DELETE', path }))).toEqual([404, 'FSS.1131']);
});

test('all triggers of a function are deleted in one call', async () => {
  const world = await withFunction();
  await add(world, 'TIMER', NIGHTLY);
  await add(world, 'SMN', { topic_urn: topicUrn(world.model, 'alarms') });
  expect((await ask(world, { method: 'DELETE', path: `/triggers/${ECHO}` })).status).toBe(204);
  expect(await list(world)).toEqual([]);
});

const topic = { topic_urn: `urn:smn:cn-north-4:${URN.split(':')[3]}:alarms` };
const REFUSED: readonly (readonly [string, string, unknown, number, string])[] = [
  ['a type that there is not', 'TIMERS', NIGHTLY, 400, 'FSS.1101'],
  ['no event_data', 'TIMER', undefined, 400, 'FSS.0400'],
  ['SMN without a topic', 'SMN', {}, 400, 'FSS.1102'],
  ['SMN with more than a topic', 'SMN', { ...topic, name: 'x' }, 400, 'FSS.1102'],
  [
    'SMN with a topic of another project',
    'SMN',
    { topic_urn: 'urn:smn:cn-north-4:p:alarms' },
    400,
    'FSS.1102',
  ],
  ['SMN with a topic that there is not', 'SMN', { topic_urn: `${topic.topic_urn}2` }, 404, 'FSS.1171'],
  ['a timer without a name', 'TIMER', { ...NIGHTLY, name: undefined }, 400, 'FSS.1109'],
  ['a timer with a name of 65 characters', 'TIMER', { ...NIGHTLY, name: 'n'.repeat(65) }, 400, 'FSS.1109'],
  ['a cron without a seconds field', 'TIMER', { ...NIGHTLY, schedule: '5 2 * *' }, 400, 'FSS.1109'],
  [
    'a cron in no zone',
    'TIMER',
    { ...NIGHTLY, schedule: 'CRON_TZ=Asia/Nowhere 0 5 2 * * *' },
    400,
    'FSS.1109',
  ],
  ['a rate of 61 minutes', 'TIMER', { ...NIGHTLY, schedule_type: 'Rate', schedule: '61m' }, 400, 'FSS.1109'],
  ['a user_event that is no text', 'TIMER', { ...NIGHTLY, user_event: {} }, 400, 'FSS.1109'],
  ['an API without a path', 'APIG', { ...API, path: undefined }, 400, 'FSS.1107'],
  ['an API with an authentication that there is not', 'APIG', { ...API, auth: 'TOKEN' }, 400, 'FSS.1107'],
  ['an API that waits for 61 seconds', 'APIG', { ...API, func_info: { timeout: 61_000 } }, 400, 'FSS.1107'],
  ['a dedicated gateway without its id', 'DEDICATEDGATEWAY', API, 400, 'FSS.1107'],
];

test.each(REFUSED)('%s is refused', async (_what, type, data, status, error) => {
  const world = await withFunction();
  expect(code(await add(world, type, data))).toEqual([status, error]);
  expect(await list(world)).toEqual([]);
});

test('a function has one trigger on a topic', async () => {
  const world = await withFunction();
  expect((await add(world, 'SMN', topic)).status).toBe(201);
  expect(code(await add(world, 'SMN', topic))).toEqual([409, 'FSS.1141']);
});

test('another schedule under the same name is a second timer, the same one is refused', async () => {
  const world = await withFunction();
  await add(world, 'TIMER', NIGHTLY);
  expect(code(await add(world, 'TIMER', NIGHTLY))).toEqual([409, 'FSS.1148']);
  expect((await add(world, 'TIMER', { ...NIGHTLY, schedule: 'CRON_TZ=UTC 0 5 3 * * *' })).status).toBe(201);
  expect(await list(world)).toHaveLength(2);
});

test('a path and method are taken once in a group', async () => {
  const world = await withFunction();
  await add(world, 'APIG', API);
  expect(code(await add(world, 'APIG', { ...API, req_method: 'GET' }))).toEqual([409, 'FSS.1147']);
  expect((await add(world, 'APIG', { ...API, group_id: 'group-2' })).status).toBe(201);
});

test('an API is shown with where it is called, its id and its function', async () => {
  const world = await withFunction();
  const { body } = await add(world, 'DEDICATEDGATEWAY', { ...API, instance_id: 'gateway-1' });
  expect(body.event_data).toMatchObject({
    ...API,
    instance_id: 'gateway-1',
    triggerid: body.trigger_id,
    invoke_url: `${world.functionGraph.gateway}/encode-restart`,
    func_info: { timeout: 5_000, function_urn: `${ECHO}:latest` },
  });
});

test('a function has ten triggers at most', async () => {
  const world = await withFunction();
  for (let n = 1; n <= 10; n += 1) await add(world, 'TIMER', { ...NIGHTLY, name: `timer-${n}` });
  expect(code(await add(world, 'TIMER', NIGHTLY))).toEqual([400, 'FSS.1306']);
});

test('only the status of a trigger can be changed, and not of every type', async () => {
  const world = await withFunction();
  const change = async (type: string, data: object, body: object) => {
    const { trigger_id } = (await add(world, type, data)).body;
    return ask(world, { method: 'PUT', path: `/triggers/${ECHO}/${type}/${trigger_id}`, body });
  };
  const off = await change('TIMER', NIGHTLY, { trigger_status: 'DISABLED' });
  expect([off.status, off.body.trigger_status, (await list(world))[0]]).toEqual([200, 'DISABLED', off.body]);
  const other = { trigger_status: 'ACTIVE', event_data: { schedule: '3m' } };
  expect(code(await change('TIMER', { ...NIGHTLY, name: 'b' }, other))).toEqual([400, 'FSS.1318']);
  expect(code(await change('TIMER', { ...NIGHTLY, name: 'c' }, { trigger_status: 'OFF' }))).toEqual([
    400,
    'FSS.0400',
  ]);
  expect(code(await change('SMN', topic, { trigger_status: 'DISABLED' }))).toEqual([400, 'FSS.1318']);
  const obs = { bucket: 'b', events: ['ObjectCreated'] };
  expect(code(await change('OBS', obs, { trigger_status: 'DISABLED' }))).toEqual([400, 'FSS.1318']);
});

test('a trigger can be created switched off', async () => {
  const world = await withFunction();
  expect((await add(world, 'TIMER', NIGHTLY, { trigger_status: 'DISABLED' })).body.trigger_status).toBe(
    'DISABLED',
  );
  expect(code(await add(world, 'SMN', topic, { trigger_status: 'DISABLED' }))).toEqual([400, 'FSS.1318']);
});

const SETTINGS = `/functions/${ECHO}:latest/async-invoke-config`;
const onFailure = (destination: string, param: unknown) => ({
  destination_config: { on_failure: { destination, param } },
});

test('asynchronous settings are put, shown and deleted, with the defaults of the platform', async () => {
  const world = await withFunction();
  expect(code(await ask(world, { path: SETTINGS }))).toEqual([404, 'FSS.0404']);
  const given = onFailure('SMN', JSON.stringify(topic));
  const put = await ask(world, { method: 'PUT', path: SETTINGS, body: given });
  expect([put.status, put.body]).toEqual([
    200,
    {
      func_urn: `${ECHO}:latest`,
      max_async_retry_attempts: 1,
      max_async_event_age_in_seconds: 3_600,
      ...given,
      created_time: '2026-01-31T03:00:00Z',
      last_modified: '2026-01-31T03:00:00Z',
    },
  ]);
  expect((await ask(world, { path: SETTINGS })).body).toEqual(put.body);
  expect((await ask(world, { method: 'DELETE', path: SETTINGS })).status).toBe(204);
  expect(code(await ask(world, { method: 'DELETE', path: SETTINGS }))).toEqual([404, 'FSS.0404']);
});

test.each([
  ['four retries', { max_async_retry_attempts: 4 }],
  ['an age of no time', { max_async_event_age_in_seconds: 0 }],
  ['an age of more than a day', { max_async_event_age_in_seconds: 86_401 }],
  ['a destination that there is not', onFailure('MAIL', '{}')],
  ['a destination that names nothing', onFailure('SMN', '{}')],
  ['a destination whose parameter is an object', onFailure('SMN', topic)],
  ['a field that there is not', { retries: 1 }],
])('asynchronous settings with %s are refused', async (_what, body) => {
  const world = await withFunction();
  expect(code(await ask(world, { method: 'PUT', path: SETTINGS, body }))).toEqual([400, 'FSS.0400']);
});

test('a destination needs an agency on the function', async () => {
  const world = await openCloud();
  await create(world);
  const body = onFailure('SMN', JSON.stringify(topic));
  expect(code(await ask(world, { method: 'PUT', path: SETTINGS, body }))).toEqual([400, 'FSS.0400']);
});
