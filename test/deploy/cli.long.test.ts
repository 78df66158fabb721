import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeMark } from '../../deploy/plan/record.ts';
import { type Deployed, URN } from '../local/functiongraph/support/cloud.ts';
import { environmentOf, openCloud, serverless } from './support/cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-restart-'));
let world: Deployed;
let environment: Readonly<Record<string, string>>;

const names = () => world.functionGraph.deployment.all().map(({ config }) => config.func_name);

/** A process of its own each time, which has to start on a busy machine; what commands do is in commands.long.test.ts. */
describe('serverless', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    execFileSync('node', ['--import', 'tsx', 'scripts/plugin.ts']);
    world = await openCloud();
    environment = environmentOf(world);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    rmSync(FOLDER, { recursive: true, force: true });
  });

  it('package makes a zip for each function', async () => {
    expect(await serverless(['package', '--package', FOLDER], environment)).toMatchObject({ code: 0 });
    for (const key of ['alarm', 'schedule', 'webhook', 'patrol']) {
      expect(
        readFileSync(join(FOLDER, `${key}.zip`))
          .subarray(0, 2)
          .toString(),
      ).toBe('PK');
    }
  });

  it('refuses a broken serverless.yml before anything else, with a line and exit code 1', async () => {
    const { code, stdout } = await serverless(['deploy'], { ...environment, HUAWEICLOUD_REGION: '' });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'provider.region: expected a region like "cn-north-4", got nothing: set the environment variable HUAWEICLOUD_REGION',
    );
    expect(stdout).not.toMatch(/\n\s+at /);
  });

  it('deploy --dry-run changes nothing, deploy tells of each step', async () => {
    const dry = await serverless(['deploy', '--dry-run', '--package', FOLDER], environment);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('encode-restart-dev-alarm (new)') });
    expect(names()).toEqual([]);
    const { code, stderr } = await serverless(['deploy', '--package', FOLDER], environment);
    expect(code).toBe(0);
    expect(stderr).toContain('encode-restart-dev-alarm: creating');
    expect(names()).toHaveLength(4);
  });

  it('deploy --prune deletes what serverless.yml no longer has, deploy tells of it', async () => {
    const { find, put } = world.functionGraph.deployment;
    const schedule = find(`${URN}:encode-restart-dev-schedule`);
    if (schedule === undefined) throw new Error('expected a function');
    const urn = `${URN}:night`;
    const variables = JSON.parse(schedule.config.user_data ?? '{}') as Record<string, string>;
    const record = { ...JSON.parse(variables['DEPLOYMENT'] ?? '{}'), at: placeMark(urn) };
    const user_data = JSON.stringify({ ...variables, DEPLOYMENT: JSON.stringify(record) });
    put({ ...schedule, urn, config: { ...schedule.config, func_name: 'night', user_data }, triggers: [] });
    const { stdout } = await serverless(['deploy', '--package', FOLDER], environment);
    expect(stdout).toContain('night is deployed and no longer in serverless.yml, and still runs');
    expect(names()).toHaveLength(5);
    const pruned = await serverless(['deploy', '--prune', '--package', FOLDER], environment);
    expect(pruned).toMatchObject({ code: 0, stdout: expect.stringContaining('- night') });
    expect(names()).toHaveLength(4);
  });

  it('invoke prints the answer alone on standard output, and the log beside it', async () => {
    const path = 'events/samples/recovery.json';
    const { code, stdout, stderr } = await serverless(['invoke', '-f', 'alarm', '-p', path], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [], ignored: [{ record: 0 }] });
    expect(stderr).toContain('alarm ignored');
  });

  it('checkup --json says for programs that all is well', async () => {
    const { code, stdout } = await serverless(['checkup', '--json'], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ well: true });
    expect(stdout).toContain('alarm topic → alarm function');
    const without = await serverless(['checkup', '--json', '--no-alarm'], environment);
    expect(without.code).toBe(0);
    expect(without.stdout).not.toContain('alarm topic → alarm function');
  });

  it('ends with 1 and without a stack when FunctionGraph says no', async () => {
    const wrong = { ...environment, HUAWEICLOUD_SDK_SK: 'wrong-secret-key' };
    const { code, stdout, stderr } = await serverless(['info'], wrong);
    expect(code).toBe(1);
    expect(stdout).toContain('HTTP 401 APIGW.0301');
    expect(stdout).not.toMatch(/\n\s+at /);
    expect(stdout + stderr).not.toContain('wrong-secret-key');
  });

  it('remove asks on standard input, and goes without asking with --yes', async () => {
    const asked = await serverless(['remove'], environment, 'no\n');
    expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing was removed') });
    const unanswered = await serverless(['remove'], environment);
    expect(unanswered).toMatchObject({ code: 1, stdout: expect.stringContaining('say --yes') });
    expect(names()).toHaveLength(4);
    expect(await serverless(['remove', '--yes'], environment)).toMatchObject({ code: 0 });
    expect(names()).toEqual([]);
  });
});
