import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Deploying } from '../../deploy/commands/deploy.ts';
import { info } from '../../deploy/commands/info.ts';
import { invoke } from '../../deploy/commands/invoke.ts';
import { remove } from '../../deploy/commands/remove.ts';
import { packageFunctions, zipPath } from '../../deploy/package.ts';
import { gatewayError } from '../../local/cloud/answer.ts';
import { ask, type Deployed, URN } from '../local/functiongraph/support/cloud.ts';
import { environmentOf, openCloud } from './support/cli.ts';
import { deploying, type Edit, type Environment, run } from './support/commands.ts';
import { topic } from './support/yml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-restart-'));
const ZIPS = join(FOLDER, 'zips');
const KEYS = ['alarm', 'schedule', 'webhook', 'patrol'];
/** Nobody listens there: patrol would not get far. */
const LEDGER = {
  LEDGER_URL: 'redis://:secret-of-the-ledger@127.0.0.1:1/0',
  API_SECRET: 'sixteen-letters-long',
};
const SECRETS = /secret-of-the-ledger|sixteen-letters-long|person-secret/;
const SCHEDULE: Edit = ['0 5 2 * * *', '0 35 2 * * *'];

let world: Deployed;
let environment: Environment;

const named = (key: string) => `encode-restart-dev-${key}`;
const names = () => world.functionGraph.deployment.all().map(({ config }) => config.func_name);
const shown = async (path: string, key: string) =>
  (await ask(world, { path: `/${path}/${URN}:${named(key)}` })).body;
const timersOf = async (key: string): Promise<readonly string[]> =>
  (await shown('triggers', key)).map(
    ({ event_data }: { event_data: { schedule: string } }) => event_data.schedule,
  );

async function addTimer(key: string, name: string): Promise<void> {
  const body = { trigger_type_code: 'TIMER', event_data: { name, schedule_type: 'Rate', schedule: '1d' } };
  const { status } = await ask(world, { method: 'POST', path: `/triggers/${URN}:${named(key)}`, body });
  expect(status).toBe(201);
}

beforeAll(async () => {
  await packageFunctions(process.cwd(), KEYS, ZIPS);
}, 180_000);
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
beforeEach(async () => {
  world = await openCloud();
  environment = environmentOf(world);
});
afterEach(() => world.close());

describe('package', () => {
  it('makes the same bytes of the same sources, and puts the source map beside them', async () => {
    const again = join(FOLDER, 'again');
    await packageFunctions(process.cwd(), ['alarm'], again);
    expect(readFileSync(zipPath(again, 'alarm'))).toEqual(readFileSync(zipPath(ZIPS, 'alarm')));
    expect(readFileSync(join(again, 'alarm', 'index.js.map'), 'utf8')).toContain('functions/alarm.ts');
  }, 180_000);
});

describe('deploy', () => {
  it('with --dry-run shows what it would do, and does none of it', async () => {
    const { printed } = await run(deploying(ZIPS, { mode: 'dry-run' }), environment);
    expect(printed).toContain('encode-restart-dev-alarm (new)');
    expect(names()).toEqual([]);
  });

  it('makes the functions with all that serverless.yml says, and shows no secret', async () => {
    const { printed, said, failed } = await run(deploying(ZIPS), { ...environment, ...LEDGER });
    expect(failed).toBeUndefined();
    expect(new Set(names())).toEqual(new Set(KEYS.map(named)));
    expect(printed + said.join('\n')).not.toMatch(SECRETS);
    const [alarm] = world.functionGraph.deployment.all();
    expect(alarm?.config).toMatchObject({ timeout: 3600, memory_size: 256, app_xrole: 'encode-restart' });
  });

  it('a second time has nothing to change, and says so', async () => {
    const secret = { ...environment, ...LEDGER };
    await run(deploying(ZIPS), secret);
    const { printed, said } = await run(deploying(ZIPS), secret);
    expect(printed).toBe('No change.');
    expect(said).toEqual([]);
  });

  it('keeps the time of the first deployment with a ledger', async () => {
    const deployedAt = () => {
      const [one] = world.functionGraph.deployment.all();
      return /"deployed_at\\*":\\*"([^"\\]+)/.exec(JSON.stringify(one?.config))?.[1];
    };
    await run(deploying(ZIPS), environment);
    expect(deployedAt()).toBeUndefined();
    await run(deploying(ZIPS), { ...environment, ...LEDGER });
    const first = deployedAt();
    expect(first).toMatch(/^20\d\d-/);
    await run(deploying(ZIPS), { ...environment, ...LEDGER }, [['cooldown: 30m', 'cooldown: 45m']]);
    expect(deployedAt()).toBe(first);
  });

  it('leaves one timer when the schedule changes', async () => {
    await run(deploying(ZIPS), environment);
    const { printed } = await run(deploying(ZIPS), environment, [SCHEDULE]);
    expect(printed).toContain('- TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)');
    expect(await timersOf('schedule')).toEqual(['CRON_TZ=Asia/Shanghai 0 35 2 * * *']);
  });

  it('moves the trigger to another topic', async () => {
    await run(deploying(ZIPS), environment);
    await run(deploying(ZIPS), { ...environment, ENCODE_RESTART_ALARM_TOPIC: topic('other-alarms') });
    const triggers: readonly { event_data: { topic_urn: string } }[] = await shown('triggers', 'alarm');
    expect(triggers.map(({ event_data }) => event_data.topic_urn)).toEqual([topic('other-alarms')]);
  });

  it('has a timer for patrol while there is a ledger', async () => {
    await run(deploying(ZIPS), { ...environment, ...LEDGER });
    expect(await timersOf('patrol')).toEqual(['CRON_TZ=Asia/Shanghai 0 * * * * *']);
    await run(deploying(ZIPS), environment);
    expect(await timersOf('patrol')).toEqual([]);
    expect((await run(deploying(ZIPS), environment)).printed).toBe('No change.');
  });

  it('leaves alone what is not ours', async () => {
    await run(deploying(ZIPS), environment);
    await addTimer('schedule', 'of-somebody-else');
    const { printed } = await run(deploying(ZIPS), environment, [SCHEDULE]);
    expect(printed).toContain('left alone: TIMER of-somebody-else (1d) on encode-restart-dev-schedule');
    expect(await timersOf('schedule')).toHaveLength(2);
  });

  it('touches no function of that name that is not ours', async () => {
    const body = {
      ...{ func_name: named('alarm'), package: 'default', runtime: 'Node.js20.15', handler: 'index.handler' },
      ...{ timeout: 30, memory_size: 128, code_type: 'zip', code_filename: 'index.zip' },
      func_code: { file: readFileSync(zipPath(ZIPS, 'alarm')).toString('base64') },
    };
    expect((await ask(world, { method: 'POST', path: '/functions', body })).status).toBe(200);
    const { failed } = await run(deploying(ZIPS), environment);
    expect(failed?.message).toContain('function encode-restart-dev-alarm: expected none, or ours');
    expect(names()).toEqual([named('alarm')]);
    const { printed } = await run(
      (service, management, io) => remove(service, management, io, 'given'),
      environment,
    );
    expect(printed).toBe('Nothing to remove.');
    expect(names()).toEqual([named('alarm')]);
  });

  it('without a zip says what to do', async () => {
    const { failed } = await run(deploying(join(FOLDER, 'nowhere')), environment);
    expect(failed?.message).toContain('expected a zip, got ENOENT. Run "serverless package" first');
  });

  it('names the step that FunctionGraph refuses, and goes on from there once the cause is gone', async () => {
    const nowhere = { ...environment, ENCODE_RESTART_ALARM_TOPIC: topic('of-nobody') };
    const { failed } = await run(deploying(ZIPS), nowhere);
    expect(failed?.message).toContain(
      `encode-restart-dev-alarm: creating SMN ${topic('of-nobody')} failed: `,
    );
    expect(failed?.message).toContain('FSS.1171');
    expect(failed?.message).toContain('it goes on from here');
    expect((await run(deploying(ZIPS), environment)).failed).toBeUndefined();
    expect((await run(deploying(ZIPS), environment)).printed).toBe('No change.');
  });
});

describe('a deployment that loses the cloud after any step', () => {
  const stateFile = join(FOLDER, 'state.json');

  it.each([1, 4, 9, 12])('%i is finished by the next one', async (last) => {
    const before = await openCloud({ stateFile });
    let ended: Promise<void> | undefined;
    const lost = await run(deploying(ZIPS), { ...environmentOf(before), ...LEDGER }, [], {
      onSay: (line) => {
        if (line.startsWith(`[${last}/`)) ended = before.close();
      },
    });
    expect(lost.failed?.message).toContain('run the same command again');
    await ended;

    const after = await openCloud({ stateFile });
    const next = { ...environmentOf(after), ...LEDGER };
    expect((await run(deploying(ZIPS), next)).failed).toBeUndefined();
    expect((await run(deploying(ZIPS), next)).printed).toBe('No change.');
    const all = after.functionGraph.deployment.all();
    expect(all.map(({ triggers }) => triggers.length)).toEqual([1, 1, 1, 1]);
    await after.close();
    rmSync(stateFile, { force: true });
  });
});

describe('a function that is taken out of serverless.yml', () => {
  const WITHOUT: Edit = [/ {2}# The nightly rolling[\s\S]*?(?= {2}# Restarts, pauses)/, ''];
  const PRUNE = { takenOut: 'goes' } as const;
  const removing = (edits: readonly Edit[]) =>
    run((service, management, io) => remove(service, management, io, 'given'), environment, edits);

  /** What the console makes of it: the same variables under another name. */
  async function copied(name: string, change: (record: object) => object = (record) => record) {
    const { config } =
      world.functionGraph.deployment.all().find((one) => one.config.func_name === named('schedule')) ?? {};
    const variables = JSON.parse(config?.user_data ?? '{}') as Record<string, string>;
    const record = JSON.stringify(change(JSON.parse(variables['DEPLOYMENT'] ?? '{}') as object));
    const body = {
      ...{ func_name: name, package: 'default', runtime: 'Node.js20.15', handler: 'index.handler' },
      ...{ timeout: 30, memory_size: 128, code_type: 'zip', code_filename: 'index.zip' },
      user_data: JSON.stringify({ ...variables, DEPLOYMENT: record }),
      func_code: { file: readFileSync(zipPath(ZIPS, 'alarm')).toString('base64') },
    };
    expect((await ask(world, { method: 'POST', path: '/functions', body })).status).toBe(200);
  }
  /** As many functions as there may be. */
  function fillUp() {
    const { all, put } = world.functionGraph.deployment;
    const [one] = all();
    if (one === undefined) throw new Error('expected a function');
    for (let at = all().length; at < 400; at += 1) {
      const config = { ...one.config, func_name: `foreign-${at}`, user_data: '{}' };
      put({ ...one, urn: `${URN}:foreign-${at}`, config, triggers: [] });
    }
  }

  /** As records were before they had a mark of their function. */
  const unmarked = ({ at: _, ...record }: { at?: string }) => record;

  const STILL_RUNS = `${named('schedule')} is deployed and no longer in serverless.yml, and still runs: "serverless deploy --prune" deletes it`;

  it('stays, and is told of at the beginning and at the end', async () => {
    await run(deploying(ZIPS), environment);
    const dry = await run(deploying(ZIPS, { mode: 'dry-run' }), environment, [WITHOUT]);
    expect(dry.printed).toBe(`No change.\n${STILL_RUNS}`);
    const unchanged = await run(deploying(ZIPS), environment, [WITHOUT]);
    expect(unchanged).toEqual({ printed: `No change.\n${STILL_RUNS}`, said: [] });
    const changed = await run(deploying(ZIPS), environment, [WITHOUT, ['cooldown: 30m', 'cooldown: 45m']]);
    expect(changed.printed.split('\n').filter((line) => line === STILL_RUNS)).toHaveLength(2);
    expect(changed.printed.endsWith(STILL_RUNS)).toBe(true);
    expect(await timersOf('schedule')).toHaveLength(1);
    expect(names()).toHaveLength(4);
  });

  it('stays where it is of another serverless.yml of that service and stage', async () => {
    const namesOf = (game: string): readonly Edit[] =>
      KEYS.map((key) => [`\n  ${key}:\n`, `\n  ${key}:\n    name: ${game}-${key}\n`]);
    const api: Edit = ['path: /encode-restart', 'path: /video'];
    await run(deploying(ZIPS), environment, namesOf('game'));
    const { failed } = await run(deploying(ZIPS), environment, [...namesOf('video'), api]);
    expect(failed).toBeUndefined();
    expect(new Set(names())).toEqual(
      new Set(['game', 'video'].flatMap((game) => KEYS.map((key) => `${game}-${key}`))),
    );
  });

  it('with --dry-run and --prune is shown with its triggers, and stays', async () => {
    await run(deploying(ZIPS), environment);
    const { printed } = await run(deploying(ZIPS, { ...PRUNE, mode: 'dry-run' }), environment, [WITHOUT]);
    expect(printed).toBe(`- ${named('schedule')}\n  - TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)`);
    expect(names()).toHaveLength(4);
  });

  it('goes with --prune, after its triggers', async () => {
    await run(deploying(ZIPS), environment);
    const { said, failed } = await run(deploying(ZIPS, PRUNE), environment, [WITHOUT]);
    expect(failed).toBeUndefined();
    expect(said).toEqual([
      `${named('schedule')}: deleting TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)`,
      `${named('schedule')}: deleting`,
    ]);
    expect(new Set(names())).toEqual(new Set(['alarm', 'webhook', 'patrol'].map(named)));
    expect((await run(deploying(ZIPS), environment, [WITHOUT])).printed).toBe('No change.');
  });

  it('goes under whatever name serverless.yml gave it', async () => {
    await run(deploying(ZIPS), environment, [['  schedule:', '  schedule:\n    name: night']]);
    expect(names()).toContain('night');
    await run(deploying(ZIPS, PRUNE), environment);
    expect(names()).not.toContain('night');
    expect(names()).toContain(named('schedule'));
  });

  it('goes where its record is of a time before it named its function', async () => {
    await run(deploying(ZIPS), environment);
    const { find, put } = world.functionGraph.deployment;
    const old = find(`${URN}:${named('schedule')}`);
    const variables = JSON.parse(old?.config.user_data ?? '{}') as Record<string, string>;
    const record = JSON.stringify(unmarked(JSON.parse(variables['DEPLOYMENT'] ?? '{}')));
    const user_data = JSON.stringify({ ...variables, DEPLOYMENT: record });
    if (old !== undefined) put({ ...old, config: { ...old.config, user_data } });
    const { printed } = await run(deploying(ZIPS), environment, [WITHOUT]);
    expect(printed).toContain(STILL_RUNS);
    expect(names()).toContain(named('schedule'));
    await run(deploying(ZIPS, PRUNE), environment, [WITHOUT]);
    expect(names()).not.toContain(named('schedule'));
  });

  it('stays with a trigger that is not ours, without those that are', async () => {
    await run(deploying(ZIPS), environment);
    await addTimer('schedule', 'of-somebody-else');
    const before = await run(deploying(ZIPS), environment, [WITHOUT]);
    expect(before.printed).toContain(
      '"serverless deploy --prune" deletes those of its triggers that are ours',
    );
    expect(await timersOf('schedule')).toHaveLength(2);
    const { printed } = await run(deploying(ZIPS, PRUNE), environment, [WITHOUT]);
    expect(printed).toContain(`${named('schedule')} stays, for the sake of what is not ours`);
    expect(await timersOf('schedule')).toEqual(['1d']);
    const again = await run(deploying(ZIPS, PRUNE), environment, [WITHOUT]);
    expect(again.printed).toContain('No change.');
    expect(again.said).toEqual([]);
  });

  it('is none that somebody copied from ours, nor of another stage or service', async () => {
    await run(deploying(ZIPS), environment);
    await copied('somebodys-copy');
    await copied(`${named('schedule')}-2`, (record) => ({ ...record, of: 'encode-restart/dev-2' }));
    const { printed } = await run(deploying(ZIPS, PRUNE), environment);
    expect(printed).toBe('No change.\nleft alone: somebodys-copy, a copy of a function of ours');
    const { said } = await removing([]);
    expect(said).toContain('left alone: somebodys-copy, a copy of a function of ours');
    expect(names()).toEqual(['somebodys-copy', `${named('schedule')}-2`]);
  });

  it('is shown and left alone by all where nobody can know whose it is', async () => {
    await run(deploying(ZIPS), environment);
    await copied('night', unmarked);
    const line =
      'left alone: night is deployed and no longer in serverless.yml, and may be a copy. If nobody needs it, delete it in the console';
    expect((await run(deploying(ZIPS, PRUNE), environment)).printed).toBe(`No change.\n${line}`);
    const { said, printed } = await removing([]);
    expect(said).toContain(line);
    expect(printed).not.toContain('- night');
    expect(names()).toEqual(['night']);
  });

  it.each<[string, Partial<Deploying>]>([
    ['without --prune', {}],
    ['with --prune', PRUNE],
  ])('%s keeps its triggers when the function of another name is refused', async (_, how) => {
    await run(deploying(ZIPS), environment);
    const renamed: Edit = ['  schedule:', '  schedule:\n    name: night'];
    fillUp();
    const other: Edit = ['path: /encode-restart', 'path: /restarts'];
    const { failed } = await run(deploying(ZIPS, how), environment, [renamed, other]);
    expect(failed?.message).toContain('night: creating failed: ');
    expect(failed?.message).toContain('FSS.1041');
    expect(await Promise.all(KEYS.map(async (key) => (await shown('triggers', key)).length))).toEqual([
      1, 1, 1, 0,
    ]);
    const [{ event_data }] = await shown('triggers', 'webhook');
    expect(event_data.path).toBe('/encode-restart');
  });

  it('gives what it fires to a function of another name only after that one is ready', async () => {
    await run(deploying(ZIPS), environment);
    const renamed: Edit = ['  schedule:', '  schedule:\n    name: night'];
    const { said, failed } = await run(deploying(ZIPS, PRUNE), environment, [renamed]);
    expect(failed).toBeUndefined();
    const nightly = 'TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)';
    expect(said.map((line) => line.replace(/^\[.*\] /, ''))).toEqual([
      ...['night: creating', 'night: setting configuration'],
      'night: setting how asynchronous calls are tried again',
      `${named('schedule')}: deleting ${nightly}`,
      `night: creating ${nightly}`,
      `${named('schedule')}: deleting`,
    ]);
  });

  it('goes with the deployment after one that lost the cloud between its triggers and itself', async () => {
    const stateFile = join(FOLDER, 'taken-out.json');
    const before = await openCloud({ stateFile });
    await run(deploying(ZIPS), environmentOf(before));
    let ended: Promise<void> | undefined;
    const lost = await run(deploying(ZIPS, PRUNE), environmentOf(before), [WITHOUT], {
      onSay: (line) => {
        if (line === `${named('schedule')}: deleting`) ended = before.close();
      },
    });
    expect(lost.failed?.message).toContain('run the same command again');
    await ended;
    const after = await openCloud({ stateFile });
    const { printed } = await run(deploying(ZIPS, PRUNE), environmentOf(after), [WITHOUT]);
    expect(printed).toContain(`- ${named('schedule')}\nDeployed`);
    expect(after.functionGraph.deployment.all()).toHaveLength(3);
    await after.close();
  });

  it('is not looked for where the list fails, and what serverless.yml names is deployed and removed', async () => {
    const refusing = await openCloud({
      faults: [
        {
          intercept: async ({ operation }, proceed) =>
            operation === 'ListFunctions'
              ? gatewayError(400, 'APIGW.0106', 'orchestration error', 'r')
              : proceed(),
        },
      ],
    });
    onTestFinished(() => refusing.close());
    const there = environmentOf(refusing);
    const all = () => refusing.functionGraph.deployment.all().length;
    const why = /^Functions taken out of serverless\.yml were not looked for\. .*APIGW\.0106/m;
    const deployed = await run(deploying(ZIPS, PRUNE), there);
    expect(deployed.failed).toBeUndefined();
    expect(deployed.printed).toMatch(why);
    expect(all()).toBe(4);
    const removed = await run((service, management, io) => remove(service, management, io, 'given'), there);
    expect(removed.failed).toBeUndefined();
    expect(removed.said.join('\n')).toMatch(why);
    expect(all()).toBe(0);
  });

  it('goes with all others when everything is removed', async () => {
    await run(deploying(ZIPS), environment);
    expect((await removing([WITHOUT])).printed).toContain(`- ${named('schedule')}`);
    expect(names()).toEqual([]);
  });
});

describe('info', () => {
  it('shows what is deployed, and what is not', async () => {
    expect((await run(info, environment)).printed).toContain('encode-restart-dev-alarm: not deployed');
    await run(deploying(ZIPS), environment);
    await addTimer('schedule', 'of-somebody-else');
    const { printed } = await run(info, environment);
    expect(printed).toContain(`urn      ${URN}:encode-restart-dev-alarm:latest`);
    expect(printed).toContain('mode     observe');
    expect(printed).toContain('trigger  TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *) ACTIVE');
    expect(printed).toContain('trigger  TIMER of-somebody-else (1d) ACTIVE, not ours');
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
    ['no cloud', { HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT: 'http://127.0.0.1:1' }, 'ECONNREFUSED'],
  ])('with %s says what to do, without showing the key', async (_, wrong, line) => {
    const { failed, said } = await run(info, { ...environment, ...wrong });
    expect(failed?.message).toContain(line);
    expect(failed?.message + said.join('\n')).not.toMatch(/person-secret|wrong-secret-key/);
  });
});

describe('invoke', () => {
  const invoking = (options: Readonly<Record<string, string>>) =>
    run((service, management, io) => invoke(service, management, options, process.cwd(), io), environment);

  it('waits for the answer, and shows the end of the log', async () => {
    await run(deploying(ZIPS), environment);
    const { printed, said } = await invoking({ function: 'alarm', path: 'events/samples/recovery.json' });
    expect(JSON.parse(printed)).toMatchObject({ runs: [], ignored: [{ record: 0 }] });
    expect(said.join('\n')).toContain('alarm ignored');
  });

  it('with --type event does not wait', async () => {
    await run(deploying(ZIPS), environment);
    const { printed } = await invoking({ function: 'alarm', data: '{"record": []}', type: 'event' });
    expect(JSON.parse(printed)).toEqual({ request_id: expect.any(String) });
  });

  it('fails when the function fails, after showing why', async () => {
    await run(deploying(ZIPS), environment);
    const { failed, printed } = await invoking({ function: 'patrol', data: '{}' });
    expect(printed).toContain('expected a shared ledger (LEDGER_URL), got none');
    expect(failed?.message).toContain('The function failed with code 4002');
  });

  it.each([
    [{ function: 'dance' }, '--function: expected one of alarm, schedule, webhook, patrol, got "dance"'],
    [{ function: 'alarm', data: 'no JSON' }, '--data: expected an event that is a JSON object'],
    [{ function: 'alarm', data: '1' }, '--data: expected an event that is a JSON object'],
    [{ function: 'alarm', path: 'nowhere.json' }, '--path: expected a file that can be read at nowhere.json'],
    [{ function: 'alarm', type: 'later' }, '--type: expected "request" or "event", got "later"'],
  ])('with %j says what was expected', async (options, line) => {
    const { failed } = await invoking(options as Record<string, string>);
    expect(failed?.message).toContain(line);
  });
});

describe('remove', () => {
  const removing = (consent: 'ask' | 'given', answer?: string) =>
    run((service, management, io) => remove(service, management, io, consent), environment, [], {
      ...(answer === undefined ? {} : { answer }),
    });

  it.each([undefined, 'no'])('removes nothing when asked and told %j', async (answer) => {
    await run(deploying(ZIPS), environment);
    const { printed, failed } = await removing('ask', answer);
    expect(printed).toContain('- encode-restart-dev-alarm');
    expect(failed?.message).toContain('Nothing was removed');
    expect(names()).toHaveLength(4);
  });

  it('removes everything that is ours', async () => {
    await run(deploying(ZIPS), environment);
    expect((await removing('ask', 'yes')).failed).toBeUndefined();
    expect(names()).toEqual([]);
    expect((await removing('given')).printed).toBe('Nothing to remove.');
  });

  it('leaves a trigger that is not ours, and the function that it is on', async () => {
    await run(deploying(ZIPS), environment);
    await addTimer('schedule', 'of-somebody-else');
    const { printed } = await removing('given');
    expect(printed).toContain('left alone: TIMER of-somebody-else (1d), which is not ours');
    expect(names()).toEqual([named('schedule')]);
    expect(await timersOf('schedule')).toEqual(['1d']);
  });
});
