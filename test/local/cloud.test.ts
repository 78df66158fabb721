/** The local cloud over HTTP: lists and their pages, restarts and jobs, topics, and what it refuses. */
import { expect, test } from 'vitest';
import { between, seconds } from '../../lib/time.ts';
import { addTopic, hang, subscribe, topicUrn } from '../../local/model/index.ts';
import {
  aServer,
  call,
  jobsOf,
  listServers,
  openWorld,
  PROJECT,
  restart,
  START,
  statuses,
} from './support/world.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `es-${index}`);
const ROOT = `/v1/${PROJECT}/cloud-phone`;

test('encode servers are listed in pages without a total, a hundred when nothing else is asked for', async () => {
  const world = await openWorld({ fleet: ids(130).map((id) => aServer(id)) });
  const first = await listServers(world);
  const second = await listServers(world, { offset: '100' });
  const part = await listServers(world, { offset: '128', limit: '10' });
  const seen = [first, second].flatMap(({ body }) => body.encode_servers);
  expect(seen.map(({ encode_server_id }) => encode_server_id)).toEqual(ids(130));
  expect(part.body.encode_servers).toHaveLength(2);
  expect(new Set(Object.keys(first.body))).toEqual(new Set(['encode_servers', 'request_id']));
});

test.each([
  [{ limit: '0' }, 'CPS.0002'],
  [{ limit: '101' }, 'CPS.0002'],
  [{ limit: 'ten' }, 'CPS.0002'],
  [{ offset: '-1' }, 'CPS.0002'],
  [{ status: '6' }, 'CPS.0010'],
])('a list asked for with %o is refused with %s', async (query: Record<string, string>, code) => {
  const world = await openWorld({ fleet: [aServer('es-1')] });
  const { status, body } = await listServers(world, query);
  expect([status, body.error_code]).toEqual([400, code]);
  expect(new Set(Object.keys(body))).toEqual(new Set(['error_code', 'error_msg', 'request_id']));
});

test('the list can be narrowed by host, status and type; an unknown host has none', async () => {
  const world = await openWorld({
    fleet: [
      aServer('es-1', { status: 2 }),
      aServer('es-2', { type: 1 }),
      aServer('es-3', { server_id: 'host-b', status: 2 }),
    ],
  });
  const found = async (query: Record<string, string>): Promise<string[]> =>
    (await listServers(world, query)).body.encode_servers.map(
      ({ encode_server_id }: { encode_server_id: string }) => encode_server_id,
    );
  expect(await found({ server_id: 'host-a' })).toEqual(['es-1', 'es-2']);
  expect(await found({ status: '2' })).toEqual(['es-1', 'es-3']);
  expect(await found({ type: '1' })).toEqual(['es-2']);
  expect(await found({ server_id: 'nobody' })).toEqual([]);
});

test('phones lead to their host; unknown phones and hosts are told by their codes', async () => {
  const world = await openWorld({ fleet: [aServer('es-1', { phones: ['phone-1'], host_status: 8 })] });
  const show = async (path: string): Promise<unknown[]> => {
    const { status, body } = await call(world, { path: `${ROOT}/${path}` });
    return [status, body.error_code ?? body.server_id, body.status];
  };
  expect(await show('phones/phone-1')).toEqual([200, 'host-a', 2]);
  expect(await show('phones/phone-2')).toEqual([404, 'CPS.0005', undefined]);
  expect(await show('servers/host-a')).toEqual([200, 'host-a', 8]);
  expect(await show('servers/host-b')).toEqual([404, 'CPS.0015', undefined]);
  const { body } = await call(world, { path: `${ROOT}/servers`, query: { status: '8' } });
  expect(body.servers).toHaveLength(1);
  const tooMany = await call(world, { path: `${ROOT}/servers`, query: { limit: '200' } });
  expect(tooMany.body.error_code).toBe('CPS.0002');
});

test('a restart shows late in the list, then as restarting, then as done, and its job ends with it', async () => {
  const world = await openWorld({
    fleet: [aServer('es-1', { status: 2 }), aServer('es-2', { status: 2, recovers: false })],
    behaviour: { listLag: () => seconds(2), jobOfTheLost: () => 'succeeds' },
  });
  const { status, body } = await restart(world, 'es-1', 'es-2');
  expect(status).toBe(200);
  expect(body.jobs.map(Object.keys)).toEqual([
    ['job_id', 'encode_server_id'],
    ['job_id', 'encode_server_id'],
  ]);
  const jobs = async (): Promise<unknown[]> => {
    const told = await jobsOf(world, { request_ids: body.request_id });
    return told.body.jobs.map((job: Record<string, unknown>) => [job['status'], job['end_time']]);
  };
  expect(await statuses(world)).toEqual([2, 2]);
  expect(await jobs()).toEqual([
    [1, null],
    [1, null],
  ]);
  await world.clock.sleep(seconds(2));
  expect(await statuses(world)).toEqual([3, 3]);
  await world.clock.sleep(seconds(28));
  expect(await statuses(world)).toEqual([1, 2]);
  expect(await jobs()).toEqual([
    [2, '2026-01-31T03:00:30Z'],
    [2, '2026-01-31T03:00:30Z'],
  ]);
  expect(world.model.restarts).toMatchObject([
    { encode_server_id: 'es-1', at: START },
    { encode_server_id: 'es-2', at: START },
  ]);
  expect(world.cloud.calls()).toEqual({ RestartEncodeServer: 1, ListEncodeServers: 3, ListJobs: 2 });
});

test('the job of a server that no restart mends may also fail, in the code as jobs write it', async () => {
  const world = await openWorld({
    fleet: [aServer('es-1', { status: 2, recovers: false })],
    behaviour: { jobOfTheLost: () => 'fails', jobsNameServers: true },
  });
  const { body } = await restart(world, 'es-1');
  await world.clock.sleep(seconds(30));
  const { body: shown } = await call(world, { path: `${ROOT}/jobs/${body.jobs[0].job_id}` });
  expect(shown).toMatchObject({ status: -1, error_code: 'CPS0054', encode_server_id: 'es-1' });
  expect(await statuses(world)).toEqual([2]);
});

test('a restart usually takes 20 to 60 s, always the same for a server', async () => {
  const world = await openWorld({
    fleet: ids(20).map((id) => ({ encode_server_id: id, server_id: 'host-a' })),
  });
  await restart(world, ...ids(20));
  await world.clock.sleep(seconds(19));
  expect(new Set(await statuses(world))).toEqual(new Set([3]));
  await world.clock.sleep(seconds(41));
  expect(new Set(await statuses(world))).toEqual(new Set([1]));
  const ends = [...world.model.servers.values()].map(({ restart: done }) => done?.endsAt);
  expect(new Set(ends).size).toBeGreaterThan(5);
});

test('what cannot be restarted is refused server by server inside a successful answer', async () => {
  const world = await openWorld({
    fleet: [
      aServer('well'),
      aServer('creating', { status: 100 }),
      aServer('frozen', { status: 4 }),
      aServer('off', { status: 5 }),
      aServer('restarting', { status: 3 }),
      aServer('elsewhere', { server_id: 'host-b', host_status: 8 }),
    ],
  });
  const asked = ['well', 'creating', 'frozen', 'off', 'restarting', 'elsewhere', 'nobody', 'well'];
  const { status, body } = await restart(world, ...asked);
  expect(status).toBe(200);
  expect(body.jobs.map((job: { error_code?: string }) => job.error_code)).toEqual([
    undefined,
    'CPS.0124',
    'CPS.0195',
    'CPS.0158',
    'CPS.0158',
    'CPS.0099',
    'CPS.0123',
    'CPS.0158',
  ]);
  expect(world.model.restarts).toHaveLength(1);
});

test.each([
  ['an empty list', [], 'CPS.0122'],
  ['more than a hundred ids', ids(101), 'CPS.0122'],
  ['an id that cannot be one', ['es 1'], 'CPS.0121'],
])('%s is refused as a whole', async (_what, asked: string[], code) => {
  const world = await openWorld({ fleet: [aServer('es-1')] });
  const { status, body } = await restart(world, ...asked);
  expect([status, body.error_code, world.model.restarts]).toEqual([400, code, []]);
});

test('a restart call without a list is refused', async () => {
  const world = await openWorld({ fleet: [aServer('es-1')] });
  const path = `${ROOT}/encode-servers/batch-restart`;
  const { body } = await call(world, { method: 'POST', path, body: { server_ids: ['es-1'] } });
  expect(body.error_code).toBe('CPS.0122');
});

test('jobs are asked for by up to twenty known request ids', async () => {
  const world = await openWorld({ fleet: [aServer('es-1'), aServer('es-2')] });
  const first = await restart(world, 'es-1');
  const second = await restart(world, 'es-2');
  const both = `${first.body.request_id},${second.body.request_id}`;
  const codeOf = async (query: Record<string, string>): Promise<unknown> =>
    (await jobsOf(world, query)).body.error_code;
  expect((await jobsOf(world, { request_ids: both })).body.jobs).toHaveLength(2);
  expect((await jobsOf(world, { request_id: first.body.request_id })).body.jobs).toHaveLength(1);
  expect((await jobsOf(world, { request_ids: both, offset: '1', limit: '5' })).body.jobs).toHaveLength(1);
  expect(await codeOf({})).toBe('CPS.0049');
  expect(await codeOf({ request_id: 'unknown' })).toBe('CPS.0050');
  expect(await codeOf({ request_ids: ids(21).join(',') })).toBe('CPS.0161');
  expect(await codeOf({ request_ids: both, limit: '101' })).toBe('CPS.0002');
  expect((await call(world, { path: `${ROOT}/jobs/unknown` })).body.error_code).toBe('CPS.0011');
});

test('an encode server hangs at once, or when the restart under way has ended', async () => {
  const world = await openWorld({ fleet: [aServer('es-1'), aServer('es-2')] });
  hang(world.model, 'es-1', world.clock.now());
  await restart(world, 'es-2');
  hang(world.model, 'es-2', world.clock.now());
  await world.clock.sleep(seconds(30));
  expect(await statuses(world)).toEqual([2, 2]);
  hang(world.model, 'es-2', world.clock.now());
  expect(() => hang(world.model, 'nobody', world.clock.now())).toThrow('nobody');
});

test('a published message is kept by protocol and handed to the functions that are subscribed', async () => {
  const world = await openWorld({ fleet: [] });
  const urn = topicUrn(world.model, 'reports');
  addTopic(world.model, urn);
  addTopic(world.model, urn);
  const handed: unknown[] = [];
  subscribe(world.model, urn, { name: 'listener', deliver: (notification) => handed.push(notification) });
  const path = `/v2/${PROJECT}/notifications/topics/${urn}/publish`;
  const messages = { default: 'text', functionstage: '{"runs":1}' };
  const body = { subject: 'Restarted', message_structure: JSON.stringify(messages) };
  const told = await call(world, { method: 'POST', path, body });
  const { message_id } = told.body;
  expect(told.status).toBe(200);
  expect(world.model.mailbox).toEqual([
    { message_id, topic_urn: urn, at: START, subject: 'Restarted', messages },
  ]);
  expect(handed).toEqual([
    {
      message_id,
      topic_urn: urn,
      timestamp: '2026-01-31T03:00:00Z',
      subject: 'Restarted',
      message: '{"runs":1}',
    },
  ]);
});

test('the subscriptions of a topic are listed in pages, and only a confirmed one is handed a message', async () => {
  const world = await openWorld({ fleet: [] });
  const urn = topicUrn(world.model, 'reports');
  addTopic(world.model, urn);
  const handed: string[] = [];
  const add = (name: string, status: 0 | 1 | 3) =>
    subscribe(world.model, urn, {
      name,
      protocol: 'email',
      endpoint: `${name}@example.com`,
      status,
      deliver: () => handed.push(name),
    });
  add('first', 1);
  add('second', 0);
  add('third', 3);
  const topics = `/v2/${PROJECT}/notifications/topics`;
  const list = (query: Record<string, string> = {}, of = urn) =>
    call(world, { path: `${topics}/${of}/subscriptions`, query });
  const { status, body } = await list();
  expect([status, body]).toEqual([
    200,
    {
      request_id: expect.any(String),
      subscription_count: 3,
      subscriptions: ['first', 'second', 'third'].map((name, index) => ({
        topic_urn: urn,
        protocol: 'email',
        subscription_urn: expect.stringMatching(new RegExp(`^${urn}:[0-9a-f]{32}$`)),
        owner: PROJECT,
        endpoint: `${name}@example.com`,
        remark: '',
        status: [1, 0, 3][index],
      })),
    },
  ]);
  const { body: page } = await list({ offset: '1', limit: '1' });
  expect([
    page.subscription_count,
    page.subscriptions.map(({ status }: { status: number }) => status),
  ]).toEqual([3, [0]]);
  for (const query of [{ limit: '0' }, { limit: '101' }, { offset: '-1' }]) {
    expect((await list(query)).body.code).toBe('SMN.0015');
  }
  expect((await list({}, `${urn}-gone`)).body.code).toBe('SMN.0006');
  expect((await list({}, 'urn:smn:cn-east-3:other:reports')).body.code).toBe('SMN.0005');
  await call(world, {
    method: 'POST',
    path: `${topics}/${urn}/publish`,
    body: { subject: 's', message: 'm' },
  });
  expect(handed).toEqual(['first']);
});

test.each([
  ['a topic that is not there', 'urn:smn:cn-north-4:PROJECT:none', { message: 'm' }, 404, 'SMN.0006'],
  ['a topic of another region', 'urn:smn:cn-east-3:PROJECT:reports', { message: 'm' }, 400, 'SMN.0005'],
  ['a long subject', undefined, { subject: 'é'.repeat(257), message: 'm' }, 403, 'SMN.0008'],
  ['no message', undefined, {}, 403, 'SMN.0009'],
  ['a message over 256 KB', undefined, { message: 'm'.repeat(262_145) }, 403, 'SMN.0009'],
  ['a structure without default', undefined, { message_structure: '{"sms":"m"}' }, 400, 'SMN.0021'],
  ['a structure that is not text', undefined, { message_structure: '{"default":1}' }, 400, 'SMN.0021'],
  ['a structure that is no JSON', undefined, { message_structure: 'default' }, 400, 'SMN.0021'],
])('publishing to or with %s is refused', async (_what, urn, publication, status, code) => {
  const world = await openWorld({ fleet: [] });
  addTopic(world.model, topicUrn(world.model, 'reports'));
  const topic = urn?.replace('PROJECT', PROJECT) ?? topicUrn(world.model, 'reports');
  const path = `/v2/${PROJECT}/notifications/topics/${topic}/publish`;
  const told = await call(world, { method: 'POST', path, body: { subject: 'S', ...publication } });
  expect([told.status, told.body.code, typeof told.body.message]).toEqual([status, code, 'string']);
  expect(world.model.mailbox).toEqual([]);
});

test('an API that does not exist, and a project that is not ours, are refused', async () => {
  const world = await openWorld({ fleet: [] });
  const unknown = await call(world, { path: `${ROOT}/phones` });
  expect([unknown.status, unknown.body.error_code]).toEqual([404, 'APIGW.0101']);
  const foreign = await call(world, { path: '/v1/other/cloud-phone/encode-servers' });
  expect(foreign.body.error_code).toBe('CPS.0046');
  const path = '/v2/other/notifications/topics/urn:smn:cn-north-4:other:reports/publish';
  const topic = await call(world, { method: 'POST', path, body: {} });
  expect(topic.body.code).toBe('SMN.0005');
  expect(world.cloud.calls()).toEqual({ unknown: 1, ListEncodeServers: 1, PublishMessage: 1 });
});

test('a body of more than a megabyte is refused', async () => {
  const world = await openWorld({ fleet: [] });
  const path = `${ROOT}/encode-servers/batch-restart`;
  const told = await call(world, { method: 'POST', path, body: { pad: 'x'.repeat(1_100_000) } });
  expect(told.status).toBe(413);
});

test('no call costs virtual time', async () => {
  const world = await openWorld({ fleet: [aServer('es-1')] });
  await Promise.all([statuses(world), statuses(world), statuses(world)]);
  expect(between(START, world.clock.now())).toBe(0);
});
