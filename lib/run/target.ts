/** Small questions about targets, asked in many places. */

import type { Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type { Attempt, Progress, Recollection, Run, Target } from '../types.ts';

export type InFlightProgress = Extract<Progress, { state: 'claimed' | 'unknown' | 'accepted' | 'verifying' }>;

export const isWaiting = (target: Target): boolean => target.progress.state === 'waiting';

export function isInFlightProgress(progress: Progress): progress is InFlightProgress {
  const { state } = progress;
  return state === 'claimed' || state === 'unknown' || state === 'accepted' || state === 'verifying';
}

export const isInFlight = (target: Target): boolean => isInFlightProgress(target.progress);

/** Waiting or in flight: there is something still to be done about it. */
export const isOpen = (target: Target): boolean => isWaiting(target) || isInFlight(target);

/** The request of a job that has not been seen to end. */
export function openRequest({ progress }: Target): string | undefined {
  if (!isInFlightProgress(progress)) return undefined;
  const { job, requestId } = progress.attempt;
  return job === undefined || job.status === 'running' ? requestId : undefined;
}

export const withProgress = (target: Target, progress: Progress): Target =>
  progress === target.progress ? target : { ...target, progress };

export const withAttempt = <P extends InFlightProgress>(progress: P, change: Partial<Attempt>): P => ({
  ...progress,
  attempt: { ...progress.attempt, ...change },
});

/** Healthy servers are meant too, though nobody named them: planned work. */
export const meansHealthy = ({ request: { selector, source } }: Run): boolean =>
  selector.kind === 'all' || (selector.kind === 'ids' && source === 'timer');

/** A target at its beginning. */
export function waitingTarget(server: {
  readonly encodeServerId: string;
  readonly serverId: string;
  readonly state: Target['resolvedAs'];
  readonly named: boolean;
  readonly now: EpochMs;
}): Target {
  const { encodeServerId, serverId, named, now } = server;
  const progress = { state: 'waiting', since: now, conflicts: 0, turnedAway: 0, holds: [] } as const;
  return { encodeServerId, serverId, resolvedAs: server.state, named, progress };
}

/** Whom a person took out, as the ledger knows them. */
export type LeftOut = Pick<Recollection, 'handedOver' | 'exclusions'>;

/** Excluded, itself or its host, or handed over: it leaves every ratio. */
export function isLeftOut(
  { encodeServerId, serverId }: Pick<Target, 'encodeServerId' | 'serverId'>,
  { exclude }: Settings,
  { handedOver, exclusions }: LeftOut,
): boolean {
  const isExcluded = (id: string) => exclude.includes(id) || exclusions.has(id);
  return handedOver.has(encodeServerId) || isExcluded(encodeServerId) || isExcluded(serverId);
}
