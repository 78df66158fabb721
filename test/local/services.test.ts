/** The local cloud's newer calls over HTTP, and the ways in which an answer can go wrong on the wire. */
import { expect, test } from 'vitest';
import { minutes, seconds } from '../../lib/time.ts';
import type { FaultInstance } from '../../local/faults/index.ts';
import { addFunction, functionUrn } from '../../local/model/index.ts';
import { aServer, call, jobsOf, listServers, openWorld, PROJECT, restart, START } from './support/world.ts';

const ROOT = `/v1/${PROJECT}/cloud-phone`;
const answering = (change: object): FaultInstance => ({
  async intercept(_call, proceed) {
    const reply = await proceed();
    return typeof reply === 'string' ? reply : { ...reply, ...change };
  },
});

test('hosts under maintenance have a scheduled event; pages go on from the last event of the one before', async () => {
  const world = await openWorld({
    fleet: [
      aServer('es-1', { host_maintenance: 'executing' }),
      aServer('es-2', { server_id: 'host-b', host_maintenance: 'scheduled' }),
      aServer('es-3', { server_id: 'host-c' }),
      aServer('es-4', { server_id: 'host-d', host_maintenance: 'executing' }),
    ],
  });
  const ask = async (query: Record<string, string>) =>
    (await call(world, { path: `${ROOT}/scheduled-events`, query })).body;
  const hosts = ({ scheduled_events }: { scheduled_events: { server_id: string }[] }): string[] =>
    scheduled_events.map(({ server_id }) => server_id);
  expect(hosts(await ask({}))).toEqual(['host-a', 'host-b', 'host-d']);
  const first = await ask({ state: 'executing', limit: '1' });
  const marker = first.page_info.next_marker;
  expect([hosts(first), hosts(await ask({ state: 'executing', limit: '1', marker }))]).toEqual([
    ['host-a'],
    ['host-d'],
  ]);
  expect((await ask({ limit: '101' })).error_code).toBe('CPS.0002');
});

test('a region without scheduled events has no such API', async () => {
  const world = await openWorld({ fleet: [], behaviour: { scheduledEvents: 'missing' } });
  const { status, body } = await call(world, { path: `${ROOT}/scheduled-events` });
  expect([status, body.error_code]).toEqual([404, 'APIGW.0101']);
});

test('a function is called asynchronously: the event is kept, handed over and answered with 202', async () => {
  const handed: unknown[] = [];
  const world = await openWorld({ fleet: [], invokeAsync: (urn, event) => handed.push([urn, event]) });
  const urn = functionUrn(world.model, 'patrol');
  addFunction(world.model, urn);
  const invoke = (name: string, body: object) =>
    call(world, {
      method: 'POST',
      path: `/v2/${PROJECT}/fgs/functions/${functionUrn(world.model, name)}/invocations-async`,
      body,
    });
  const event = { run_id: 'run-1' };
  const told = await invoke('patrol', event);
  expect([told.status, Object.keys(told.body)]).toEqual([202, ['request_id']]);
  expect(handed).toEqual([[urn, event]]);
  const tooBig = await invoke('patrol', { pad: 'x'.repeat(262_144) });
  const unknown = await invoke('nobody', event);
  expect([tooBig.status, unknown.status]).toEqual([413, 404]);
  expect([tooBig.body.error_code, unknown.body.error_code]).toEqual(['FSS.0413', 'FSS.1051']);
  expect(world.model.asyncInvocations).toEqual([{ function_urn: urn, event, at: START }]);
});

test('jobs can be forgotten, and codes can come with another status than usual', async () => {
  const world = await openWorld({
    fleet: [aServer('es-1', { status: 2 })],
    behaviour: { jobRetention: seconds(10), httpStatusOfCodes: () => 418 },
  });
  const { body } = await restart(world, 'es-1');
  expect((await jobsOf(world, { request_id: body.request_id })).body.jobs).toHaveLength(1);
  await world.clock.sleep(seconds(10));
  const gone = await jobsOf(world, { request_id: body.request_id });
  expect([gone.status, gone.body.error_code]).toEqual([418, 'CPS.0050']);
  const { body: job } = await call(world, { path: `${ROOT}/jobs/${body.jobs[0].job_id}` });
  expect(job.error_code).toBe('CPS.0011');
});

test('the order of the list is asked for with every page', async () => {
  let looks = 0;
  const world = await openWorld({
    fleet: ['es-1', 'es-2', 'es-3'].map((id) => aServer(id)),
    behaviour: { order: (servers) => [...servers.slice(looks), ...servers.slice(0, looks++)] },
  });
  const first = async () =>
    (await listServers(world, { limit: '1' })).body.encode_servers[0].encode_server_id;
  expect([await first(), await first(), await first()]).toEqual(['es-1', 'es-2', 'es-3']);
});

test('an answer can be any text and carry any header', async () => {
  const fault = answering({ text: '{"request_id":"a","request_id":"b"}', headers: { 'retry-after': '7' } });
  const world = await openWorld({ fleet: [], faults: [fault] });
  expect((await listServers(world)).body).toEqual({ request_id: 'b' });
});

test('an answer can break off in the middle of its body', async () => {
  const world = await openWorld({ fleet: [], faults: [answering({ arrives: 'in half' })] });
  await expect(listServers(world)).rejects.toThrow(/aborted|hang up/);
});

test.each([16, -16])('a gateway whose clock is off by %i minutes believes no signature', async (off) => {
  const world = await openWorld({ fleet: [], faults: [{ clockSkew: minutes(off) }] });
  const { status, body } = await listServers(world);
  expect([status, body.error_code]).toEqual([401, 'APIGW.0303']);
});

test('a fault can lead the functions astray, service by service', async () => {
  const fault: FaultInstance = { endpoints: (url) => ({ smn: url.replace('http:', 'https:') }) };
  const { cloud } = await openWorld({ fleet: [], faults: [fault] });
  expect(cloud.endpoints).toEqual({
    cph: cloud.url,
    smn: cloud.url.replace('http:', 'https:'),
    functiongraph: cloud.url,
  });
});
