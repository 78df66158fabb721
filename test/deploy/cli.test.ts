import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type Deployed, URN } from '../local/functiongraph/support/cloud.ts';
import { environmentOf, openCloud, serverless } from './support/cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-restart-'));
const SECRETS = /person-secret|secret-of-the-ledger|sixteen-letters-long/;
let world: Deployed;
let environment: Readonly<Record<string, string>>;

const names = () => world.functionGraph.deployment.all().map(({ config }) => config.func_name);
const triggersOf = (name: string): Promise<readonly { event_data: { name?: string; schedule?: string } }[]> =>
  ask(world, { path: `/triggers/${URN}:${name}` }).then(({ body }) => body);

/** A process of its own each time, which has to start on a busy machine. */
describe('serverless on a local cloud', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    execFileSync('node', ['--import', 'tsx', 'scripts/plugin.ts']);
    world = await openCloud();
    environment = environmentOf(world);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    rmSync(FOLDER, { recursive: true, force: true });
  });

  it('packages twice into the same bytes, with what the licences ask for', async () => {
    const zips = (folder: string) =>
      ['alarm', 'schedule', 'webhook', 'patrol'].map((key) => readFileSync(join(folder, `${key}.zip`)));
    const [one, other] = [join(FOLDER, 'one'), join(FOLDER, 'other')];
    const ended = await serverless(['package', '--package', one], environment);
    expect(ended).toMatchObject({ code: 0 });
    await serverless(['package', '--package', other], environment);
    expect(zips(one)).toEqual(zips(other));
    expect(readFileSync(join(one, 'alarm', 'index.js.map'), 'utf8')).toContain('functions/alarm.ts');
  });

  it('refuses a broken serverless.yml before anything else, with one line and exit code 1', async () => {
    const { code, stdout } = await serverless(['deploy'], { ...environment, HUAWEICLOUD_REGION: '' });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'provider.region: expected a region like "cn-north-4", got nothing: set the environment variable HUAWEICLOUD_REGION',
    );
    expect(stdout).not.toMatch(/\n\s+at /);
  });

  it('shows with --dry-run what it would do, and does none of it', async () => {
    const { code, stdout } = await serverless(
      ['deploy', '--dry-run', '--package', join(FOLDER, 'one')],
      environment,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('encode-restart-dev-alarm (new)');
    expect(names()).toEqual([]);
  });

  it('deploys, telling of each step, and then has nothing to change', async () => {
    const secret = { ...environment, API_SECRET: 'sixteen-letters-long' };
    const first = await serverless(['deploy'], secret);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('encode-restart-dev-alarm: creating');
    expect(names().sort()).toEqual(
      ['alarm', 'patrol', 'schedule', 'webhook'].map((key) => `encode-restart-dev-${key}`),
    );
    const second = await serverless(['deploy'], secret);
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).toContain('No change.');
    for (const text of [first.stdout, first.stderr, second.stdout, second.stderr]) {
      expect(text).not.toMatch(SECRETS);
    }
  });

  it('leaves one timer when the schedule changes, and nothing of the other secret', async () => {
    const config = 'serverless.changed-by-test.yml';
    const text = readFileSync('serverless.yml', 'utf8').replace('0 5 2 * * *', '0 35 2 * * *');
    writeFileSync(config, text);
    try {
      expect(await serverless(['deploy', '--config', config], environment)).toMatchObject({ code: 0 });
    } finally {
      rmSync(config);
    }
    const timers = await triggersOf('encode-restart-dev-schedule');
    expect(timers.map(({ event_data }) => event_data.schedule)).toEqual([
      'CRON_TZ=Asia/Shanghai 0 35 2 * * *',
    ]);
  });

  it('shows what is deployed', async () => {
    const { code, stdout } = await serverless(['info'], environment);
    expect(code).toBe(0);
    expect(stdout).toContain(`urn      ${URN}:encode-restart-dev-alarm:latest`);
    expect(stdout).toContain('mode     observe');
    expect(stdout).toContain('trigger  TIMER nightly (CRON_TZ=Asia/Shanghai 0 35 2 * * *) ACTIVE');
  });

  it('calls a deployed function, which answers from its zip', async () => {
    const path = 'events/samples/recovery.json';
    const { code, stdout, stderr } = await serverless(['invoke', '-f', 'alarm', '-p', path], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [], ignored: [{ record: 0 }] });
    expect(stderr).toContain('alarm ignored');
  });

  it('calls it without waiting, too', async () => {
    const { code, stdout } = await serverless(
      ['invoke', '-f', 'alarm', '-d', '{"record": []}', '--type', 'event'],
      environment,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ request_id: expect.any(String) });
    await world.functionGraph.settled();
  });

  it('ends with 1 when the function fails, and shows why', async () => {
    const event = '{"trigger_type": "TIMER", "user_event": "{\\"every\\": true}"}';
    const { code, stdout } = await serverless(['invoke', '-f', 'schedule', '-d', event], environment);
    expect(code).toBe(1);
    expect(stdout).toContain('errorMessage');
    expect(stdout).toContain('The function failed with code 4002');
  });

  it.each([
    ['a wrong key', { HUAWEICLOUD_SDK_SK: 'wrong-secret-key' }, 'HTTP 401 APIGW.0301'],
    [
      'no key',
      { HUAWEICLOUD_SDK_AK: '', HUAWEICLOUD_SDK_SK: '' },
      'Set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK',
    ],
    [
      'half a key',
      { HUAWEICLOUD_SDK_AK: '' },
      'HUAWEICLOUD_SDK_AK: expected a value beside HUAWEICLOUD_SDK_SK',
    ],
  ])('with %s ends with 1 and says what to do, without showing it', async (_, wrong, line) => {
    const { code, stdout, stderr } = await serverless(['info'], { ...environment, ...wrong });
    expect(code).toBe(1);
    expect(stdout).toContain(line);
    expect(stdout + stderr).not.toMatch(/person-secret|wrong-secret-key/);
  });

  it('removes nothing unless somebody says yes', async () => {
    const { code, stdout } = await serverless(['remove'], environment, 'no\n');
    expect(code).toBe(1);
    expect(stdout).toContain('- encode-restart-dev-alarm');
    expect(stdout).toContain('Nothing was removed');
    expect(names()).toHaveLength(4);
  });

  it('removes what is ours, and leaves a trigger that is not, with its function', async () => {
    const body = {
      trigger_type_code: 'TIMER',
      event_data: { name: 'of-somebody-else', schedule_type: 'Rate', schedule: '1d' },
    };
    await ask(world, { method: 'POST', path: `/triggers/${URN}:encode-restart-dev-schedule`, body });
    const { code, stdout } = await serverless(['remove', '--yes'], environment);
    expect(code).toBe(0);
    expect(stdout).toContain('left alone: TIMER of-somebody-else (1d), which is not ours');
    expect(names()).toEqual(['encode-restart-dev-schedule']);
    const left = await triggersOf('encode-restart-dev-schedule');
    expect(left.map(({ event_data }) => event_data.name)).toEqual(['of-somebody-else']);
  });
});
