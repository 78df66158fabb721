/** Which waiting targets may be restarted now, and in which calls; the others wait or are held. Pure. */
import { evaluate } from '../guards/index.ts';
import { allowedAtLeast, type Settings } from '../settings.ts';
import { between, type EpochMs } from '../time.ts';
import { type Hold, type Run, type Target, WAITING_GUARDS } from '../types.ts';
import { CONCURRENCY_FLOOR, LOOK_WITHIN } from './limits.ts';
import { type Sight, serverIn } from './sight.ts';
import { withProgress } from './target.ts';

export interface Plan {
  readonly targets: readonly Target[];
  /** The targets of each call to be made now. */
  readonly batches: readonly (readonly Target[])[];
}

/** Asks the guards about every waiting target that is due, in order; each yes counts for those after it. */
export function plan(run: Run, sight: Sight, settings: Settings, now: EpochMs): Plan {
  const ready: Target[] = [];
  const targets = run.targets.map((target) => {
    const { progress } = target;
    if (progress.state !== 'waiting' || (progress.notBefore ?? now) > now) return target;
    if (isUnseen(target, sight) && between(progress.since, now) < LOOK_WITHIN) return target;
    const holds = holdsOf(target, ready, run, sight, settings, now);
    const [deciding] = holds;
    if (deciding === undefined) {
      ready.push(target);
      return target;
    }
    return waits(deciding, ready, sight)
      ? withProgress(target, { ...progress, holds })
      : withProgress(target, { state: 'held', holds, endedAt: now });
  });
  return { targets, batches: inBatches(ready, settings.batchSize) };
}

/** A place in the queue is worth waiting for only while something is in flight that could free one. */
function waits(deciding: Hold, ready: readonly Target[], sight: Sight): boolean {
  return WAITING_GUARDS.has(deciding.guard) && ready.length + sight.memory.inFlight.length > 0;
}

function isUnseen(target: Target, sight: Sight): boolean {
  const place = sight.hosts.get(target.serverId);
  return place === undefined || place.host === 'unchecked';
}

function holdsOf(
  target: Target,
  ready: readonly Target[],
  run: Run,
  sight: Sight,
  settings: Settings,
  now: EpochMs,
): readonly Hold[] {
  const { inFlight, pause, servers } = sight.memory;
  const taken = [...inFlight, ...ready];
  return evaluate({
    now,
    settings,
    runId: run.runId,
    dryRun: run.request.dryRun,
    target,
    server: serverIn(sight, target),
    host: sight.hosts.get(target.serverId)?.host ?? 'unchecked',
    record: servers.get(target.encodeServerId),
    pause,
    inFlightUnder: inFlight.find((intent) => intent.encodeServerId === target.encodeServerId)?.runId,
    inFlightOnHost: taken.filter((other) => other.serverId === target.serverId).length,
    inFlight: taken.length,
    concurrency: concurrencyLimit(sight, settings),
  });
}

/** How many restarts may be in flight at all. A fleet that could not be measured counts as a small one. */
export function concurrencyLimit(sight: Sight, settings: Settings): number {
  return allowedAtLeast(CONCURRENCY_FLOOR, settings.maxConcurrency, sight.fleetSize?.count ?? 0);
}

/** Calls of at most `batchSize` ids. A target from a list that was refused goes with at most half as many. */
function inBatches(targets: readonly Target[], batchSize: number): readonly (readonly Target[])[] {
  const bySize = new Map<number, Target[]>();
  for (const target of targets) {
    const { progress } = target;
    const size = Math.min(batchSize, (progress.state === 'waiting' && progress.maxBatch) || batchSize);
    const members = bySize.get(size);
    if (members === undefined) bySize.set(size, [target]);
    else members.push(target);
  }
  return [...bySize].flatMap(([size, members]) =>
    Array.from({ length: Math.ceil(members.length / size) }, (_, index) =>
      members.slice(index * size, (index + 1) * size),
    ),
  );
}
