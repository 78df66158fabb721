import { describe, expect, it } from 'vitest';
import type { GuardContext } from '../../../lib/guards/guard.ts';
import { evaluate, GUARDS } from '../../../lib/guards/index.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { after, before, epochMs, hours, minutes, seconds } from '../../../lib/time.ts';
import type { EncodeServer, GuardName } from '../../../lib/types.ts';

const NOW = epochMs(1_772_389_800_000);
const settings = (more: object = {}) => parseSettings({ region: 'cn-north-4', mode: 'active', ...more });
const server = (state: EncodeServer['state'], status: number): EncodeServer => ({
  encodeServerId: 's1',
  serverId: 'h1',
  name: 'one',
  status,
  state,
});
const waiting = { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] } as const;
const target = (named = false) =>
  ({ encodeServerId: 's1', serverId: 'h1', resolvedAs: 'abnormal', named, progress: waiting }) as const;

/** An abnormal server that nothing speaks against. */
const context = (more: Partial<GuardContext> = {}): GuardContext => ({
  now: NOW,
  settings: settings(),
  runId: 'run-1',
  dryRun: false,
  target: target(),
  server: server('abnormal', 2),
  host: { serverId: 'h1', status: 5 },
  record: undefined,
  pause: undefined,
  inFlightUnder: undefined,
  inFlightOnHost: 0,
  inFlight: 0,
  concurrency: 10,
  ...more,
});
const record = (more: object) => ({ serverId: 'h1', attempts: [], ...more });

describe('a server that nothing speaks against', () => {
  it('is held by no guard', () => {
    expect(evaluate(context())).toEqual([]);
  });
});

/** Guard, what is the case, and the reason for which it holds; none where it lets the server through. */
const CASES: readonly (readonly [
  name: GuardName,
  what: string,
  more: Partial<GuardContext>,
  reason?: string,
])[] = [
  ['scope', 'the server is excluded', { settings: settings({ exclude: ['s1'] }) }, 'excluded'],
  ['scope', 'its host is excluded', { settings: settings({ exclude: ['h1'] }) }, 'excluded'],
  ['scope', 'another is excluded', { settings: settings({ exclude: ['s2'] }) }],
  ['scope', 'it is not included', { settings: settings({ include: ['s2'] }) }, 'not_included'],
  ['scope', 'nothing is included', { settings: settings({ include: [] }) }, 'not_included'],
  ['scope', 'its host is included', { settings: settings({ include: ['h1'] }) }],
  [
    'scope',
    'it is included and excluded',
    { settings: settings({ include: ['s1'], exclude: ['s1'] }) },
    'excluded',
  ],
  ['pause', 'somebody paused', { pause: { who: 'a', why: 'b', until: after(NOW, seconds(1)) } }, 'paused'],
  ['pause', 'the pause is over', { pause: { who: 'a', why: 'b', until: NOW } }],
  ['state', 'the server could not be looked at', { server: 'unchecked' }, 'unchecked'],
  ['state', 'the host could not be looked at', { host: 'unchecked' }, 'unchecked'],
  ['state', 'the server is gone', { server: 'absent' }, 'gone'],
  ['state', 'the host is gone', { host: 'absent' }, 'host_gone'],
  ['state', 'the host is shut down', { host: { serverId: 'h1', status: 10 } }, 'host_not_in_service'],
  ['state', 'the host is abnormal', { host: { serverId: 'h1', status: 2 } }, 'host_not_in_service'],
  ['state', 'it is restarting', { server: server('restarting', 3) }, 'restarting_already'],
  ['state', 'it is frozen', { server: server('unavailable', 4) }, 'unavailable'],
  ['state', 'its status is not known', { server: server('unavailable', 77) }, 'unavailable'],
  ['state', 'it is well again', { server: server('running', 1) }, 'well_again'],
  ['state', 'it runs and was named', { server: server('running', 1), target: target(true) }],
  ['cooldown', 'no history', { record: undefined }],
  [
    'cooldown',
    'just short of it',
    { record: record({ lastAttemptAt: after(before(NOW, minutes(30)), seconds(1)) }) },
    'cooldown',
  ],
  ['cooldown', 'at its end', { record: record({ lastAttemptAt: before(NOW, minutes(30)) }) }],
  ['cooldown', 'another run restarts it', { inFlightUnder: 'run-2' }, 'in_flight'],
  ['attempts', 'two were made', { record: record({ attempts: [NOW, NOW] }) }],
  ['attempts', 'three were made', { record: record({ attempts: [NOW, NOW, NOW] }) }, 'attempts_used'],
  ['attempts', 'three, one a day ago', { record: record({ attempts: [before(NOW, hours(24)), NOW, NOW] }) }],
  ['attempts', 'none is allowed', { settings: settings({ max_attempts: 0 }) }, 'attempts_used'],
  [
    'attempts',
    'it was handed over',
    { record: record({ handedOver: { since: NOW, why: 'x' } }) },
    'handed_over',
  ],
  ['host', 'one place is left', { inFlightOnHost: 9 }],
  ['host', 'no place is left', { inFlightOnHost: 10 }, 'host_limit'],
  ['host', 'no place is allowed', { settings: settings({ max_per_host: 0 }) }, 'host_limit'],
  ['concurrency', 'one place is left', { inFlight: 9 }],
  ['concurrency', 'no place is left', { inFlight: 10 }, 'concurrency_limit'],
  ['concurrency', 'no place is allowed', { concurrency: 0 }, 'concurrency_limit'],
  ['mode', 'only observing', { settings: settings({ mode: 'observe' }) }, 'observe'],
  ['mode', 'a dry run', { dryRun: true }, 'dry_run'],
];

describe('guard', () => {
  it.each(CASES.map(([name, what, more, reason]) => ({ name, what, more, reason })))(
    '$name: $what',
    ({ name, more, reason }) => {
      const holds = evaluate(context(more)).map((hold) => [hold.guard, hold.reason.code]);
      expect(holds).toEqual(reason === undefined ? [] : [[name, reason]]);
    },
  );

  it('each has a case that holds and stands in the order that decides', () => {
    const names = GUARDS.map((guard) => guard.name);
    expect(names).toEqual(['scope', 'pause', 'state', 'cooldown', 'attempts', 'host', 'concurrency', 'mode']);
    expect(new Set(CASES.flatMap(([name, , , reason]) => (reason === undefined ? [] : [name])))).toEqual(
      new Set(names),
    );
  });

  it('all are asked, and every no is kept with the time from which it could be a yes', () => {
    const until = after(NOW, minutes(5));
    const holds = evaluate(
      context({
        pause: { who: 'a', why: 'b', until },
        record: record({ lastAttemptAt: NOW, attempts: [NOW, NOW, NOW] }),
        settings: settings({ mode: 'observe', exclude: ['h1'] }),
        server: 'unchecked',
        inFlight: 99,
        inFlightOnHost: 99,
      }),
    );
    expect(holds.map((hold) => hold.guard)).toEqual(GUARDS.map((guard) => guard.name));
    expect(holds[1]?.until).toBe(until);
    expect(holds[3]?.until).toBe(after(NOW, minutes(30)));
  });
});
