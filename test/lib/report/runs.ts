/** Runs to report on, built from the few things a test cares about. */

import fc from 'fast-check';
import type { ReportOptions } from '../../../lib/report/text.ts';
import { epochMs } from '../../../lib/time.ts';
import type { Attempt, Hold, Outcome, Progress, Reason, Run, Target } from '../../../lib/types.ts';

export const at = (text: string) => epochMs(Date.parse(`2026-01-31T${text}Z`));

export const OPTIONS: ReportOptions = {
  language: 'en',
  region: 'cn-north-4',
  projectId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  mode: 'active',
  sharedLedger: true,
};

export const HOST = '3f2504e04f8911d39a0c0305e82c3301';

export function attempt(some: Partial<Attempt> = {}): Attempt {
  return {
    claimedAt: at('02:41:10'),
    wasRunning: false,
    planned: false,
    number: 1,
    restartSeen: false,
    ...some,
  };
}

export function ended(
  state: Exclude<Outcome, 'held'>,
  some: Partial<Attempt> = {},
  until?: string,
): Progress {
  const endedAt = at('02:42:03');
  return { state, attempt: attempt(some), endedAt, ...(until === undefined ? {} : { until: at(until) }) };
}

export const hold = (guard: Hold['guard'], reason: Reason, until?: string): Hold => ({
  guard,
  reason,
  ...(until === undefined ? {} : { until: at(until) }),
});

export const held = (...holds: readonly Hold[]): Progress => ({
  state: 'held',
  holds,
  endedAt: at('02:41:10'),
});

export const waiting = (...holds: readonly Hold[]): Progress => ({
  state: 'waiting',
  since: at('02:41:10'),
  conflicts: 0,
  turnedAway: 0,
  holds,
});

export const target = (encodeServerId: string, progress: Progress, serverId = HOST): Target => ({
  encodeServerId,
  serverId,
  resolvedAs: 'abnormal',
  named: false,
  progress,
});

export function run(targets: readonly Target[], some: Partial<Run> = {}): Run {
  return {
    runId: 'run-20260131-024058-7c1e',
    request: {
      deliveryId: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
      source: 'alarm',
      selector: { kind: 'candidates', ids: [HOST] },
      reason: 'encode_server_abnormal is 2, expected < 1',
      requestedBy: 'cph-encode-servers',
      requestedAt: at('02:40:55'),
      dryRun: false,
    },
    state: 'done',
    openedAt: at('02:40:58'),
    endsAt: at('14:40:58'),
    settingsHash: '0123456789ab',
    hosts: [HOST],
    targets,
    requestIds: ['6837531fd3f54550927b930180a706bf'],
    ...some,
  };
}

const ERROR = { code: 'CPS.0005', message: 'The server is busy.' };

/** One of every `Reason`; the type makes sure that none is missing. */
export const REASONS: { readonly [Code in Reason['code']]: Extract<Reason, { readonly code: Code }> } = {
  not_included: { code: 'not_included' },
  excluded: { code: 'excluded', who: 'wang.fang', why: 'kept for a measurement' },
  ledger_emptied: { code: 'ledger_emptied', since: at('02:00:00') },
  stale: { code: 'stale', requestedAt: at('01:30:00') },
  outside_window: { code: 'outside_window', windows: ['Mon-Fri 22:00-04:00 Asia/Shanghai'] },
  fleet_shrank: { code: 'fleet_shrank', count: 380, usual: 500 },
  storm: { code: 'storm', troubled: 170, hosts: 14, fleet: 500, canaries: 2 },
  settling: { code: 'settling', since: at('02:40:30') },
  errors: { code: 'errors', failures: 6, tolerance: 6 },
  paused: { code: 'paused', who: 'li.wei', why: 'maintenance of the storage' },
  well_again: { code: 'well_again' },
  restarting_already: { code: 'restarting_already' },
  unavailable: { code: 'unavailable', status: 4 },
  gone: { code: 'gone' },
  host_not_in_service: { code: 'host_not_in_service', status: 10 },
  host_gone: { code: 'host_gone' },
  host_maintenance: { code: 'host_maintenance', eventId: 'event-9' },
  unchecked: { code: 'unchecked', what: 'host' },
  cooldown: { code: 'cooldown', lastAttemptAt: at('02:41:10') },
  in_flight: { code: 'in_flight', runId: 'run-7' },
  attempts_used: { code: 'attempts_used', attempts: 3 },
  handed_over: { code: 'handed_over', since: at('01:00:00'), why: 'three attempts' },
  host_limit: { code: 'host_limit', inFlight: 4, limit: 4 },
  host_busy: { code: 'host_busy', encodeServerId: 'es-0815' },
  unavailable_limit: { code: 'unavailable_limit', unavailable: 25, limit: 25 },
  round: { code: 'round', inFlight: 3, size: 8 },
  concurrency_limit: { code: 'concurrency_limit', inFlight: 20, limit: 20 },
  observe: { code: 'observe' },
  dry_run: { code: 'dry_run' },
  run_ended: { code: 'run_ended' },
  test: { code: 'test', abnormal: 3 },
  nothing_found: { code: 'nothing_found', what: 'phones 1, 2' },
  not_authorised: { code: 'not_authorised', error: ERROR },
  turned_away: { code: 'turned_away', error: ERROR },
};

/** Something of everything, on two hosts. */
export function mixedRun(): Run {
  const other = '9b2e8f1c7d6a4b5e8c3f2a1d0e9b8c7f';
  const jobs = (id: string) => ({
    jobId: id,
    requestId: '6837531fd3f54550927b930180a706bf',
    restartSeen: true,
  });
  const job = {
    jobId: 'job-3',
    status: 'failed',
    error: { code: 'CPS.0054', message: 'Timed out.' },
  } as const;
  return run(
    [
      target('es-0001', ended('recovered', jobs('job-1'))),
      target('es-0002', ended('not_recovered', jobs('job-2'), '03:11:10')),
      target('es-0003', ended('recovered', { ...jobs('job-3'), job })),
      target(
        'es-0004',
        ended('rejected', { number: 2, error: { code: 'CPS.0041', message: 'Not allowed.' } }),
      ),
      target('es-0005', ended('unconfirmed'), other),
      target('es-0006', held(hold('cooldown', REASONS.cooldown, '03:11:10')), other),
      target('es-0007', held(hold('state', REASONS.well_again)), other),
    ],
    { hosts: [HOST, other] },
  );
}

/** A target in every state there is. */
const progress: fc.Arbitrary<Progress> = fc.constantFrom<Progress>(
  waiting(),
  waiting(hold('host', REASONS.host_limit, '02:50:00')),
  { state: 'claimed', attempt: attempt() },
  { state: 'unknown', attempt: attempt(), since: at('02:41:31') },
  { state: 'accepted', attempt: attempt({ jobId: 'job-1' }), since: at('02:41:11') },
  { state: 'verifying', attempt: attempt({ jobId: 'job-1' }), since: at('02:41:50') },
  ended('recovered'),
  ended('not_recovered', {}, '03:11:10'),
  ended('rejected', { error: { code: 'CPS.0041', message: 'No.' } }),
  ended('unconfirmed'),
  held(),
  ...Object.values(REASONS).map((reason) => held(hold('state', reason, '03:00:00'))),
);

export const anyRun = fc
  .record({
    all: fc.array(progress, { maxLength: 40 }),
    state: fc.constantFrom('resolving', 'watching', 'running', 'verifying', 'done', 'cancelled', 'expired'),
  })
  .map(({ all, state }) =>
    run(
      all.map((one, index) => target(`es-${index}`, one)),
      { state },
    ),
  );

/** Whole Unicode, lone halves of surrogate pairs and all the characters that do harm. */
export const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '\n',
          '\r\n',
          '\u0000',
          '\u001b[31m',
          '\u0085',
          '\u2028',
          '\u202e',
          '\u2066',
          '\u200b',
        ),
        fc.constantFrom(
          '<script>alert(1)</script>',
          '__proto__',
          '"}',
          '\\',
          '😀',
          '主机',
          '\ud83d',
          '\udc00',
          'e\u0301\u0301\u0301',
        ),
        fc.string(),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

/** A rolling restart by night: most are well, two are not, the window closed on some, and the run on most others. */
export function nightlyRun(total = 500): Run {
  const targets = Array.from({ length: total }, (_, index) => {
    const progressOf = (): Progress => {
      if (index === 7) return ended('not_recovered', { planned: true, wasRunning: true }, '03:11:10');
      if (index === 8) return held(hold('attempts', REASONS.handed_over));
      if (index >= total - 18) return held(hold('run', REASONS.run_ended));
      return ended('recovered', { planned: true, wasRunning: true });
    };
    const id = `es-${String(index).padStart(4, '0')}`;
    return { ...target(id, progressOf(), `host-${index % 100}`), resolvedAs: 'running' as const };
  });
  const one = run(targets);
  const request = {
    ...one.request,
    source: 'timer',
    selector: { kind: 'all' },
    reason: 'nightly rolling restart',
    requestedBy: 'timer nightly',
  } as const;
  return { ...one, request };
}
