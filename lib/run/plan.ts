/** Which waiting targets may be restarted now, and in which calls; the others wait or are held. Pure. */
import type { GuardContext, Situation, Taken } from '../guards/guard.ts';
import { evaluate } from '../guards/index.ts';
import { stormFigures } from '../guards/storm.ts';
import { allowedAtLeast, readWindows, type Settings } from '../settings.ts';
import { after, between, type EpochMs } from '../time.ts';
import { type Hold, type Run, type Target, WAITING_GUARDS } from '../types.ts';
import { CONCURRENCY_FLOOR, HOST_BUSY_WAIT, LOOK_WITHIN } from './limits.ts';
import { rollingOf, unavailableLimit } from './rolling.ts';
import { type Sight, serverIn } from './sight.ts';
import { withProgress } from './target.ts';

export interface Plan {
  readonly targets: readonly Target[];
  /** The targets of each call to be made now. */
  readonly batches: readonly (readonly Planned[])[];
  /** Restarting already, though CPH answered our call with a conflict: an earlier copy of it was taken. */
  readonly adopted: readonly Target[];
}

/** A target that may be restarted now. */
export interface Planned {
  readonly target: Target;
  /** The restart of a healthy server that nobody named. */
  readonly planned: boolean;
}

/** Asks the guards about every waiting target that is due, in order; each yes counts for those after it. */
export function plan(run: Run, sight: Sight, settings: Settings, now: EpochMs): Plan {
  const situation = situationOf(run, sight, settings, now);
  const ready: Planned[] = [];
  const adopted: Target[] = [];
  const tally = tallyOf(sight);
  const targets = run.targets.map((target) => {
    const { progress } = target;
    if (progress.state !== 'waiting' || (progress.notBefore ?? now) > now) return target;
    if (!isLookedAt(target, sight)) return target;
    const blindSince = isBlind(target, sight) ? (progress.blindSince ?? now) : undefined;
    if (blindSince !== undefined && between(blindSince, now) < LOOK_WITHIN) {
      return withProgress(target, { ...progress, blindSince });
    }
    const { blindSince: _, ...rest } = progress;
    const context = contextOf(target, situation, sight, tally);
    const holds = evaluate(context);
    const [deciding] = holds;
    // To follow it takes a claim, and who only watches claims nothing.
    const mayClaim = !holds.some(({ guard }) => guard === 'mode');
    if (mayClaim && progress.conflicts > 0 && deciding?.reason.code === 'restarting_already') {
      adopted.push(target);
      return target;
    }
    if (deciding === undefined) {
      // Should the call be turned away it waits again, and has been seen until now.
      const seen = progress.blindSince === undefined ? target : withProgress(target, rest);
      ready.push({ target: seen, planned: context.planned });
      take(tally, seen);
      tally[context.planned ? 'plannedNow' : 'repairNow'] += 1;
      return seen;
    }
    if (!isWorthWaiting(deciding, situation)) {
      return withProgress(target, { state: 'held', holds, endedAt: now });
    }
    const notBefore = waitsUntil(deciding, now);
    return withProgress(target, { ...rest, holds, ...(notBefore === undefined ? {} : { notBefore }) });
  });
  return { targets, batches: inBatches(ready, settings.batchSize), adopted };
}

/** A place in the queue is worth waiting for unless there are none at all, or nothing is to be done anyway. */
function isWorthWaiting({ guard, reason }: Hold, { settings, request }: Situation): boolean {
  if (!WAITING_GUARDS.has(guard)) return false;
  // It is over in a minute, and then there is an answer, also for whoever only looks.
  if (guard === 'settling') return true;
  if (settings.mode === 'observe' || request.dryRun) return false;
  return !('limit' in reason && reason.limit === 0);
}

function waitsUntil({ guard, reason, until }: Hold, now: EpochMs): EpochMs | undefined {
  if (guard === 'settling') return until;
  return reason.code === 'host_busy' ? after(now, HOST_BUSY_WAIT) : undefined;
}

/** Its host was asked about, in vain or not; of others this look says nothing. */
function isLookedAt({ serverId }: Target, { hosts, unseen }: Sight): boolean {
  const place = hosts.get(serverId);
  return place === undefined ? unseen.has(serverId) : place.host !== 'unasked';
}

/** Something that has to be known before it may be restarted could not be looked at. */
function isBlind({ serverId }: Target, sight: Sight): boolean {
  const place = sight.hosts.get(serverId);
  const isHostSeen = place !== undefined && place.host !== 'unchecked';
  return !isHostSeen || sight.troubled === undefined || sight.maintenance === undefined;
}

/** The figures of this moment, the same for all targets. */
export function situationOf(run: Run, sight: Sight, settings: Settings, now: EpochMs): Situation {
  const narrowed = run.request.narrowed?.window;
  const unavailable = unavailableLimit(run, sight.fleet, settings);
  return {
    now,
    settings,
    runId: run.runId,
    request: run.request,
    takenUpAt: run.resolvedAt ?? run.openedAt,
    memory: sight.memory,
    inFlight: new Map(sight.memory.inFlight.map((intent) => [intent.encodeServerId, intent])),
    troubled: sight.troubled ?? 'unchecked',
    maintenance: sight.maintenance?.eventOf ?? 'unchecked',
    fleet: sight.fleet ?? 'unchecked',
    storm: stormIn(sight, settings),
    // A list without a window that can be read is never open, not open all day.
    windows: [settings.window, narrowed && (readWindows(narrowed) ?? [])].filter(
      (choice) => choice !== undefined,
    ),
    concurrency: concurrencyLimit(sight, settings),
    unavailable,
    rolling: rollingOf(run, unavailable, settings, sight.memory),
  };
}

function contextOf(
  target: Target,
  situation: Situation,
  sight: Sight,
  { taken, plannedNow, repairNow, missing, onHost }: Tally,
): GuardContext {
  const server = serverIn(sight, target);
  const place = sight.hosts.get(target.serverId);
  return {
    ...situation,
    target,
    planned: isPlannedWork(target, sight),
    server,
    host: place === undefined || place.host === 'unasked' ? 'unchecked' : place.host,
    neighbours: place?.servers ?? new Map(),
    record: sight.memory.servers.get(target.encodeServerId),
    taken,
    takenOnHost: onHost.get(target.serverId) ?? [],
    missing: missing.size,
    plannedNow,
    canariesNow: repairNow,
  };
}

/** Who is in flight or was decided a moment ago, counted as they come: a run may have 100,000 targets. */
interface Tally {
  taken: number;
  plannedNow: number;
  repairNow: number;
  /** Troubled or taken. */
  readonly missing: Set<string>;
  readonly onHost: Map<string, readonly Taken[]>;
}

function tallyOf({ memory, troubled }: Sight): Tally {
  const missing = new Set(troubled?.keys());
  const tally = { taken: 0, plannedNow: 0, repairNow: 0, missing, onHost: new Map() };
  for (const one of memory.inFlight) take(tally, one);
  return tally;
}

function take(tally: Tally, one: Taken): void {
  tally.taken += 1;
  tally.missing.add(one.encodeServerId);
  tally.onHost.set(one.serverId, [...(tally.onHost.get(one.serverId) ?? []), one]);
}

/** The restart of a healthy server that nobody named; everything else is repair. */
export function isPlannedWork(target: Target, sight: Sight): boolean {
  const server = serverIn(sight, target);
  return !target.named && typeof server === 'object' && server.state === 'running';
}

/** The storm that this look shows. */
export function stormIn({ troubled, fleet, memory }: Sight, settings: Settings): Situation['storm'] {
  return stormFigures({ troubled: troubled ?? 'unchecked', fleet: fleet ?? 'unchecked', settings, memory });
}

/** How many restarts may be in flight at all. A fleet that could not be measured counts as a small one. */
export function concurrencyLimit(sight: Pick<Sight, 'fleet'>, settings: Settings): number {
  return allowedAtLeast(CONCURRENCY_FLOOR, settings.maxConcurrency, sight.fleet?.eligible ?? 0);
}

/** Calls of at most `batchSize` ids. A target from a list that was refused goes with at most half as many. */
function inBatches(ready: readonly Planned[], batchSize: number): readonly (readonly Planned[])[] {
  const bySize = new Map<number, Planned[]>();
  for (const one of ready) {
    const { progress } = one.target;
    const size = Math.min(batchSize, (progress.state === 'waiting' && progress.maxBatch) || batchSize);
    const members = bySize.get(size);
    if (members === undefined) bySize.set(size, [one]);
    else members.push(one);
  }
  return [...bySize].flatMap(([size, members]) =>
    Array.from({ length: Math.ceil(members.length / size) }, (_, index) =>
      members.slice(index * size, (index + 1) * size),
    ),
  );
}
