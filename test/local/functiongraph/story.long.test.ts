/** From nothing to nothing: one small zip is deployed, called in every way there is, frozen, killed, recycled, removed. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { minutes, seconds } from '../../../lib/time.ts';
import { publish, topicUrn } from '../../../local/model/index.ts';
import { ask, create, invoke, openCloud, send, URN } from './support/cloud.ts';

const CODE = `
  let calls = 0;
  const kindOf = (event) => event.trigger_type ?? event.httpMethod ?? (event.record ? 'SMN' : 'CALL');
  exports.handler = async (event) => {
    calls += 1;
    console.log(kindOf(event));
    if (event.hang) await new Promise(() => setInterval(() => undefined, 1000));
    if (event.httpMethod) return { statusCode: 200, headers: {}, body: 'hello', isBase64Encoded: false };
    return { calls, pid: process.pid, version: process.version };
  };`;

test('a zip is deployed, called in every way, frozen, killed in time, recycled and removed', async () => {
  const world = await openCloud({ topics: [] });
  const { clock, functionGraph, model } = world;
  const topic_urn = topicUrn(model, 'alarms');
  model.topics.set(topic_urn, []);
  await create(world, { func_name: 'tiny', timeout: 3 }, CODE);

  const first = (await invoke(world, 'tiny')).body;
  expect(first.calls).toBe(1);
  const standstill = clock.deadline(minutes(1));
  const status = () => readFileSync(`/proc/${first.pid}/status`, 'utf8');
  await vi.waitFor(() => expect(status()).toMatch(/^State:\tT/m));
  standstill.clear();
  expect((await invoke(world, 'tiny')).body).toEqual({ ...first, calls: 2 });

  expect((await invoke(world, 'tiny', { hang: true })).headers['x-func-err-code']).toBe('4010');
  const fresh = (await invoke(world, 'tiny')).body;
  expect([fresh.calls, fresh.pid === first.pid]).toEqual([1, false]);

  await clock.sleep(seconds(61));
  await vi.waitFor(() => expect(functionGraph.pids()).toEqual([]));

  const add = async (trigger_type_code: string, event_data: object) => {
    const body = { trigger_type_code, event_data };
    expect((await ask(world, { method: 'POST', path: `/triggers/${URN}:tiny`, body })).status).toBe(201);
  };
  await add('SMN', { topic_urn });
  await add('TIMER', { name: 'soon', schedule_type: 'Rate', schedule: '1m' });
  await add('TIMER', { name: 'at', schedule_type: 'Cron', schedule: 'CRON_TZ=Asia/Shanghai 30 0 12 * * *' });
  const api = {
    name: 'api',
    path: '/tiny',
    protocol: 'HTTPS',
    req_method: 'ANY',
    match_mode: 'SWA',
    auth: 'NONE',
  };
  const environment = { group_id: 'group', env_name: 'RELEASE', env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' };
  await add('APIG', { ...api, ...environment });
  await add('DEDICATEDGATEWAY', { ...api, ...environment, path: '/own', instance_id: 'gateway' });

  world.lines.length = 0;
  publish(model, topic_urn, { subject: 'S', message: 'M' }, clock.now());
  await functionGraph.settled();
  const urn = `${URN}:tiny`;
  await ask(world, { method: 'POST', path: `/functions/${urn}/invocations-async`, body: {} });
  await functionGraph.settled();
  for (const path of ['/tiny/x', '/own']) {
    const call = clock.deadline(minutes(1));
    const { status, text } = await send(`${functionGraph.gateway}${path}`, 'GET', {});
    call.clear();
    expect([status, text]).toEqual([200, 'hello']);
  }
  expect(world.lines).toEqual(['tiny: SMN', 'tiny: CALL', 'tiny: GET', 'tiny: GET']);

  world.lines.length = 0;
  await clock.sleep(minutes(1));
  await functionGraph.settled();
  expect(world.lines).toEqual(['tiny: TIMER']);
  // 12:00:30 in Shanghai is an hour after this story began.
  const [minutely] = (await ask(world, { path: `/triggers/${urn}` })).body.filter(
    ({ event_data }: { event_data: { name?: string } }) => event_data.name === 'soon',
  );
  await ask(world, { method: 'DELETE', path: `/triggers/${urn}/TIMER/${minutely.trigger_id}` });
  world.lines.length = 0;
  await clock.sleep(minutes(60));
  await functionGraph.settled();
  expect(world.lines).toEqual(['tiny: TIMER']);

  expect((await ask(world, { method: 'DELETE', path: `/functions/${urn}` })).status).toBe(204);
  await vi.waitFor(() => expect(functionGraph.pids()).toEqual([]));
  expect(model.topics.get(topic_urn)).toEqual([]);
  expect((await send(`${functionGraph.gateway}/tiny`, 'GET', {})).status).toBe(404);
  await clock.sleep(minutes(24 * 60));
  expect(world.lines).toEqual(['tiny: TIMER']);
});
