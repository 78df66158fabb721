/** Looks: what the servers of a run, their hosts, its jobs and the ledger are now. */

import { measureFleet } from '../fleet/size.ts';
import { HuaweiError } from '../huawei/errors.ts';
import { between, hours } from '../time.ts';
import type { Job, PlatformError, Run, Target } from '../types.ts';
import { CONCURRENCY_FLOOR } from './limits.ts';
import type { HostSight, Sight } from './sight.ts';
import { hasOpenJob, isOpen, isWaiting } from './target.ts';
import type { World } from './world.ts';

/** The size of the fleet is measured again after this long. */
const FLEET_SIZE_KEPT = hours(1);
/** Hosts that are asked about at the same time: enough to be quick, few enough for CPH's management plane. */
const AT_ONCE = 4;

/**
 * One look. What CPH will not show now is missing from it, and what is missing counts as a no; only the ledger
 * must answer.
 * @throws whatever the ledger throws
 */
export async function look(run: Run, world: World, previous?: Sight): Promise<Sight> {
  const { clock, cph, ledger, log } = world;
  const open = run.targets.filter(isOpen);
  const hosts = new Set([
    ...(run.state === 'watching' ? run.hosts : []),
    ...open.map((target) => target.serverId),
  ]);
  let denied: PlatformError | undefined;

  /** An answer, or nothing when CPH would not give it. */
  const ask = async <Answer>(what: string, question: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await question;
    } catch (error) {
      if (!(error instanceof HuaweiError)) throw error;
      if (error.kind === 'not_authorised') denied ??= { code: error.code, message: error.said };
      log.warn('could not look', { what, code: error.code, kind: error.kind });
      return undefined;
    }
  };

  const lookAtHost = async (serverId: string): Promise<readonly [string, HostSight] | undefined> => {
    const servers = await ask('encode servers', cph.listEncodeServers({ serverId }));
    if (servers === undefined) return undefined;
    // Only a target that may be restarted needs to know whether its host is in service.
    const isNeeded = open.some((target) => target.serverId === serverId && isWaiting(target));
    const host = isNeeded
      ? await ask(
          'host',
          cph.showHost(serverId).then((shown) => shown ?? ('absent' as const)),
        )
      : undefined;
    const byId = new Map(servers.map((server) => [server.encodeServerId, server]));
    return [serverId, { servers: byId, host: host ?? 'unchecked' }];
  };

  const requestIds = run.requestIds.filter((requestId) =>
    run.targets.some((target) => hasOpenJob(target, requestId)),
  );
  const seen = await inTurns([...hosts], AT_ONCE, lookAtHost);
  await ledger.seenWell(runningOn(seen));
  const [jobs, memory] = await Promise.all([
    requestIds.length === 0 ? [] : ask('jobs', cph.listJobs(requestIds)),
    ledger.recall(open.map((target) => target.encodeServerId)),
  ]);
  const fleetSize = await fleetSizeFor(run, open, memory.inFlight.length);
  return {
    at: clock.now(),
    hosts: new Map(seen.filter((entry) => entry !== undefined)),
    jobs: new Map((jobs ?? []).map((job: Job) => [job.jobId, job])),
    memory,
    ...(fleetSize === undefined ? {} : { fleetSize }),
    ...(denied === undefined ? {} : { denied }),
  };

  /** Measured only when a share of it could matter: below the floor it does not. */
  async function fleetSizeFor(
    current: Run,
    targets: readonly Target[],
    inFlight: number,
  ): Promise<Sight['fleetSize']> {
    const known = previous?.fleetSize;
    if (known !== undefined && between(known.measuredAt, clock.now()) < FLEET_SIZE_KEPT) return known;
    const wanted = targets.filter(isWaiting).length + inFlight;
    const { maxConcurrency, mode } = world.settings;
    if (maxConcurrency.kind === 'count' || wanted <= CONCURRENCY_FLOOR) return undefined;
    if (mode === 'observe' || current.stopped !== undefined) return undefined;
    const count = await ask('fleet size', measureFleet(cph));
    return count === undefined ? undefined : { count, measuredAt: clock.now() };
  }
}

function runningOn(seen: readonly (readonly [string, HostSight] | undefined)[]): readonly string[] {
  const servers = seen.flatMap((entry) => [...(entry?.[1].servers.values() ?? [])]);
  return servers.filter((server) => server.state === 'running').map((server) => server.encodeServerId);
}

async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
