/** What a request means now: its targets in their order, or why there are none. */
import { type Resolution, type ResolvedServer, resolve } from '../fleet/resolve.ts';
import { HuaweiError } from '../huawei/errors.ts';
import { readWindows } from '../settings.ts';
import { after, between, type EpochMs, earliest } from '../time.ts';
import type { Reason, RestartRequest, Run, ServerRecord, Target } from '../types.ts';
import { windowState } from '../window.ts';
import { RUN_LASTS } from './limits.ts';
import { meansHealthy, waitingTarget } from './target.ts';
import type { World } from './world.ts';

export interface Found {
  readonly targets: readonly Target[];
  readonly hosts: readonly string[];
  readonly unknown: readonly string[];
  /** Why nothing can be done. */
  readonly stopped?: Reason;
}

/**
 * An answer that says "not authorised" is found out too: the run's report is how a person learns of it.
 * @throws HuaweiError when CPH could not be asked
 */
export async function targetsOf(request: RestartRequest, world: World): Promise<Found> {
  const { clock, cph, ledger, settings } = world;
  const recall = async (ids: readonly string[]) => (await ledger.recall(ids, clock.now())).servers;
  try {
    // An old alarm is a hint like any other: its word alone restarts no server that runs.
    const isAlarm = request.source === 'alarm';
    const isOld = isAlarm && between(request.requestedAt, clock.now()) > settings.maxAge;
    const alarmRestart = isOld ? 'abnormal' : settings.alarmRestart;
    const resolution = await resolve(request.selector, { cph, recall, alarmRestart });
    const records = await recall(resolution.servers.map(({ server }) => server.encodeServerId));
    const now = clock.now();
    // A timer narrows; it is no person or alarm that means this very server. Its healthy ones are planned work.
    const isTimer = request.source === 'timer';
    const isMeant = !isTimer && !isOld;
    const servers = resolution.servers.map(({ server, named }) => ({ server, named: named && isMeant }));
    const targets = inOrder(servers, records).map(({ server, named }) =>
      waitingTarget({ ...server, named, now }),
    );
    return { ...resolution, targets: [...targets, ...unknownTargets(request, resolution, now)] };
  } catch (error) {
    if (!(error instanceof HuaweiError) || error.kind !== 'not_authorised') throw error;
    const stopped = { code: 'not_authorised', error: { code: error.code, message: error.said } } as const;
    return { targets: [], hosts: [], unknown: [], stopped };
  }
}

/** A run that is open but not resolved yet, with what its request means now. */
export async function resolved(run: Run, world: World): Promise<Run> {
  try {
    const found = await targetsOf(run.request, world);
    return withTargets(run, found, world, world.clock.now());
  } catch (error) {
    const now = world.clock.now();
    if (!(error instanceof HuaweiError) || between(run.openedAt, now) <= world.settings.maxAge) throw error;
    // By now the request is stale: whoever asked is told that CPH could not be asked, instead of waiting on.
    return { ...run, state: 'cancelled', stopped: { code: 'unchecked', what: 'servers' }, endedAt: now };
  }
}

export function withTargets(run: Run, found: Found, world: World, now: EpochMs): Run {
  const { targets, hosts } = found;
  const isWatch = targets.length === 0 && hosts.length > 0 && run.request.source === 'alarm';
  const nothing: Reason = { code: 'nothing_found', what: found.unknown.join(', ') };
  const stopped = found.stopped ?? (targets.length === 0 && !isWatch ? nothing : undefined);
  return {
    ...run,
    resolvedAt: now,
    hosts,
    targets,
    state: stopped !== undefined ? 'cancelled' : isWatch ? 'watching' : 'running',
    endsAt: endOf(run, world, now),
    ...(stopped === undefined ? {} : { stopped, endedAt: now }),
  };
}

/** A rolling restart ends with its window; every other run when it has lasted long enough. */
function endOf(run: Run, { settings }: World, now: EpochMs): EpochMs {
  const longest = after(run.openedAt, RUN_LASTS);
  if (!meansHealthy(run)) return longest;
  const narrowed = run.request.narrowed?.window;
  const choices = [settings.window, narrowed && readWindows(narrowed)].filter(
    (choice) => choice !== undefined,
  );
  const closes = choices.flatMap((choice) => {
    const state = windowState(choice, now);
    return state.open ? [state.closesAt] : [];
  });
  return earliest(longest, ...closes);
}

/** Ids that somebody named and that are nowhere: each is told of beside what was found. */
function unknownTargets(
  { selector }: RestartRequest,
  { unknown, servers }: Resolution,
  now: EpochMs,
): readonly Target[] {
  if (selector.kind === 'hosts' || selector.kind === 'phones') {
    return (servers.length === 0 ? [] : unknown).map((id) => ({
      encodeServerId: id,
      serverId: selector.kind === 'hosts' ? id : 'unknown',
      resolvedAs: 'unavailable',
      named: false,
      progress: {
        state: 'held',
        holds: [{ guard: 'run', reason: { code: 'nothing_found', what: id } }],
        endedAt: now,
      },
    }));
  }
  if (selector.kind !== 'ids') return [];
  return unknown.map((encodeServerId) => ({
    encodeServerId,
    serverId: selector.serverId ?? 'unknown',
    resolvedAs: 'unavailable',
    named: true,
    progress: { state: 'held', holds: [{ guard: 'state', reason: { code: 'gone' } }], endedAt: now },
  }));
}

/**
 * The line: repair first; then by the last attempt, so that what was left over last night comes first, and what
 * failed last time comes last. One of each host at a time, so that a large host does not hold up the others.
 */
function inOrder(
  servers: readonly ResolvedServer[],
  records: ReadonlyMap<string, ServerRecord>,
): readonly ResolvedServer[] {
  const rank = ({ server, named }: ResolvedServer): readonly number[] => {
    const record = records.get(server.encodeServerId);
    const isRepair = named || server.state !== 'running';
    return [isRepair ? 0 : 1, record?.lastFailed === true ? 1 : 0, record?.lastAttemptAt ?? 0];
  };
  const ranked = servers.map((entry) => ({ entry, rank: rank(entry) }));
  const sorted = ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ entry }) => entry);
  const turnOf = new Map<string, number>();
  const turns = sorted.map((entry) => {
    const { serverId } = entry.server;
    const turn = turnOf.get(serverId) ?? 0;
    turnOf.set(serverId, turn + 1);
    const [kind = 0, failed = 0, last = 0] = rank(entry);
    return { entry, rank: [kind, failed, last, turn] };
  });
  return turns.sort((a, b) => compare(a.rank, b.rank)).map(({ entry }) => entry);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
