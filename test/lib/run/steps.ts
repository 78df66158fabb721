/** What the tests of `follow` share: a restart somewhere on its way, and what a look shows of it. */
import { following } from '../../../lib/run/follow.ts';
import { type DurationMs, minutes, seconds } from '../../../lib/time.ts';
import type { Attempt, Job, Progress, ServerState } from '../../../lib/types.ts';
import { A_MOMENT, ago, NOW, settings, target } from '../guards/support.ts';
import { attempt, on, run, sight } from './looks.ts';

export type Seen = ServerState | 'absent' | 'unchecked';

export function look(seen: Seen, job?: Job['status']) {
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

export function followed(progress: Progress, seen: Seen, job?: Job['status']): Progress {
  const one = target({ progress });
  return following(run([one]), look(seen, job), settings(), NOW)(one).progress;
}

export const withJob = { jobId: 'job-1', requestId: 'r1' };
export const accepted = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'accepted',
  attempt: of,
  since: ago(since),
});
export const verifying = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'verifying',
  attempt: of,
  since: ago(since),
});
export const unknown = (of: Attempt, since: DurationMs = seconds(30)): Progress => ({
  state: 'unknown',
  attempt: of,
  since: ago(since),
});
export const claimed = (since: DurationMs): Progress => ({
  state: 'claimed',
  attempt: attempt({ claimedAt: ago(since) }),
});
export const THREE = minutes(3);
export const ALMOST_THREE = (THREE - A_MOMENT) as DurationMs;

/** What is the case, where the target is, what is seen of it and of its job, and where that puts it. */
export type Step = readonly [
  what: string,
  progress: Progress,
  seen: Seen,
  job: Job['status'] | undefined,
  state: Progress['state'],
];
