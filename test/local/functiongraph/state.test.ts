/** What is deployed outlives the cloud if it has a file for it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openStore } from '../../../local/functiongraph/store.ts';
import { topicUrn } from '../../../local/model/index.ts';
import { ask, create, invoke, openCloud, URN } from './support/cloud.ts';

const folder = mkdtempSync(join(tmpdir(), 'state-'));
const stateFile = join(folder, 'state.json');
afterEach(() => rmSync(stateFile, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

test('a cloud that is started again has the functions, triggers and settings of the one before', async () => {
  const first = await openCloud({ stateFile });
  const topic = topicUrn(first.model, 'alarms');
  first.model.topics.set(topic, []);
  await create(first, { xrole: 'agency', encrypted_user_data: '{"SECRET":"s"}' });
  const trigger = { trigger_type_code: 'SMN', event_data: { topic_urn: topic } };
  await ask(first, { method: 'POST', path: `/triggers/${URN}:echo`, body: trigger });
  const settings = { max_async_retry_attempts: 3 };
  await ask(first, { method: 'PUT', path: `/functions/${URN}:echo/async-invoke-config`, body: settings });
  const paths = [
    `/functions/${URN}:echo/config`,
    `/triggers/${URN}:echo`,
    `/functions/${URN}:echo/async-invoke-config`,
  ];
  const shown = async (world: typeof first) =>
    Promise.all(paths.map(async (path) => (await ask(world, { path })).body));
  const before = await shown(first);
  await first.close();

  const second = await openCloud({ stateFile });
  expect(await shown(second)).toEqual(before);
  expect((await invoke(second, 'echo', 1)).body).toEqual({ got: 1 });
  expect(second.model.topics.get(topic)).toHaveLength(1);
});

test('whatever was answered with yes is in the file already', async () => {
  const world = await openCloud({ stateFile });
  await create(world);
  expect(openStore(stateFile).all()).toHaveLength(1);
  await ask(world, { method: 'DELETE', path: `/functions/${URN}:echo` });
  expect(openStore(stateFile).all()).toEqual([]);
});

test('the file is for its owner alone: secrets are in it', async () => {
  const world = await openCloud({ stateFile });
  await create(world, { encrypted_user_data: '{"SECRET":"kept"}' });
  expect(readFileSync(stateFile, 'utf8')).toContain('kept');
  expect(statSync(stateFile).mode & 0o077).toBe(0);
});

test.each([
  ['no JSON', 'no JSON', '{"version":1,'],
  ['other JSON', 'other JSON', '{"version":2,"functions":[]}'],
])('a file with %s is not overwritten, and the message names it', (_what, got, text) => {
  writeFileSync(stateFile, text);
  expect(() => openStore(stateFile)).toThrow(`${stateFile}: expected the state of a local cloud, got ${got}`);
});
