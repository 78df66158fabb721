import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { doctor } from '../../deploy/commands/doctor.ts';
import { packageFunctions } from '../../deploy/package.ts';
import { subscribe } from '../../local/model/index.ts';
import { ask, type Deployed, URN } from '../local/functiongraph/support/cloud.ts';
import { canRun, type RedisServer, startRedis } from '../support/redis.ts';
import { environmentOf, openCloud } from './support/cli.ts';
import { deploying, type Edit, type Environment, run } from './support/commands.ts';
import { topic } from './support/yml.ts';

const ZIPS = mkdtempSync(join(tmpdir(), 'encode-restart-'));
let world: Deployed;
let environment: Environment;

beforeAll(async () => {
  await packageFunctions(process.cwd(), ['alarm', 'schedule', 'webhook', 'patrol'], ZIPS);
}, 180_000);
afterAll(() => rmSync(ZIPS, { recursive: true, force: true }));
beforeEach(async () => {
  world = await openCloud();
  environment = environmentOf(world);
});
afterEach(() => world.close());

type Findings = readonly { check: string; state: string; said: string; todo?: string }[];

async function examined(given: Environment = environment, edits: readonly Edit[] = []) {
  const { printed, failed } = await run((...all) => doctor(...all, 'json'), given, edits);
  const { well, findings } = JSON.parse(printed) as { well: boolean; findings: Findings };
  expect(well).toBe(failed === undefined);
  const of = (state: string) => findings.filter((one) => one.state === state).map(({ check }) => check);
  return { findings, ill: of('ill'), well: of('well'), unknown: of('unknown') };
}

describe('doctor', () => {
  it('finds nothing ill with a deployment that is well, and says what nobody can tell', async () => {
    const mail: unknown[] = [];
    for (const name of ['encode-reports', 'encode-pages']) {
      subscribe(world.model, topic(name), {
        name: 'mail',
        deliver: (notification) => mail.push(notification),
      });
    }
    await run(deploying(ZIPS), environment);
    const { ill, well, unknown } = await examined();
    expect(ill).toEqual([]);
    expect(well).toContain('SMN: report_topic');
    expect(well).toContain('CPH: jobs');
    expect(unknown).toContain('CPH: restart');
    expect(unknown).toContain('ledger');
    expect(mail).toHaveLength(2);
    expect(JSON.stringify(mail)).toMatch(
      /test of page_topic by .*serverless checkup.* Nothing has to be done/,
    );
  });

  it('shows a table with what to do', async () => {
    await run(deploying(ZIPS), environment);
    const { printed } = await run((...all) => doctor(...all, 'table'), environment);
    expect(printed).toMatch(/^✔ function alarm +it is as serverless\.yml says$/m);
    expect(printed).toMatch(/^\? CPH: restart +nobody can tell before the first restart$/m);
    expect(printed).toContain('→ See that the policy of the agency allows cph:servers:restartEncodeServers.');
  });

  it('sees that nothing is deployed', async () => {
    const { ill } = await examined();
    expect(ill).toEqual(['alarm', 'schedule', 'webhook', 'patrol'].map((key) => `function ${key}`));
  });

  it('sees a topic that is gone', async () => {
    await run(deploying(ZIPS), environment);
    world.model.topics.delete(topic('encode-reports'));
    const { ill, findings } = await examined();
    expect(ill).toEqual(['SMN: report_topic']);
    expect(findings.find(({ check }) => check === 'SMN: report_topic')?.said).toContain('SMN.0006');
  });

  it('sees a CPH that does not answer', async () => {
    const away = { ...environment, HUAWEICLOUD_CPH_ENDPOINT: 'http://127.0.0.1:1' };
    await run(deploying(ZIPS), away);
    const { ill } = await examined(away);
    expect(ill).toEqual(['CPH: encode servers', 'CPH: jobs']);
  });

  it('sees a trigger that somebody has taken away, and a limit that somebody has changed', async () => {
    await run(deploying(ZIPS), environment);
    await ask(world, { method: 'DELETE', path: `/triggers/${URN}:encode-restart-dev-alarm` });
    const { ill, findings } = await examined(environment, [['timeout: 43200', 'timeout: 3600']]);
    expect(ill).toEqual(['function alarm', 'function schedule']);
    expect(findings[0]?.said).toContain(`+ SMN ${topic('encode-alarms')}`);
    expect(findings[1]?.said).toContain('~ timeout: 43200 → 3600');
  });

  it('sees a ledger that does not answer', async () => {
    const away = { ...environment, LEDGER_URL: 'redis://:secret-of-the-ledger@127.0.0.1:1/0' };
    await run(deploying(ZIPS), away);
    const { ill, findings } = await examined(away);
    expect(ill).toContain('ledger');
    expect(JSON.stringify(findings)).not.toContain('secret-of-the-ledger');
  });
});

describe.runIf(canRun('doctor'))('doctor, of a ledger in Redis', () => {
  let redis: RedisServer | undefined;
  afterEach(async () => redis?.end());

  it.each([
    ['is well when it keeps all', ['--appendonly', 'yes'], []],
    ['is ill when it keeps nothing', ['--save', '', '--appendonly', 'no'], ['ledger: keeps what it took']],
    [
      'is ill when it throws out cooldowns',
      ['--appendonly', 'yes', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
      ['ledger: keeps what it took'],
    ],
  ])('%s', async (_, options, expected) => {
    redis = await startRedis(options);
    const shared = { ...environment, LEDGER_URL: `${redis.url}/0` };
    await run(deploying(ZIPS), shared);
    const { ill, well } = await examined(shared);
    expect(ill).toEqual(expected);
    expect(well).toContain('ledger');
    expect(well).toContain('FunctionGraph: patrol');
    await world.functionGraph.settled();
  });
});
