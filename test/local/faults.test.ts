/** Each fault at the HTTP border: what the caller sees, and what the cloud has really done. */
import { expect, test } from 'vitest';
import { between, seconds } from '../../lib/time.ts';
import { FAULTS, faultNamed } from '../../local/faults/index.ts';
import { aServer, jobsOf, openWorld, restart, START, statuses, type World } from './support/world.ts';

const unwell = ['es-1', 'es-2', 'es-3'];

const worldWith = (...faults: string[]): Promise<World> =>
  openWorld({ fleet: unwell.map((id) => aServer(id, { status: 2 })), faults });

const restarted = ({ model }: World): string[] =>
  model.restarts.map(({ encode_server_id }) => encode_server_id);

test('an unknown fault is refused with the known ones', () => {
  expect(() => faultNamed('earthquake')).toThrow(
    `Expected a fault to be one of ${[...FAULTS.keys()].join(', ')}, got earthquake`,
  );
});

test('every fault says what it does and what is promised', () => {
  for (const [name, fault] of FAULTS) {
    expect(fault.name).toBe(name);
    expect(fault.does.length * fault.promise.length).toBeGreaterThan(0);
  }
});

test('lost-answer: accepted, and silent until the caller gives up; the next call is answered', async () => {
  const world = await worldWith('lost-answer');
  await expect(restart(world, 'es-1', 'es-2')).rejects.toThrow('aborted');
  expect(between(START, world.clock.now())).toBe(seconds(20));
  expect(restarted(world)).toEqual(['es-1', 'es-2']);
  expect(await statuses(world)).toEqual([3, 3, 2]);
  expect((await restart(world, 'es-3')).status).toBe(200);
  expect(between(START, world.clock.now())).toBe(seconds(20));
});

test('lost-answer: others who wait meanwhile are not held up', async () => {
  const world = await worldWith('lost-answer');
  const lost = restart(world, 'es-1').catch(() => 'gave up');
  await world.clock.sleep(seconds(5));
  expect(await statuses(world)).toEqual([3, 2, 2]);
  expect(between(START, world.clock.now())).toBe(seconds(5));
  expect(await lost).toBe('gave up');
});

test('refused-answer: not accepted, the connection breaks at once; the next call is answered', async () => {
  const world = await worldWith('refused-answer');
  await expect(restart(world, 'es-1')).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect([restarted(world), world.clock.now()]).toEqual([[], START]);
  expect((await restart(world, 'es-1')).status).toBe(200);
});

test('throttled: the first two calls are turned away', async () => {
  const world = await worldWith('throttled');
  for (const status of [429, 429, 200]) {
    const told = await restart(world, 'es-1');
    expect([told.status, told.body.error_code]).toEqual([status, status === 429 ? 'APIGW.0308' : undefined]);
  }
  expect(restarted(world)).toEqual(['es-1']);
});

test('item-error: the first id of the first call is refused, the others are restarted', async () => {
  const world = await worldWith('item-error');
  const { status, body } = await restart(world, ...unwell);
  expect(status).toBe(200);
  expect(body.jobs[0]).toEqual({
    encode_server_id: 'es-1',
    error_code: 'CPS.0123',
    error_msg: 'Encode server not found.',
  });
  expect(restarted(world)).toEqual(['es-2', 'es-3']);
  await restart(world, 'es-1');
  expect(restarted(world)).toEqual(['es-2', 'es-3', 'es-1']);
});

test('job-failed: the jobs of the first call fail and the servers stay abnormal', async () => {
  const world = await worldWith('job-failed');
  const { body } = await restart(world, 'es-1');
  const second = await restart(world, 'es-2');
  await world.clock.sleep(seconds(30));
  const [job] = (await jobsOf(world, { request_id: body.request_id })).body.jobs;
  expect(job).toMatchObject({ status: -1, error_code: 'CPS0054' });
  const [next] = (await jobsOf(world, { request_id: second.body.request_id })).body.jobs;
  expect(next).toMatchObject({ status: 2, error_code: null });
  expect(await statuses(world)).toEqual([2, 1, 2]);
});

test('job-stuck: the jobs run for ever although the servers are back', async () => {
  const world = await worldWith('job-stuck');
  const { body } = await restart(world, 'es-1');
  await world.clock.sleep(seconds(86_400));
  const [job] = (await jobsOf(world, { request_id: body.request_id })).body.jobs;
  expect(job).toMatchObject({ status: 1, end_time: null });
  expect(await statuses(world)).toEqual([1, 2, 2]);
});

test('list-invalid: one id spoils every list but its own', async () => {
  const world = await worldWith('list-invalid');
  const whole = await restart(world, ...unwell);
  expect([whole.status, whole.body.error_code]).toEqual([400, 'CPS.0122']);
  expect((await restart(world, 'es-1', 'es-2')).body.error_code).toBe('CPS.0122');
  expect((await restart(world, 'es-2', 'es-3')).status).toBe(200);
  expect((await restart(world, 'es-1')).status).toBe(200);
  expect(restarted(world)).toEqual(['es-2', 'es-3', 'es-1']);
});

test('server-busy: the first call is answered with system busy', async () => {
  const world = await worldWith('server-busy');
  expect((await restart(world, 'es-1')).body.error_code).toBe('CPS.0042');
  expect((await restart(world, 'es-1')).status).toBe(200);
});

test('faults can be combined: the first sees a call before the second', async () => {
  const world = await worldWith('throttled', 'item-error');
  await restart(world, 'es-1');
  await restart(world, 'es-1');
  expect((await restart(world, 'es-1')).body.jobs[0].error_code).toBe('CPS.0123');
});

test('lost-answer waits for the first call that another fault lets through', async () => {
  const world = await worldWith('lost-answer', 'refused-answer');
  await expect(restart(world, 'es-1')).rejects.toThrow(/ECONNRESET|socket hang up/);
  await expect(restart(world, 'es-1')).rejects.toThrow('aborted');
  expect(restarted(world)).toEqual(['es-1']);
});
