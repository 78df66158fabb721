/**
 * Where a restart has got to, from what a look showed. Pure. The state decides, not the job: a failed job with
 * a running server is a recovery with the job's error noted, and a job that succeeded proves nothing.
 */
import type { Settings } from '../settings.ts';
import { after, between, type DurationMs, type EpochMs } from '../time.ts';
import {
  type Attempt,
  type InFlight,
  type Progress,
  type Run,
  type ServerState,
  type Target,
  unreachable,
} from '../types.ts';
import { ANSWER_WITHIN, JOB_WITHIN, SEND_WITHIN, VERIFY_WITHIN } from './limits.ts';
import { type Sight, serverIn } from './sight.ts';
import { type InFlightProgress, isInFlightProgress, withAttempt, withProgress } from './target.ts';

type Seen = ServerState | 'absent' | 'unchecked';
type Ended = Extract<Progress, { attempt: Attempt; endedAt: EpochMs }>;

interface Context {
  readonly seen: Seen;
  readonly now: EpochMs;
  readonly settings: Settings;
}

/** Follows each target of a run: as it is now, moved on as far as this look allows. */
export function following(
  run: Run,
  sight: Sight,
  settings: Settings,
  now: EpochMs,
): (target: Target) => Target {
  const ours = sight.memory.inFlight.filter(({ runId }) => runId === run.runId);
  const claims = new Map(ours.map((claim) => [claim.encodeServerId, claim]));
  return (target) => followed(target, claims.get(target.encodeServerId), sight, { settings, now });
}

function followed(
  target: Target,
  claim: InFlight | undefined,
  sight: Sight,
  at: Pick<Context, 'settings' | 'now'>,
): Target {
  const progress = adopted(target, claim, sight);
  if (!isInFlightProgress(progress)) return target;
  const server = serverIn(sight, target);
  // Stryker disable next-line ConditionalExpression,StringLiteral: a text has no state; the compiler asks for it
  const seen: Seen = typeof server === 'string' ? server : server.state;
  const context = { seen, ...at };
  let current: Progress = withEvidence(progress, sight, seen);
  // One look can carry a target through several states: a job that ended and a server that runs.
  for (;;) {
    const next: Progress = isInFlightProgress(current) ? step(current, context) : current;
    if (next === current) return withProgress(target, current);
    current = next;
  }
}

/**
 * The ledger outranks the run: a claim of this run on a target that the run believes waiting is the claim of an
 * instance that died before it could say what became of the call.
 */
function adopted(target: Target, claim: InFlight | undefined, sight: Sight): Progress {
  if (claim === undefined || target.progress.state !== 'waiting') return target.progress;
  const attempts = sight.memory.servers.get(target.encodeServerId)?.attempts ?? [];
  return {
    state: 'claimed',
    attempt: {
      claimedAt: claim.claimedAt,
      wasRunning: claim.wasRunning === true,
      planned: claim.planned === true,
      ...(claim.override === undefined ? {} : { override: claim.override }),
      number: Math.max(1, attempts.length),
      restartSeen: false,
    },
  };
}

/** What this look adds to what is known of the attempt. */
function withEvidence(progress: InFlightProgress, sight: Sight, seen: Seen): InFlightProgress {
  const { attempt } = progress;
  const job = attempt.jobId === undefined ? undefined : sight.jobs.get(attempt.jobId);
  const restartSeen = attempt.restartSeen || seen === 'restarting';
  const hasNews =
    restartSeen !== attempt.restartSeen || (job !== undefined && job.status !== attempt.job?.status);
  if (!hasNews) return progress;
  return withAttempt(progress, {
    restartSeen,
    ...(job === undefined ? {} : { job }),
    ...(job?.error === undefined ? {} : { error: job.error }),
  });
}

function step(progress: InFlightProgress, context: Context): Progress {
  const { attempt } = progress;
  const { seen, now } = context;
  switch (progress.state) {
    case 'claimed': {
      const lostAt = after(after(attempt.claimedAt, SEND_WITHIN), ANSWER_WITHIN);
      return now < lostAt ? progress : { state: 'unknown', attempt, since: now };
    }
    case 'unknown':
      if (attempt.restartSeen || isBack(attempt, seen)) return { state: 'accepted', attempt, since: now };
      return isOver(progress.since, VERIFY_WITHIN, now) ? ended('unconfirmed', attempt, context) : progress;
    case 'accepted':
      return shouldBeVerified(attempt, progress.since, context)
        ? { state: 'verifying', attempt, since: now }
        : progress;
    case 'verifying':
      return verified(progress, context);
    // Stryker disable next-line ConditionalExpression: there is no other state
    default:
      return unreachable(progress);
  }
}

/** A server that was unwell and runs again has been restarted; of one that was running that says nothing. */
const isBack = (attempt: Attempt, seen: Seen): boolean => seen === 'running' && !attempt.wasRunning;

function shouldBeVerified(attempt: Attempt, since: EpochMs, { seen, now }: Context): boolean {
  if (attempt.job !== undefined && attempt.job.status !== 'running') return true;
  const restarted = attempt.restartSeen && (seen === 'running' || seen === 'abnormal');
  // Without a job to wait for (its answer was lost) the state is all there is.
  const hasNoJob = attempt.jobId === undefined && isBack(attempt, seen);
  return restarted || hasNoJob || isOver(since, JOB_WITHIN, now);
}

function verified(progress: Extract<Progress, { state: 'verifying' }>, context: Context): Progress {
  const { attempt, since } = progress;
  const { seen, now } = context;
  if (seen === 'running' && hasEvidence(attempt)) return ended('recovered', attempt, context);
  if (!isOver(since, VERIFY_WITHIN, now)) return progress;
  return ended(seen === 'abnormal' ? 'not_recovered' : 'unconfirmed', attempt, context);
}

/** Whether anything shows that the restart happened. */
const hasEvidence = (attempt: Attempt): boolean =>
  !attempt.wasRunning || attempt.restartSeen || attempt.job?.status === 'succeeded';

/** The end of an attempt, with when the next one may be, or that it was the last. */
export function ended(
  state: Ended['state'],
  attempt: Attempt,
  { now, settings }: Pick<Context, 'now' | 'settings'>,
): Ended {
  if (state === 'recovered') return { state, attempt, endedAt: now };
  if (attempt.number >= settings.maxAttempts) return { state, attempt, endedAt: now, handedOver: true };
  return { state, attempt, endedAt: now, until: after(attempt.claimedAt, settings.cooldown) };
}

const isOver = (since: EpochMs, span: DurationMs, now: EpochMs): boolean => between(since, now) >= span;
