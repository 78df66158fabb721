import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import { compose, type Wanted } from '../../deploy/compose.ts';
import { describePlan } from '../../deploy/plan/describe.ts';
import { planDeployment, type Step } from '../../deploy/plan/plan.ts';
import { carriedOut, OF, type Platform, targetsOf, trigger } from './support/platform.ts';
import { ENVIRONMENT, filledIn, givenOf, MOMENT, topic } from './support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const SHARED = { ...ENVIRONMENT, LEDGER_URL: 'redis://:first@redis.example:6379/0' };

function wanted(
  environment: Readonly<Record<string, string>> = SHARED,
  edit: readonly [string, string] = ['', ''],
) {
  const text = TEXT.replace(...edit);
  return compose(readService(givenOf(filledIn(text, environment)), text), MOMENT);
}

const plan = (all: readonly Wanted[], platform: Platform, code?: string) =>
  planDeployment(targetsOf(all, platform, code), OF);
const deployed = (all: readonly Wanted[], code?: string): Platform =>
  carriedOut(new Map(), plan(all, new Map(), code).steps);
const told = ({ target, ...step }: Step): string => `${target.wanted.key} ${step.do}`;

const ALL = wanted();
const urnOf = (key: string): string => ALL.find((one) => one.key === key)?.urn ?? '';
const foreignTimer = trigger({
  type: 'TIMER',
  identity: 'of-somebody-else',
  status: 'ACTIVE',
  event_data: { name: 'of-somebody-else', schedule_type: 'Rate', schedule: '1d' },
});

/** With another trigger on a function. */
function withTrigger(platform: Platform, key: string, one = foreignTimer): Platform {
  const is = platform.get(urnOf(key));
  if (is === undefined) throw new Error(`no ${key}`);
  return new Map([...platform, [urnOf(key), { ...is, triggers: [...is.triggers, one] }]]);
}

describe('a first deployment', () => {
  it('makes every function, then says how its calls are tried again, and lets it be triggered last', () => {
    expect(plan(ALL, new Map()).steps.map(told)).toEqual([
      ...['alarm', 'schedule', 'webhook', 'patrol'].flatMap((key) => [`${key} create`, `${key} config`]),
      'patrol instances',
      ...['alarm set-async', 'schedule set-async', 'patrol set-async'],
      ...['alarm', 'schedule', 'webhook', 'patrol'].map((key) => `${key} create-trigger`),
    ]);
  });

  it('is followed by one without a step, and that says so', () => {
    const planned = plan(ALL, deployed(ALL));
    expect(planned).toMatchObject({ steps: [], refusals: [] });
    expect(describePlan(planned)).toEqual(['No change.']);
  });

  it('shows what comes, and no secret', () => {
    const text = describePlan(plan(ALL, new Map())).join('\n');
    expect(text).toContain('encode-restart-dev-alarm (new)');
    expect(text).toContain(`+ SMN ${topic('encode-alarms')}`);
    expect(text).toContain('+ TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)');
    expect(text).toContain('LEDGER_URL (encrypted)');
    expect(text).not.toContain('first@redis');
  });
});

describe('a later deployment', () => {
  it.each<[string, readonly Wanted[], string | undefined, readonly string[], string]>([
    [
      'with other code sends it to every function, and writes down which it is',
      ALL,
      'feed',
      ['alarm', 'schedule', 'webhook', 'patrol'].flatMap((key) => [`${key} code`, `${key} config`]),
      '~ code: feed',
    ],
    [
      'with a changed limit sets that alone',
      wanted(SHARED, ['timeout: 3600', 'timeout: 1800']),
      undefined,
      ['alarm config'],
      '~ timeout: 3600 → 1800',
    ],
    [
      'with a changed setting tells all functions, and shows the key',
      wanted(SHARED, ['cooldown: 30m', 'cooldown: 45m']),
      undefined,
      ['alarm config', 'schedule config', 'webhook config', 'patrol config'],
      '~ SETTINGS.cooldown: "30m" → "45m"',
    ],
    [
      'with a changed schedule deletes the timer before it makes the new one',
      wanted(SHARED, ['0 5 2 * * *', '0 35 2 * * *']),
      undefined,
      ['schedule delete-trigger', 'schedule config', 'schedule create-trigger'],
      '- TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *)\n  ~ record of our triggers: changed\n  + TIMER nightly (CRON_TZ=Asia/Shanghai 0 35 2 * * *)',
    ],
    [
      'with a timer of another name leaves no second one',
      wanted(SHARED, ['name: nightly', 'name: every-night']),
      undefined,
      ['schedule delete-trigger', 'schedule config', 'schedule create-trigger'],
      '- TIMER nightly',
    ],
    [
      'with a timer that is turned off changes its status in place',
      wanted(SHARED, ['        # Seconds first', '        status: DISABLED\n        # Seconds first']),
      undefined,
      ['schedule trigger-status'],
      '~ TIMER nightly (CRON_TZ=Asia/Shanghai 0 5 2 * * *): ACTIVE → DISABLED',
    ],
    [
      'with another topic moves the trigger there',
      wanted({ ...SHARED, ENCODE_RESTART_ALARM_TOPIC: topic('other-alarms') }),
      undefined,
      [
        'alarm delete-trigger',
        ...['alarm', 'schedule', 'webhook', 'patrol'].map((key) => `${key} config`),
        'alarm create-trigger',
      ],
      `- SMN ${topic('encode-alarms')}`,
    ],
    [
      'with a field of the API that cannot be edited makes the API anew',
      wanted(SHARED, ['timeout: 5000', 'timeout: 9000']),
      undefined,
      ['webhook delete-trigger', 'webhook config', 'webhook create-trigger'],
      '+ APIG encode-restart (/encode-restart)',
    ],
    [
      'with an instance moves the API to the dedicated gateway',
      wanted({ ...SHARED, ENCODE_RESTART_APIG_INSTANCE: 'a1b2' }),
      undefined,
      ['webhook delete-trigger', 'webhook config', 'webhook create-trigger'],
      '+ DEDICATEDGATEWAY encode-restart',
    ],
    [
      'with another secret sends it, and shows neither',
      wanted({ ...SHARED, LEDGER_URL: 'redis://:second@redis.example:6379/0' }),
      undefined,
      ['alarm config', 'schedule config', 'webhook config', 'patrol config'],
      '~ values of encrypted variables: changed',
    ],
    [
      'with more instances says so',
      wanted(SHARED, ['maxInstanceNum: 10', 'maxInstanceNum: 20']),
      undefined,
      ['patrol instances'],
      '~ instances: at most 20',
    ],
    [
      'with fewer retries says so',
      wanted(SHARED, ['maxAsyncRetryAttempts: 3', 'maxAsyncRetryAttempts: 1']),
      undefined,
      ['alarm set-async'],
      '~ asynchronous calls: 1 retries within 3600 s',
    ],
    [
      'without retries takes their settings away',
      wanted(SHARED, [
        '    asyncInvokeConfig: { maxAsyncRetryAttempts: 0, maxAsyncEventAgeInSeconds: 60 }\n',
        '',
      ]),
      undefined,
      ['patrol delete-async'],
      '- asynchronous calls: settings',
    ],
  ])('%s', (_, next, code, steps, line) => {
    const before = deployed(ALL);
    const planned = plan(next, before, code);
    expect(planned.steps.map(told)).toEqual(steps);
    expect(describePlan(planned).join('\n')).toContain(line);
    expect(describePlan(planned).join('\n')).not.toMatch(/first@|second@/);
    expect(plan(next, carriedOut(before, planned.steps), code).steps).toEqual([]);
  });

  it('without the ledger takes the timer of patrol away, and the ledger from all', () => {
    const planned = plan(wanted(ENVIRONMENT), deployed(ALL));
    expect(planned.steps.map(told)[0]).toBe('patrol delete-trigger');
    expect(describePlan(planned).join('\n')).toContain('~ encrypted variables: LEDGER_URL → nothing');
    const there = carriedOut(deployed(ALL), planned.steps);
    expect([...there.values()].map(({ config }) => config.encrypted)).toEqual([[], [], [], []]);
  });

  it('puts right what somebody has changed by hand', () => {
    const before = deployed(ALL);
    const is = before.get(urnOf('alarm'));
    if (is === undefined) throw new Error('no alarm');
    const config = {
      ...is.config,
      memory_size: 128,
      digest: 'other-code',
      kept: { log_config: { group: 'g' } },
    };
    const changed = new Map([...before, [urnOf('alarm'), { ...is, config, triggers: [] }]]);
    const planned = plan(ALL, changed);
    expect(planned.steps.map(told)).toEqual(['alarm code', 'alarm config', 'alarm create-trigger']);
    expect(describePlan(planned).join('\n')).toContain('~ memory_size: 128 → 256');
    const there = carriedOut(changed, planned.steps);
    expect(plan(ALL, there).steps).toEqual([]);
    // What we have no opinion on is sent back, or the update would take it away.
    expect(there.get(urnOf('alarm'))?.config.kept).toEqual({ log_config: { group: 'g' } });
  });

  it('sees a change of what FunctionGraph does not show', () => {
    const before = deployed(ALL);
    const is = before.get(urnOf('webhook'));
    const [api] = is?.triggers ?? [];
    if (is === undefined || api === undefined) throw new Error('no API');
    const { path: _, func_info: __, ...event_data } = api.event_data;
    const silent = new Map([...before, [urnOf('webhook'), { ...is, triggers: [{ ...api, event_data }] }]]);
    expect(plan(ALL, silent).steps).toEqual([]);
    const moved = wanted(SHARED, ['path: /encode-restart', 'path: /restarts']);
    expect(plan(moved, silent).steps.map(told)).toEqual([
      'webhook delete-trigger',
      'webhook config',
      'webhook create-trigger',
    ]);
  });

  it('marks a function for which its record was written before there was that mark, once', () => {
    const before = new Map(
      [...deployed(ALL)].map(([urn, is]) => {
        const { at: _, ...record } = JSON.parse(is.config.variables['DEPLOYMENT'] ?? '{}') as { at?: string };
        const variables = { ...is.config.variables, DEPLOYMENT: JSON.stringify(record) };
        return [urn, { ...is, config: { ...is.config, variables } }];
      }),
    );
    const first = plan(ALL, before);
    expect(first.refusals).toEqual([]);
    expect(new Set(first.steps.map(told))).toEqual(
      new Set(['alarm', 'schedule', 'webhook', 'patrol'].map((key) => `${key} config`)),
    );
    expect(describePlan(first).join('\n')).toContain('~ record of whose it is: changed');
    expect(plan(ALL, carriedOut(before, first.steps)).steps).toEqual([]);
  });

  it('leaves alone a trigger that is not ours, and says so', () => {
    const planned = plan(ALL, withTrigger(deployed(ALL), 'schedule'));
    expect(planned.steps).toEqual([]);
    expect(describePlan(planned)).toEqual([
      'No change.',
      'left alone: TIMER of-somebody-else (1d) on encode-restart-dev-schedule, which is not ours',
    ]);
  });

  it('leaves one timer where there are two of its name', () => {
    const nightly = ALL.find(({ key }) => key === 'schedule')?.triggers[0];
    if (nightly === undefined) throw new Error('no timer');
    const older = trigger({ ...nightly, event_data: { ...nightly.event_data, schedule: '@every 1h' } });
    const both = withTrigger(deployed(ALL), 'schedule', older);
    const twice = withTrigger(deployed(ALL), 'schedule', trigger(nightly));
    for (const platform of [both, twice]) {
      const planned = plan(ALL, platform);
      expect(planned.steps.map(told)).toEqual(['schedule delete-trigger']);
      expect(carriedOut(platform, planned.steps).get(urnOf('schedule'))?.triggers).toHaveLength(1);
    }
  });

  it('touches no function that is not ours, or of another stage', () => {
    const before = deployed(ALL);
    const is = before.get(urnOf('alarm'));
    if (is === undefined) throw new Error('no alarm');
    const config = { ...is.config, variables: { SETTINGS: '{}' } };
    const foreign = new Map([...before, [urnOf('alarm'), { ...is, config }]]);
    expect(plan(ALL, foreign).refusals).toEqual([
      expect.stringContaining('function encode-restart-dev-alarm: expected none, or ours'),
    ]);
    const elsewhere = planDeployment(targetsOf(ALL, before), 'encode-restart/prod').refusals;
    expect(elsewhere).toHaveLength(4);
    expect(elsewhere[0]).toContain('got one that belongs to encode-restart/dev');
  });

  it('does not try to change the runtime, which cannot be changed', () => {
    const next = wanted(SHARED, ['runtime: Node.js20.15', 'runtime: Node.js22.18']);
    expect(plan(next, deployed(ALL)).refusals[0]).toContain(
      'Node.js20.15 and cannot be changed to Node.js22.18',
    );
  });
});
