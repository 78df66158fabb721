/** Where a restart has got to, from what a look showed. */
import { describe, expect, it } from 'vitest';
import { follow } from '../../../lib/run/follow.ts';
import { after, type DurationMs, minutes, seconds } from '../../../lib/time.ts';
import type { Attempt, Job, Progress, ServerState } from '../../../lib/types.ts';
import { A_MOMENT, ago, hence, memory, NOW, record, settings, target } from '../guards/support.ts';
import { attempt, ended, on, planned, run, sight, waiting } from './looks.ts';

const given = settings();
type Seen = ServerState | 'absent' | 'unchecked';

function look(seen: Seen, job?: Job['status']) {
  const jobs = new Map<string, Job>();
  if (job !== undefined) {
    const error = job === 'failed' ? { error: { code: 'CPS.0100', message: 'no' } } : {};
    jobs.set('job-1', { jobId: 'job-1', status: job, ...error });
  }
  const servers = [
    on('h1', 's2', 'running'),
    ...(seen === 'absent' || seen === 'unchecked' ? [] : [on('h1', 's1', seen)]),
  ];
  return sight(servers, { jobs, ...(seen === 'unchecked' ? { hosts: new Map() } : {}) });
}

function followed(progress: Progress, seen: Seen, job?: Job['status']): Progress {
  const one = target({ progress });
  return follow(one, run([one]), look(seen, job), given, NOW).progress;
}

const withJob = { jobId: 'job-1', requestId: 'r1' };
const accepted = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'accepted',
  attempt: of,
  since: ago(since),
});
const verifying = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'verifying',
  attempt: of,
  since: ago(since),
});
const unknown = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'unknown',
  attempt: of,
  since: ago(since),
});
const claimed = (since: DurationMs): Progress => ({
  state: 'claimed',
  attempt: attempt({ claimedAt: ago(since) }),
});
const THREE = minutes(3);
const ALMOST_THREE = (THREE - A_MOMENT) as DurationMs;

const CASES: readonly (readonly [
  what: string,
  progress: Progress,
  seen: Seen,
  job: Job['status'] | undefined,
  state: Progress['state'],
])[] = [
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
  [
    'an abnormal server has three minutes to come back',
    verifying(attempt(), ALMOST_THREE),
    'abnormal',
    undefined,
    'verifying',
  ],
  ['and is not recovered after them', verifying(attempt(), THREE), 'abnormal', undefined, 'not_recovered'],
  [
    'one that comes back in time is recovered',
    verifying(attempt(), ALMOST_THREE),
    'running',
    undefined,
    'recovered',
  ],
  [
    'one that is back at the last moment is recovered',
    verifying(attempt(), THREE),
    'running',
    undefined,
    'recovered',
  ],
  [
    'one that still restarts after three minutes is unconfirmed',
    verifying(attempt(), THREE),
    'restarting',
    undefined,
    'unconfirmed',
  ],
  [
    'one that is frozen after them is unconfirmed',
    verifying(attempt(), THREE),
    'unavailable',
    undefined,
    'unconfirmed',
  ],
  [
    'one that is gone after them is unconfirmed',
    verifying(attempt(), THREE),
    'absent',
    undefined,
    'unconfirmed',
  ],
  [
    'one that cannot be looked at after them is unconfirmed',
    verifying(attempt(), THREE),
    'unchecked',
    undefined,
    'unconfirmed',
  ],
  [
    'one that cannot be looked at keeps its three minutes',
    verifying(attempt(), ALMOST_THREE),
    'unchecked',
    undefined,
    'verifying',
  ],
  ['planned: being back says nothing', accepted(planned(withJob)), 'running', 'running', 'accepted'],
  [
    'planned: without a job to be seen, being back says nothing either',
    accepted(planned()),
    'running',
    undefined,
    'accepted',
  ],
  [
    'planned: a job that ended well is evidence',
    accepted(planned(withJob)),
    'running',
    'succeeded',
    'recovered',
  ],
  [
    'planned: having been seen restarting is evidence',
    accepted(planned({ ...withJob, restartSeen: true })),
    'running',
    'running',
    'recovered',
  ],
  ['planned: a job that failed is none', accepted(planned(withJob)), 'running', 'failed', 'verifying'],
  [
    'planned: without any evidence it is unconfirmed',
    verifying(planned(), THREE),
    'running',
    undefined,
    'unconfirmed',
  ],
  [
    'planned: abnormal after three minutes is not recovered',
    verifying(planned({ restartSeen: true }), THREE),
    'abnormal',
    undefined,
    'not_recovered',
  ],
];

describe('a restart is followed:', () => {
  it.each(CASES)('%s', (_, progress, seen, job, state) => {
    expect(followed(progress, seen, job).state).toBe(state);
  });

  it('what a look shows is remembered: a restart that was seen, a job and its error', () => {
    expect(followed(accepted(planned(withJob)), 'restarting')).toMatchObject({
      attempt: { restartSeen: true },
    });
    const error = { code: 'CPS.0100', message: 'no' };
    expect(followed(accepted(attempt(withJob)), 'running', 'failed')).toMatchObject({
      state: 'recovered',
      attempt: { job: { status: 'failed' }, error },
    });
  });

  it('a failure says when the next attempt may be, or that it was the last', () => {
    const second = followed(verifying(attempt({ number: 2 }), THREE), 'abnormal');
    expect(second).toMatchObject({ until: after(ago(seconds(40)), minutes(30)) });
    expect(second).not.toHaveProperty('handedOver');
    const third = followed(verifying(attempt({ number: 3 }), THREE), 'abnormal');
    expect(third).toMatchObject({ handedOver: true });
    expect(third).not.toHaveProperty('until');
  });

  it.each(['recovered', 'not_recovered', 'rejected', 'unconfirmed'] as const)(
    '%s is an end, whatever is seen later',
    (state) => {
      for (const seen of ['running', 'abnormal', 'restarting', 'absent', 'unchecked'] as const) {
        const one = target({ progress: ended(state) });
        expect(follow(one, run([one]), look(seen, 'failed'), given, hence(minutes(60)))).toBe(one);
      }
    },
  );
});

describe('a claim that the run does not know of', () => {
  const claim = (runId: string) =>
    memory({
      inFlight: [{ encodeServerId: 's1', serverId: 'h1', runId, claimedAt: ago(seconds(10)) }],
      servers: new Map([['s1', record({ attempts: [ago(minutes(40)), ago(seconds(10))] })]]),
    });
  const adopted = (runId: string, resolvedAs: ServerState = 'abnormal', named = false) => {
    const one = target({ progress: waiting, resolvedAs, named });
    return follow(one, run([one]), { ...look('abnormal'), memory: claim(runId) }, given, NOW).progress;
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
