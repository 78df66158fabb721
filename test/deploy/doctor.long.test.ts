import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Checkup, doctor } from '../../deploy/commands/doctor.ts';
import { packageFunctions } from '../../deploy/package.ts';
import { milliseconds, seconds } from '../../lib/time.ts';
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

/** Local functions answer within milliseconds. */
const QUICK = { every: milliseconds(50), atMost: seconds(60) };

async function examined(
  given: Environment = environment,
  edits: readonly Edit[] = [],
  more: Partial<Checkup> = {},
) {
  const checkup: Checkup = { as: 'json', testAlarm: 'send', patience: QUICK, ...more };
  const { printed, failed, said } = await run((...all) => doctor(...all, checkup), given, edits);
  const { well, findings } = JSON.parse(printed) as { well: boolean; findings: Findings };
  expect(well).toBe(failed === undefined);
  const of = (state: string) => findings.filter((one) => one.state === state).map(({ check }) => check);
  const row = (check: string) => findings.find((one) => one.check === check);
  return { findings, row, said, ill: of('ill'), well: of('well'), unknown: of('unknown') };
}

const ARRIVAL = 'alarm topic → alarm function';
const REPORT = 'report → report_topic';
/** The subjects of what SMN took. */
const subjects = (name: string) =>
  world.model.mailbox.filter(({ topic_urn }) => topic_urn === topic(name)).map(({ subject }) => subject);

describe('doctor', () => {
  it('finds nothing ill with a deployment that is well, and says what nobody can tell', async () => {
    await run(deploying(ZIPS), environment);
    const { ill, well, unknown, row } = await examined();
    expect(ill).toEqual([]);
    expect(well).toContain('SMN: report_topic');
    expect(well).toContain('CPH: jobs');
    expect(unknown).toContain('CPH: restart');
    expect(unknown).toContain('ledger');
    expect(row('subscribers of page_topic')).toMatchObject({ state: 'well', said: '1 (email)' });
    expect(row('subscription of encode-alarms')?.said).toBe('it calls encode-restart-dev-alarm');
    const [page, ...others] = world.model.mailbox.filter(
      ({ topic_urn }) => topic_urn === topic('encode-pages'),
    );
    expect(others).toEqual([]);
    expect(page?.messages['default']).toMatch(
      /test of page_topic by .*serverless checkup.* Nothing has to be done/,
    );
  });

  it('without a shared ledger sends a test alarm, and says that only its report shows that it came', async () => {
    await run(deploying(ZIPS), environment);
    const { row } = await examined();
    expect(row(ARRIVAL)).toMatchObject({
      state: 'unknown',
      said: expect.stringContaining('without a shared ledger'),
    });
    await world.functionGraph.settled();
    expect(subjects('encode-reports')).toEqual([
      '[encode-restart] test',
      '[encode-restart] test: an alarm has come through',
    ]);
    expect(world.model.restarts).toEqual([]);
  });

  it('sends no test alarm when that is left out', async () => {
    await run(deploying(ZIPS), environment);
    const { row } = await examined(environment, [], { testAlarm: 'leave out' });
    expect(row(ARRIVAL)).toBeUndefined();
    expect(subjects('encode-alarms')).toEqual([]);
  });

  it('sends no test alarm while something on its way is ill', async () => {
    await run(deploying(ZIPS), environment);
    const { row } = await examined(environment, [['timeout: 3600', 'timeout: 1800']]);
    expect(row(ARRIVAL)).toMatchObject({
      state: 'unknown',
      said: 'no test alarm was sent: first see to function alarm',
    });
    expect(subjects('encode-alarms')).toEqual([]);
  });

  it('sends it while patrol differs from serverless.yml, and answers', async () => {
    await run(deploying(ZIPS), environment);
    const { row, ill } = await examined(environment, [['maxInstanceNum: 10', 'maxInstanceNum: 20']]);
    expect(ill).toEqual(['function patrol']);
    expect(row(ARRIVAL)?.said).toContain('the test alarm was published');
    await world.functionGraph.settled();
  });

  it('sends none where patrol is not there to be asked', async () => {
    await run(deploying(ZIPS), environment);
    world.functionGraph.deployment.remove(`${URN}:encode-restart-dev-patrol`);
    const { row } = await examined();
    expect(row(ARRIVAL)?.said).toBe('no test alarm was sent: first see to function patrol');
    expect(subjects('encode-alarms')).toEqual([]);
  });

  it('sees a door that somebody else made, at which nobody checks callers', async () => {
    await run(deploying(ZIPS), environment);
    const door = {
      trigger_type_code: 'APIG',
      event_data: {
        ...{
          name: 'theirs',
          type: 1,
          path: '/theirs',
          protocol: 'HTTPS',
          req_method: 'ANY',
          group_id: 'local-group',
        },
        ...{ match_mode: 'SWA', env_name: 'RELEASE', env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', auth: 'NONE' },
        func_info: { timeout: 5000 },
      },
    };
    const path = `/triggers/${URN}:encode-restart-dev-webhook`;
    expect((await ask(world, { method: 'POST', path, body: door })).status).toBe(201);
    const { row, ill } = await examined(environment, [], { testAlarm: 'leave out' });
    expect(ill).toEqual(['door of webhook']);
    expect(row('door of webhook')?.said).toBe('APIG theirs (/theirs) is not ours and lets anybody in');
  });

  it('sees who has not confirmed, who is not there, and what nobody can tell', async () => {
    await run(deploying(ZIPS), environment);
    const add = (name: string, status: 0 | 3) =>
      subscribe(world.model, topic(name), {
        name: 'li',
        protocol: 'sms',
        endpoint: '+8613800000000',
        status,
        deliver: () => undefined,
      });
    add('encode-reports', 0);
    world.model.topics.set(topic('encode-pages'), []);
    add('encode-pages', 3);
    const { ill, findings, row } = await examined(environment, [], { testAlarm: 'leave out' });
    expect(ill).toEqual(['subscribers of report_topic', 'subscribers of page_topic']);
    expect(row('subscribers of report_topic')?.said).toBe('1 of 2 are not confirmed (sms)');
    expect(row('subscribers of page_topic')?.said).toBe('there is none any more: 1 cancelled');
    expect(JSON.stringify(findings)).not.toContain('13800000000');
  });

  it('sees that alarm is not subscribed to a topic of alarms', async () => {
    await run(deploying(ZIPS), environment);
    const other: Edit = ['  settings:', `  settings:\n    alarm_topics: ["${topic('other-alarms')}"]`];
    world.model.topics.set(topic('encode-alarms'), []);
    const { row } = await examined(environment, [other]);
    expect(row('subscription of encode-alarms')).toMatchObject({
      state: 'ill',
      todo: expect.stringContaining('serverless deploy'),
    });
    expect(row('subscription of other-alarms')).toMatchObject({
      state: 'ill',
      todo: expect.stringContaining('SMN trigger for it'),
    });
  });

  it('shows a table with what to do', async () => {
    await run(deploying(ZIPS), environment);
    const checkup: Checkup = { as: 'table', testAlarm: 'leave out' };
    const { printed } = await run((...all) => doctor(...all, checkup), environment);
    expect(printed).toMatch(/^✔ function alarm +it is as serverless\.yml says$/m);
    expect(printed).toMatch(/^\? CPH: restart +nobody can tell before the first restart$/m);
    expect(printed).toContain('→ See that the policy of the agency allows cph:servers:restartEncodeServers.');
  });

  it('sees that nothing is deployed', async () => {
    const { ill } = await examined();
    expect(ill).toEqual([
      ...['alarm', 'schedule', 'webhook', 'patrol'].map((key) => `function ${key}`),
      'subscription of encode-alarms',
    ]);
  });

  it('sees a function that is deployed and no longer in serverless.yml', async () => {
    await run(deploying(ZIPS), environment);
    const without: Edit = [/ {2}# The nightly rolling[\s\S]*?(?= {2}# Restarts, pauses)/, ''];
    const { row, ill } = await examined(environment, [without], { testAlarm: 'leave out' });
    expect(ill).toEqual(['taken out of serverless.yml']);
    expect(row('taken out of serverless.yml')).toMatchObject({
      said: 'encode-restart-dev-schedule is deployed and no longer in serverless.yml, and still runs',
      todo: expect.stringContaining('"serverless deploy --prune"'),
    });
  });

  it('sees a topic that is gone', async () => {
    await run(deploying(ZIPS), environment);
    world.model.topics.delete(topic('encode-reports'));
    const { ill, findings, row } = await examined();
    expect(ill).toEqual(['subscribers of report_topic', 'SMN: report_topic']);
    expect(row(ARRIVAL)?.said).toBe('no test alarm was sent: first see to SMN: report_topic');
    expect(findings.find(({ check }) => check === 'SMN: report_topic')?.said).toContain('SMN.0006');
  });

  it('sees a CPH that does not answer', async () => {
    const away = { ...environment, HUAWEICLOUD_CPH_ENDPOINT: 'http://127.0.0.1:1' };
    await run(deploying(ZIPS), away);
    const { ill, row } = await examined(away);
    expect(ill).toEqual(['CPH: encode servers', 'CPH: jobs']);
    expect(row(ARRIVAL)?.said).toBe('no test alarm was sent: first see to CPH: encode servers');
  });

  it('sees a trigger that somebody has taken away, and a limit that somebody has changed', async () => {
    await run(deploying(ZIPS), environment);
    await ask(world, { method: 'DELETE', path: `/triggers/${URN}:encode-restart-dev-alarm` });
    const { ill, findings } = await examined(environment, [['timeout: 43200', 'timeout: 3600']]);
    expect(ill).toEqual(['function alarm', 'function schedule', 'subscription of encode-alarms']);
    expect(findings[0]?.said).toContain(`+ SMN ${topic('encode-alarms')}`);
    expect(findings[1]?.said).toContain('~ timeout: 43200 → 3600');
  });

  it('sees a ledger that does not answer', async () => {
    const away = { ...environment, LEDGER_URL: 'redis://:secret-of-the-ledger@127.0.0.1:1/0' };
    await run(deploying(ZIPS), away);
    const { ill, findings, row } = await examined(away);
    expect(ill).toContain('ledger');
    expect(row(ARRIVAL)?.said).toBe('no test alarm was sent: first see to ledger');
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
    // What the ledger keeps is of no matter to a test alarm.
    expect(well).toContain(ARRIVAL);
    expect(well).toContain('ledger');
    expect(well).toContain('FunctionGraph: patrol');
    await world.functionGraph.settled();
  });

  it('follows a test alarm to its report, which says so, and restarts nothing', async () => {
    redis = await startRedis(['--appendonly', 'yes']);
    const shared = { ...environment, LEDGER_URL: `${redis.url}/0` };
    const active: Edit = [/mode: observe/, 'mode: active'];
    await run(deploying(ZIPS), shared, [active]);
    const { row, said } = await examined(shared, [active]);
    expect(row(ARRIVAL)).toMatchObject({ state: 'well', said: expect.stringMatching(/as run \d{8}T/) });
    expect(row(REPORT)).toMatchObject({ state: 'well', said: expect.stringContaining('took the report') });
    expect(said[0]).toMatch(/^test alarm: published to encode-alarms as message /);
    expect(subjects('encode-reports')).toContain('[encode-restart] test: an alarm has come through');
    expect(world.model.restarts).toEqual([]);
  });

  it('says what to look at when the test alarm does not arrive', async () => {
    redis = await startRedis(['--appendonly', 'yes']);
    const shared = { ...environment, LEDGER_URL: `${redis.url}/0` };
    await run(deploying(ZIPS), shared);
    const [subscription] = world.model.topics.get(topic('encode-alarms')) ?? [];
    if (subscription === undefined) throw new Error('expected a subscription');
    // SMN says that it is there, and loses what it hands over.
    world.model.topics.set(topic('encode-alarms'), [{ ...subscription, deliver: () => undefined }]);
    const patience = { every: milliseconds(50), atMost: milliseconds(200) };
    const { row, ill } = await examined(shared, [], { patience });
    expect(ill).toEqual([ARRIVAL]);
    expect(row(ARRIVAL)?.said).toContain(`published to ${topic('encode-alarms')}`);
    expect(row(ARRIVAL)?.said).toContain('no run of it appeared within 200 ms');
    expect(row(ARRIVAL)?.todo).toContain('See that the SMN trigger of alarm exists and is enabled');
  });
});
