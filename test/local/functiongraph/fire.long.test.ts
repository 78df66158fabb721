/** What calls a function: topics, timers, asynchronous calls and their endings. */
import { expect, test, vi } from 'vitest';
import { minutes, seconds } from '../../../lib/time.ts';
import { fastClock } from '../../../local/clock.ts';
import { publish } from '../../../local/model/index.ts';
import { PROJECT, sign } from '../support/world.ts';
import { ask, create, type Deployed, openCloud, send, type Told, URN } from './support/cloud.ts';

/** Prints its event, and fails as often as it is told to: `fails` of the event, counted in the instance. */
const PRINT =
  'let failed = 0; exports.handler = async (event) => { console.log(JSON.stringify(event));' +
  " if (failed < (event.fails ?? 0)) { failed += 1; throw new Error('not yet'); } return 'well'; };";
const ALARMS = `urn:smn:cn-north-4:${PROJECT}:alarms`;
const FAILURES = `urn:smn:cn-north-4:${PROJECT}:failures`;

async function printing(fields: Record<string, unknown> = {}): Promise<Deployed> {
  const world = await openCloud({
    topics: [ALARMS, FAILURES],
    retryWaits: [seconds(10), seconds(20), seconds(30)],
  });
  await create(world, { func_name: 'print', xrole: 'agency', ...fields }, PRINT);
  return world;
}

const add = (world: Deployed, trigger_type_code: string, event_data: object): Promise<Told> =>
  ask(world, { method: 'POST', path: `/triggers/${URN}:print`, body: { trigger_type_code, event_data } });
const events = ({ lines }: Deployed): unknown[] =>
  lines.filter((line) => line.startsWith('print: {')).map((line) => JSON.parse(line.slice('print: '.length)));
const say = (world: Deployed, message: string) =>
  publish(world.model, ALARMS, { subject: 'S', message }, world.clock.now());

test('a message on a topic calls the functions that have a trigger on it, once each', async () => {
  const world = await printing();
  await add(world, 'SMN', { topic_urn: ALARMS });
  say(world, 'M');
  await world.functionGraph.settled();
  expect(events(world)).toEqual([
    {
      record: [
        {
          event_version: '1.0',
          event_source: 'smn',
          event_subscription_urn: `${URN}:print:latest`,
          smn: {
            topic_urn: ALARMS,
            timestamp: '2026-01-31T03:00:00Z',
            message_attributes: null,
            message: 'M',
            type: 'notification',
            message_id: world.model.mailbox[0]?.message_id,
            subject: 'S',
          },
        },
      ],
    },
  ]);
});

test('a message that is published over HTTP calls them too', async () => {
  const world = await printing();
  await add(world, 'SMN', { topic_urn: ALARMS });
  const { url, headers, body } = sign(world, {
    method: 'POST',
    path: `/v2/${PROJECT}/notifications/topics/${ALARMS}/publish`,
    body: { subject: 'S', message: 'over HTTP' },
  });
  expect((await send(url, 'POST', headers, body)).status).toBe(200);
  await world.functionGraph.settled();
  expect(events(world)).toMatchObject([{ record: [{ smn: { message: 'over HTTP' } }] }]);
});

test('a topic whose trigger is deleted calls nobody any more', async () => {
  const world = await printing();
  const { trigger_id } = (await add(world, 'SMN', { topic_urn: ALARMS })).body;
  await ask(world, { method: 'DELETE', path: `/triggers/${URN}:print/SMN/${trigger_id}` });
  say(world, 'M');
  await world.functionGraph.settled();
  expect([events(world), world.model.topics.get(ALARMS)]).toEqual([[], []]);
});

test('a timer fires when it is due, as often as it is, and not once it is switched off', async () => {
  const world = await printing();
  const timer = { name: 'minutely', schedule_type: 'Rate', schedule: '1m', user_event: 'said' };
  const { trigger_id } = (await add(world, 'TIMER', timer)).body;
  await world.clock.sleep(seconds(150));
  const path = `/triggers/${URN}:print/TIMER/${trigger_id}`;
  await ask(world, { method: 'PUT', path, body: { trigger_status: 'DISABLED' } });
  await world.clock.sleep(minutes(5));
  await world.functionGraph.settled();
  const event = { version: 'v2.0', trigger_type: 'TIMER', trigger_name: 'minutely', user_event: 'said' };
  expect(events(world)).toEqual([
    { ...event, time: '2026-01-31T03:01:00Z' },
    { ...event, time: '2026-01-31T03:02:00Z' },
  ]);
});

test('a timer whose function is deleted fires no more', async () => {
  const world = await printing();
  await add(world, 'TIMER', { name: 'n', schedule_type: 'Cron', schedule: 'CRON_TZ=UTC 0 * * * * *' });
  await ask(world, { method: 'DELETE', path: `/functions/${URN}:print` });
  await world.clock.sleep(minutes(3));
  await world.functionGraph.settled();
  expect(events(world)).toEqual([]);
});

test('a timer keeps to a clock that runs, not only to one that jumps', async () => {
  const world = await openCloud({ clock: fastClock(600) });
  await create(world, { func_name: 'print' }, PRINT);
  await add(world, 'TIMER', { name: 'minutely', schedule_type: 'Cron', schedule: 'CRON_TZ=UTC 0 * * * * *' });
  await vi.waitFor(() => expect(events(world).length).toBeGreaterThan(1), { timeout: 10_000 });
  const times = (events(world) as { time: string }[]).map(({ time }) => time);
  expect(times.every((time) => time.endsWith(':00Z'))).toBe(true);
  expect(new Set(times).size).toBe(times.length);
});

test('an instance whose idle minute is just over is not given the next request', async () => {
  const world = await printing();
  await add(world, 'SMN', { topic_urn: ALARMS });
  say(world, 'one');
  await world.functionGraph.settled();
  await world.clock.sleep(minutes(1));
  say(world, 'two');
  await world.functionGraph.settled();
  expect([events(world).length, world.said]).toEqual([2, []]);
});

const asynchronously = (world: Deployed, event: object): Promise<Told> =>
  ask(world, { method: 'POST', path: `/functions/${URN}:print:latest/invocations-async`, body: event });

test('an asynchronous call is taken at once, and its event arrives', async () => {
  const world = await printing();
  const told = await asynchronously(world, { run_id: 'run-1' });
  expect([told.status, Object.keys(told.body)]).toEqual([202, ['request_id']]);
  await world.functionGraph.settled();
  expect(events(world)).toEqual([{ run_id: 'run-1' }]);
});

test('over 256 KB it is refused, and so is a function that there is not', async () => {
  const world = await printing();
  const told = await asynchronously(world, { pad: 'x'.repeat(256 * 1_024) });
  expect([told.status, told.body.error_code]).toEqual([413, 'FSS.0413']);
  const other = { method: 'POST', path: `/functions/${URN}:other/invocations-async`, body: {} } as const;
  expect((await ask(world, other)).body.error_code).toBe('FSS.1051');
});

test('without settings nothing is tried again', async () => {
  const world = await printing();
  await asynchronously(world, { fails: 1 });
  await world.functionGraph.settled();
  expect(events(world)).toHaveLength(1);
  expect(world.said.at(-1)).toMatch(/^print: asynchronous request .* failed with 4002: .*not yet/);
});

const configure = (world: Deployed, body: object): Promise<Told> =>
  ask(world, { method: 'PUT', path: `/functions/${URN}:print/async-invoke-config`, body });
const to = (topic_urn: string) => ({ destination: 'SMN', param: JSON.stringify({ topic_urn }) });
const endings = ({ model }: Deployed) =>
  model.mailbox.map(({ topic_urn, messages }) => ({ topic_urn, ...JSON.parse(messages['default'] ?? '{}') }));

test('it is tried again as often as the settings say, with waits between, and success ends it', async () => {
  const world = await printing();
  await configure(world, { max_async_retry_attempts: 3, destination_config: { on_success: to(ALARMS) } });
  const begun = world.clock.now();
  await asynchronously(world, { fails: 2 });
  await world.functionGraph.settled();
  expect(events(world)).toHaveLength(3);
  expect(world.clock.now() - begun).toBe(30_000);
  expect(endings(world)).toMatchObject([
    {
      topic_urn: ALARMS,
      timestamp: '2026-01-31T03:00:00Z',
      request_context: { function_urn: `${URN}:print:latest`, condition: '', approximate_invoke_count: 3 },
      request_payload: '{"fails":2}',
      response_context: { status_code: 200, function_error: '' },
      response_payload: '"well"',
    },
  ]);
});

test('when it failed for the last time, its destination is told', async () => {
  const world = await printing();
  await configure(world, { max_async_retry_attempts: 1, destination_config: { on_failure: to(FAILURES) } });
  const { request_id } = (await asynchronously(world, { fails: 9 })).body;
  await world.functionGraph.settled();
  expect(events(world)).toHaveLength(2);
  expect(endings(world)).toMatchObject([
    {
      topic_urn: FAILURES,
      request_context: { request_id, condition: 'RetriesExhausted', approximate_invoke_count: 2 },
      response_context: { status_code: 200, function_error: expect.stringContaining('not yet') },
      response_payload: '',
    },
  ]);
});

test('what has become too old is not tried again', async () => {
  const world = await printing();
  await configure(world, {
    max_async_retry_attempts: 3,
    max_async_event_age_in_seconds: 15,
    destination_config: { on_failure: to(FAILURES) },
  });
  await asynchronously(world, { fails: 9 });
  await world.functionGraph.settled();
  expect(events(world)).toHaveLength(2);
  expect(endings(world)).toMatchObject([{ request_context: { condition: 'EventAgeExceeded' } }]);
});

test('a function whose time is up is told of as a failure of the system', async () => {
  const world = await openCloud({ topics: [FAILURES] });
  const hang = 'exports.handler = () => new Promise(() => undefined);';
  await create(world, { func_name: 'print', xrole: 'agency', timeout: 3 }, hang);
  await configure(world, { max_async_retry_attempts: 0, destination_config: { on_failure: to(FAILURES) } });
  await asynchronously(world, {});
  await world.functionGraph.settled();
  expect(endings(world)).toMatchObject([{ response_context: { status_code: 4010 } }]);
});

test('the destination may be another function', async () => {
  const world = await printing();
  await create(world, { func_name: 'other', xrole: 'agency' }, PRINT);
  const destination = {
    destination: 'FunctionGraph',
    param: JSON.stringify({ func_urn: `${URN}:other:latest` }),
  };
  await configure(world, { destination_config: { on_success: destination } });
  await asynchronously(world, { run_id: 'run-1' });
  await world.functionGraph.settled();
  expect(world.lines.at(-1)).toMatch(/^other: .*"request_payload":"{\\"run_id\\":\\"run-1\\"}"/);
});

test('calls that find all instances busy fail, and are tried again if the settings say so', async () => {
  const world = await openCloud({ retryWaits: [seconds(10)] });
  const slow =
    'exports.handler = async () => { console.log("ran"); await new Promise((go) => setTimeout(go, 200)); };';
  await create(world, { func_name: 'print', xrole: 'agency' }, slow);
  const most = {
    method: 'PUT',
    path: `/functions/${URN}:print/config-max-instance`,
    body: { max_instance_num: 1 },
  } as const;
  await ask(world, most);
  await Promise.all([asynchronously(world, {}), asynchronously(world, {})]);
  await world.functionGraph.settled();
  expect(world.lines).toEqual(['print: ran']);
  expect(world.said.at(-1)).toContain('failed with 150429');
  await configure(world, { max_async_retry_attempts: 1 });
  await Promise.all([asynchronously(world, {}), asynchronously(world, {})]);
  await world.functionGraph.settled();
  expect(world.lines).toHaveLength(3);
});
