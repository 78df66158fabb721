/** Whether a restart was accepted: claims, lost answers, jobs. */
import { describe, expect, it } from 'vitest';
import { following } from '../../../lib/run/follow.ts';
import { type DurationMs, minutes, seconds } from '../../../lib/time.ts';
import type { ServerState } from '../../../lib/types.ts';
import { A_MOMENT, ago, memory, NOW, record, settings, target } from '../guards/support.ts';
import { attempt, planned, run, waiting } from './looks.ts';
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

describe('a claim that the run does not know of', () => {
  const claim = (runId: string) =>
    memory({
      inFlight: [{ encodeServerId: 's1', serverId: 'h1', runId, claimedAt: ago(seconds(10)) }],
      servers: new Map([['s1', record({ attempts: [ago(minutes(40)), ago(seconds(10))] })]]),
    });
  const adopted = (runId: string, resolvedAs: ServerState = 'abnormal', named = false) => {
    const one = target({ progress: waiting, resolvedAs, named });
    return following(run([one]), { ...look('abnormal'), memory: claim(runId) }, settings(), NOW)(one)
      .progress;
  };

  it('of this run is that of an instance that died: it is taken over with its time and number', () => {
    const of = { claimedAt: ago(seconds(10)), number: 2, planned: false, wasRunning: false };
    expect(adopted('run-1')).toMatchObject({ state: 'claimed', attempt: of });
  });

  it('on a healthy server is planned work and needs evidence; on a named one it is not planned', () => {
    expect(adopted('run-1', 'running')).toMatchObject({ attempt: { planned: true, wasRunning: true } });
    expect(adopted('run-1', 'running', true)).toMatchObject({
      attempt: { planned: false, wasRunning: true },
    });
  });

  it('of another run is left to that run', () => {
    expect(adopted('run-2')).toBe(waiting);
  });
});
