/** What is to be done next: a pure function of the run, what was seen, the settings and the time. */
import type { Settings } from '../settings.ts';
import { after, between, type EpochMs, earliest } from '../time.ts';
import { type Hold, hasEnded, type Reason, type Run, type RunState, type Target } from '../types.ts';
import { following } from './follow.ts';
import { POLL, WATCH_LOOKS } from './limits.ts';
import { type Plan, type Planned, plan } from './plan.ts';
import type { Sight } from './sight.ts';
import { isInFlight, isInFlightProgress, isWaiting, waitingTarget, withProgress } from './target.ts';

export interface Decision {
  /** The run with every target as far as this look carries it. */
  readonly run: Run;
  /** The targets of each batch-restart call to be made now. */
  readonly batches: readonly (readonly Planned[])[];
  /** Targets whose restart is under way although its call was answered with a conflict: to be claimed, not called. */
  readonly adopted: readonly Target[];
  /** When to look again; absent when the run has ended. */
  readonly lookAt?: EpochMs;
}

export function decide(given: Run, sight: Sight, settings: Settings, now: EpochMs): Decision {
  const seen = given.state === 'watching' ? watched(given, sight, now) : given;
  const targets = seen.targets.map(following(seen, sight, settings, now));
  const stopped = seen.stopped ?? (sight.denied && { code: 'not_authorised' as const, error: sight.denied });
  const run: Run = { ...seen, targets, ...(stopped === undefined ? {} : { stopped }) };
  const planned = planFor(run, sight, settings, now);
  const decided: Run = { ...run, targets: planned.targets, state: stateOf(run, planned.targets, now) };
  const { batches, adopted } = planned;
  if (hasEnded(decided)) return { run: { ...decided, endedAt: now }, batches, adopted };
  return { run: decided, batches, adopted, lookAt: nextLook(decided, planned, sight, now) };
}

/** A run that was stopped or has reached its end restarts nothing more. */
function planFor(run: Run, sight: Sight, settings: Settings, now: EpochMs): Plan {
  const reason: Reason | undefined = run.stopped ?? (now >= run.endsAt ? { code: 'run_ended' } : undefined);
  if (reason === undefined) return plan(run, sight, settings, now);
  return { targets: run.targets.map((target) => heldFor(reason, target, now)), batches: [], adopted: [] };
}

function heldFor(reason: Reason, target: Target, now: EpochMs): Target {
  if (target.progress.state !== 'waiting') return target;
  const hold: Hold = { guard: 'run', reason };
  return withProgress(target, { state: 'held', holds: [hold, ...target.progress.holds], endedAt: now });
}

/** A watching run: has anything become abnormal on its hosts? */
function watched(run: Run, sight: Sight, now: EpochMs): Run {
  const found = run.hosts.flatMap((serverId) => [...(sight.hosts.get(serverId)?.servers.values() ?? [])]);
  // What another run restarts already is that run's.
  const taken = new Set(sight.memory.inFlight.map(({ encodeServerId }) => encodeServerId));
  const targets = found
    .filter((server) => server.state === 'abnormal' && !taken.has(server.encodeServerId))
    .map(({ encodeServerId, serverId, state }) =>
      waitingTarget({ encodeServerId, serverId, state, named: false, now }),
    );
  return targets.length > 0 ? { ...run, state: 'running', targets } : run;
}

function stateOf(run: Run, targets: readonly Target[], now: EpochMs): RunState {
  const isWatched = run.state === 'watching' && run.stopped === undefined;
  if (isWatched && nextWatch(run, now) !== undefined) return 'watching';
  if (targets.some(isWaiting)) return 'running';
  if (targets.some(isInFlight)) return 'verifying';
  if (run.stopped !== undefined) return 'cancelled';
  return targets.some(isLeftOver) ? 'expired' : 'done';
}

/** The run ended before its turn came. A night whose last restart came back after the window is not expired. */
const isLeftOver = ({ progress }: Target): boolean =>
  progress.state === 'held' && progress.holds[0]?.reason.code === 'run_ended';

/** When a watching run looks again; nothing when it has looked often enough. */
const nextWatch = (run: Run, now: EpochMs): EpochMs | undefined =>
  WATCH_LOOKS.map((span) => after(run.openedAt, span)).find((moment) => moment > now);

function nextLook(run: Run, { batches }: Plan, sight: Sight, now: EpochMs): EpochMs {
  if (run.state === 'watching') return nextWatch(run, now) ?? after(now, POLL.soon);
  const isBlocked =
    batches.length === 0 &&
    sight.memory.inFlight.length === 0 &&
    run.targets.some(({ progress }) => progress.state === 'waiting' && progress.holds.length > 0);
  const moments = run.targets.flatMap(({ progress }) => {
    if (progress.state === 'waiting') {
      // One that is due already waits for its turn: never look again at once, or nobody else moves.
      const { notBefore = now } = progress;
      if (notBefore > now) return [notBefore];
      if (progress.blindSince !== undefined) return [after(now, POLL.later)];
      return isBlocked ? [] : [after(now, POLL.soon)];
    }
    if (!isInFlightProgress(progress)) return [];
    const isYoung = between(progress.attempt.claimedAt, now) < POLL.soonFor;
    return [after(now, isYoung ? POLL.soon : POLL.later)];
  });
  // One by one: 100,000 of them are more arguments than a call takes.
  return moments.reduce(
    (first, moment) => earliest(first, moment),
    after(now, isBlocked ? POLL.blocked : POLL.later),
  );
}
