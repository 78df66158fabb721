/** What a scene is drawn from: servers as they stand, settings, and the world around them. */
import fc from 'fast-check';
import { minutes } from '../../../lib/time.ts';
import { type Attempt, OVERRIDABLE, type Progress, type ServerRecord } from '../../../lib/types.ts';
import { ago, hence, record } from '../guards/support.ts';
import { attempt } from './looks.ts';

export const HOSTS = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5'];
/** More often than others what lets restarts through, or little would be tried. */
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const limit = mostly<number | string>(9, 0, 1, 2, 4, '0%', '5%', '20%', '100%');

export const servers = fc.record({
  host: fc.constantFrom(...HOSTS),
  seen: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('running' as const, 'running', 'abnormal') },
    { weight: 1, arbitrary: fc.constantFrom('restarting' as const, 'unavailable', 'absent') },
  ),
  resolvedAs: fc.constantFrom('running', 'abnormal'),
  named: mostly(false, true),
  progress: fc.oneof(
    { weight: 7, arbitrary: fc.constant('waiting' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'later',
        'accepted',
        'verifying',
        'recovered',
        'not_recovered',
        'rejected',
        'held',
      ),
    },
  ),
  planned: fc.boolean(),
  made: mostly(0, 1, 2, 3),
  lastMinutesAgo: mostly(undefined, 0, 29, 30, 31),
  standing: mostly('ours', 'handed over', 'excluded', 'excluded in the ledger'),
  hasSettled: mostly(true, false),
  maxBatch: mostly(undefined, 1, 2),
  isInFlightElsewhere: mostly(false, true),
} as const);
export type Given = typeof servers extends fc.Arbitrary<infer Value> ? Value : never;

export const settingsOf = fc.record({
  mode: mostly('active', 'observe'),
  max_per_host: mostly(10, 0, 1, 2),
  max_concurrency: limit,
  max_unavailable: limit,
  max_errors: limit,
  max_abnormal: fc.constantFrom('0%', '5%', '30%', '100%'),
  batch_size: fc.integer({ min: 1, max: 5 }),
  alarm_restart: fc.constantFrom('named', 'abnormal'),
  window: mostly(undefined, '18:00-19:00 UTC', '05:00-06:00 UTC'),
});

export const around = fc.record({
  hosts: fc.array(
    mostly<5 | 10 | 'absent' | 'unchecked' | 'unasked' | 'unseen'>(
      5,
      10,
      'absent',
      'unchecked',
      'unasked',
      'unseen',
    ),
    { minLength: 6, maxLength: 6 },
  ),
  maintenance: mostly<string | undefined>('none', 'h0', undefined),
  isTroubledSeen: mostly(true, false),
  fleet: mostly<number | undefined>(100, 3, 12, 40, undefined),
  elsewhereInFlight: mostly(0, 1, 5, 12),
  elsewhereTroubled: fc.constantFrom(0, 0, 0, 1, 3, 12),
  shrank: mostly(false, true),
  paused: mostly(false, true),
  isRoundOver: mostly(true, false),
  storm: fc.option(
    fc.record({
      size: fc.constantFrom(1, 2, 4),
      canaries: fc.array(fc.constantFrom('open', 'recovered', 'failed'), { maxLength: 4 }),
      ago: fc.constantFrom(0, 9, 10),
    } as const),
  ),
  selector: fc.constantFrom('all', 'all', 'abnormal', 'ids'),
  source: fc.constantFrom('alarm', 'timer', 'http', 'patrol'),
  dryRun: mostly(false, true),
  narrowed: mostly(
    {},
    { window: ['18:20-18:25 UTC'] },
    { window: ['nonsense'] },
    { maxUnavailable: { kind: 'count', count: 1 } as const },
  ),
  overridden: fc.option(fc.subarray([...OVERRIDABLE])),
  isBlindFor: mostly(0, 5),
});
export type Around = typeof around extends fc.Arbitrary<infer Value> ? Value : never;

const attemptOf = ({ planned, resolvedAs, made }: Given): Attempt =>
  attempt({ planned, wasRunning: resolvedAs === 'running', number: made + 1, jobId: 'j' });

export function progressOf(one: Given, { isBlindFor }: Around): Progress {
  const wait = {
    state: 'waiting',
    since: ago(minutes(9)),
    conflicts: 0,
    turnedAway: 0,
    holds: [],
    ...(one.maxBatch === undefined ? {} : { maxBatch: one.maxBatch }),
    ...(isBlindFor === 0 ? {} : { blindSince: ago(minutes(isBlindFor)) }),
  } as const;
  switch (one.progress) {
    case 'waiting':
      return wait;
    case 'later':
      return { ...wait, notBefore: hence(minutes(1)) };
    case 'held':
      return { state: 'held', holds: [], endedAt: ago(minutes(1)) };
    case 'accepted':
    case 'verifying':
      return { state: one.progress, attempt: attemptOf(one), since: ago(minutes(1)) };
    default:
      return { state: one.progress, attempt: attemptOf(one), endedAt: ago(minutes(1)) };
  }
}

export const recordOf = ({ host, made, lastMinutesAgo, standing, hasSettled }: Given): ServerRecord =>
  record({
    serverId: host,
    attempts: Array.from({ length: made }, () => ago(minutes(60))),
    ...(lastMinutesAgo === undefined ? {} : { lastAttemptAt: ago(minutes(lastMinutesAgo)) }),
    ...(standing === 'handed over' ? { handedOver: { since: ago(minutes(90)), why: 'failed' } } : {}),
    ...(hasSettled ? { firstSeenAbnormalAt: ago(minutes(9)) } : {}),
  });
