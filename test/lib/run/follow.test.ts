/** Whether a restart was accepted: claims, lost answers, jobs. */
import { describe, expect, it } from 'vitest';
import { following } from '../../../lib/run/follow.ts';
import { type DurationMs, minutes, seconds } from '../../../lib/time.ts';
import type { InFlight, Override, Recollection, Target } from '../../../lib/types.ts';
import { A_MOMENT, ago, memory, NOW, record, settings, target } from '../guards/support.ts';
import { attempt, ended, planned, run, waiting } from './looks.ts';
import {
  ALMOST_THREE,
  accepted,
  claimed,
  followed,
  look,
  type Step,
  THREE,
  unknown,
  withJob,
} from './steps.ts';

const CASES: readonly Step[] = [
  [
    'a claim is left to its driver while the call may be answered',
    claimed(seconds(24)),
    'restarting',
    undefined,
    'claimed',
  ],
  [
    'a claim whose call is past its deadline is unknown',
    claimed(seconds(25)),
    'abnormal',
    undefined,
    'unknown',
  ],
  [
    'a claim past its deadline with the server restarting is accepted',
    claimed(seconds(25)),
    'restarting',
    undefined,
    'accepted',
  ],
  [
    'a lost answer with the server restarting was accepted',
    unknown(attempt()),
    'restarting',
    undefined,
    'accepted',
  ],
  [
    'a lost answer with an unwell server back was accepted, and it recovered',
    unknown(attempt()),
    'running',
    undefined,
    'recovered',
  ],
  [
    'a lost answer about a healthy server that runs says nothing',
    unknown(planned()),
    'running',
    undefined,
    'unknown',
  ],
  [
    'a lost answer of which nothing is seen waits three minutes',
    unknown(attempt(), ALMOST_THREE),
    'abnormal',
    undefined,
    'unknown',
  ],
  [
    'a lost answer of which nothing was seen for three minutes is unconfirmed',
    unknown(attempt(), THREE),
    'abnormal',
    undefined,
    'unconfirmed',
  ],
  [
    'a lost answer about a healthy server is unconfirmed too',
    unknown(planned(), THREE),
    'running',
    undefined,
    'unconfirmed',
  ],
  ['an accepted restart waits for its job', accepted(attempt(withJob)), 'abnormal', 'running', 'accepted'],
  [
    'a job that ended well with a running server is a recovery',
    accepted(attempt(withJob)),
    'running',
    'succeeded',
    'recovered',
  ],
  [
    'a job that ended well with an abnormal server proves nothing yet',
    accepted(attempt(withJob)),
    'abnormal',
    'succeeded',
    'verifying',
  ],
  [
    'a job that failed with a running server is a recovery',
    accepted(attempt(withJob)),
    'running',
    'failed',
    'recovered',
  ],
  [
    'a restart that was seen needs no job',
    accepted(attempt({ ...withJob, restartSeen: true })),
    'running',
    'running',
    'recovered',
  ],
  [
    'a restart that was seen and left the server abnormal needs no job either',
    accepted(attempt({ ...withJob, restartSeen: true })),
    'abnormal',
    'running',
    'verifying',
  ],
  [
    'a server still restarting is not verified',
    accepted(attempt({ ...withJob, restartSeen: true })),
    'restarting',
    'running',
    'accepted',
  ],
  [
    'a running server with a running job and no restart seen waits',
    accepted(attempt(withJob)),
    'running',
    'running',
    'accepted',
  ],
  [
    'a job is waited for almost ten minutes',
    accepted(attempt(withJob), (minutes(10) - A_MOMENT) as DurationMs),
    'abnormal',
    'running',
    'accepted',
  ],
  [
    'a job that sticks is not waited for after ten minutes',
    accepted(attempt(withJob), minutes(10)),
    'abnormal',
    'running',
    'verifying',
  ],
];

describe('a restart on its way:', () => {
  it.each(CASES)('%s', (_, progress, seen, job, state) => {
    expect(followed(progress, seen, job).state).toBe(state);
  });
});

describe('a claim in the ledger', () => {
  const claim = (runId: string, more: Partial<InFlight> = {}) =>
    memory({
      inFlight: [
        {
          encodeServerId: 's1',
          serverId: 'h1',
          runId,
          claimedAt: ago(seconds(10)),
          ...more,
        },
      ],
      servers: new Map([['s1', record({ attempts: [ago(minutes(40)), ago(seconds(10))] })]]),
    });
  const adopted = (of: Recollection, more: Partial<Target> = {}) => {
    const one = target({ progress: waiting, ...more });
    return following(run([one]), { ...look('abnormal'), memory: of }, settings(), NOW)(one).progress;
  };

  it('that the run does not know of is that of an instance that died: it is taken over with its time and number', () => {
    const of = { claimedAt: ago(seconds(10)), number: 2, planned: false, wasRunning: false };
    expect(adopted(claim('run-1'))).toEqual({ state: 'claimed', attempt: { ...of, restartSeen: false } });
  });

  it('without a record of the server is taken over as a first attempt', () => {
    expect(adopted({ ...claim('run-1'), servers: new Map() })).toMatchObject({ attempt: { number: 1 } });
  });

  it('is taken over with the word of the person who overrode guards for it', () => {
    const override: Override = { guards: ['cooldown'], who: 'wei', why: 'customer on the phone' };
    expect(adopted(claim('run-1', { override }))).toMatchObject({ attempt: { override } });
  });

  it('is what it was when it was claimed: planned work or not, on a server that ran or did not', () => {
    expect(adopted(claim('run-1', { planned: true, wasRunning: true }))).toMatchObject({
      attempt: { planned: true, wasRunning: true },
    });
    expect(adopted(claim('run-1', { wasRunning: true }))).toMatchObject({
      attempt: { planned: false, wasRunning: true },
    });
    // It ran when the run was resolved, and hung before it was claimed.
    expect(adopted(claim('run-1'), { resolvedAs: 'running' })).toMatchObject({
      attempt: { planned: false, wasRunning: false },
    });
  });

  it('of a restart that the run follows already says nothing new', () => {
    const progress = accepted(attempt(withJob));
    expect(adopted(claim('run-1'), { progress })).toBe(progress);
    expect(adopted(claim('run-1'), { progress: ended('rejected') })).toMatchObject({ state: 'rejected' });
  });

  it('of another run is left to that run', () => {
    expect(adopted(claim('run-2'))).toBe(waiting);
  });
});

describe('what is known of a restart', () => {
  it('is kept when a later look does not show its job', () => {
    const job = { jobId: 'job-1', status: 'running' } as const;
    const next = followed(accepted(attempt({ ...withJob, job })), 'restarting');
    expect(next).toMatchObject({ attempt: { restartSeen: true, job } });
  });

  it('is not written anew when a look shows nothing new: a large run is saved only where it changed', () => {
    const job = { jobId: 'job-1', status: 'running' } as const;
    const one = target({ progress: accepted(attempt({ ...withJob, job, restartSeen: true })) });
    expect(following(run([one]), look('restarting', 'running'), settings(), NOW)(one)).toBe(one);
  });
});
