/** What is to be done next: a pure function of the run, what was seen, the settings and the time. */
import type { Settings } from '../settings.ts';
import { after, between, type EpochMs, earliest } from '../time.ts';
import type { Hold, Reason, Run, RunState, Target } from '../types.ts';
import { follow } from './follow.ts';
import { POLL, WATCH_LOOKS } from './limits.ts';
import { type Plan, plan } from './plan.ts';
import type { Sight } from './sight.ts';
import { isInFlight, isInFlightProgress, isWaiting, withProgress } from './target.ts';

export interface Decision {
  /** The run with every target as far as this look carries it. */
  readonly run: Run;
  /** The targets of each batch-restart call to be made now. */
  readonly batches: readonly (readonly Target[])[];
  /** When to look again; absent when the run has ended. */
  readonly lookAt?: EpochMs;
}

export function decide(given: Run, sight: Sight, settings: Settings, now: EpochMs): Decision {
  const seen = given.state === 'watching' ? watched(given, sight, now) : given;
  const targets = seen.targets.map((target) => follow(target, seen, sight, settings, now));
  const stopped = seen.stopped ?? (sight.denied && { code: 'not_authorised' as const, error: sight.denied });
  const run: Run = { ...seen, targets, ...(stopped === undefined ? {} : { stopped }) };
  const { targets: planned, batches } = planFor(run, sight, settings, now);
  const decided: Run = { ...run, targets: planned, state: stateOf(run, planned, now) };
  if (isOver(decided.state)) return { run: decided, batches };
  return { run: decided, batches, lookAt: nextLook(decided, now) };
}

/** A run that was stopped or has reached its end restarts nothing more. */
function planFor(run: Run, sight: Sight, settings: Settings, now: EpochMs): Plan {
  const reason: Reason | undefined = run.stopped ?? (now >= run.endsAt ? { code: 'run_ended' } : undefined);
  if (reason === undefined) return plan(run, sight, settings, now);
  return { targets: run.targets.map((target) => heldFor(reason, target, now)), batches: [] };
}

function heldFor(reason: Reason, target: Target, now: EpochMs): Target {
  if (target.progress.state !== 'waiting') return target;
  const hold: Hold = { guard: 'run', reason };
  return withProgress(target, { state: 'held', holds: [hold, ...target.progress.holds], endedAt: now });
}

/** A watching run: has anything become abnormal on its hosts? */
function watched(run: Run, sight: Sight, now: EpochMs): Run {
  const found = run.hosts.flatMap((serverId) => [...(sight.hosts.get(serverId)?.servers.values() ?? [])]);
  const targets = found
    .filter((server) => server.state === 'abnormal')
    .map(({ encodeServerId, serverId, state }) =>
      waitingTarget({ encodeServerId, serverId, state, named: false, now }),
    );
  return targets.length > 0 ? { ...run, state: 'running', targets } : run;
}

export function waitingTarget(server: {
  encodeServerId: string;
  serverId: string;
  state: Target['resolvedAs'];
  named: boolean;
  now: EpochMs;
}): Target {
  const { encodeServerId, serverId, named, now } = server;
  const progress = { state: 'waiting', since: now, conflicts: 0, turnedAway: 0, holds: [] } as const;
  return { encodeServerId, serverId, resolvedAs: server.state, named, progress };
}

function stateOf(run: Run, targets: readonly Target[], now: EpochMs): RunState {
  const isWatched = run.state === 'watching' && run.stopped === undefined;
  if (isWatched && nextWatch(run, now) !== undefined) return 'watching';
  if (targets.some(isWaiting)) return 'running';
  if (targets.some(isInFlight)) return 'verifying';
  if (run.stopped !== undefined) return 'cancelled';
  return now >= run.endsAt ? 'expired' : 'done';
}

const isOver = (state: RunState): boolean => state === 'done' || state === 'cancelled' || state === 'expired';

/** When a watching run looks again; nothing when it has looked often enough. */
const nextWatch = (run: Run, now: EpochMs): EpochMs | undefined =>
  WATCH_LOOKS.map((span) => after(run.openedAt, span)).find((moment) => moment > now);

function nextLook(run: Run, now: EpochMs): EpochMs {
  if (run.state === 'watching') return nextWatch(run, now) ?? after(now, POLL.soon);
  return earliest(
    after(now, POLL.later),
    ...run.targets.flatMap(({ progress }) => {
      if (progress.state === 'waiting') {
        // One that is due already waits for its turn: never look again at once, or nobody else moves.
        const { notBefore = now } = progress;
        return [notBefore > now ? notBefore : after(now, POLL.soon)];
      }
      if (!isInFlightProgress(progress)) return [];
      const isYoung = between(progress.attempt.claimedAt, now) < POLL.soonFor;
      return [after(now, isYoung ? POLL.soon : POLL.later)];
    }),
  );
}
