/** Looks: what the servers of a run, their hosts, its jobs, the fleet and the ledger are now. */
import { couldBeStorm, isStorm, stormCount } from '../storm.ts';
import { between, type EpochMs, seconds } from '../time.ts';
import type { Job, Recollection, Run } from '../types.ts';
import { asking } from './ask.ts';
import { HOSTS_A_LOOK } from './limits.ts';
import { fleetFor, maintenanceFor, troubledOf } from './look-fleet.ts';
import { FEW, lookAtHosts, type WantedHosts } from './look-hosts.ts';
import { concurrencyLimit } from './plan.ts';
import { hostsInLine, rollingOf, unavailableLimit } from './rolling.ts';
import type { Sight } from './sight.ts';
import { isInFlight, isOpen, isWaiting, openRequest } from './target.ts';
import type { World } from './world.ts';

/** A list of what is abnormal that was asked for longer ago is asked for again. */
const LIST_KEPT = seconds(45);

/**
 * One look. What CPH will not show now is missing from it, and what is missing counts as a no; only the ledger
 * must answer.
 * @throws whatever the ledger throws
 */
export async function look(run: Run, world: World, { previous, room }: Looking = {}): Promise<Sight> {
  const { clock, cph, ledger, settings } = world;
  const ask = asking(world);
  const wanted = hostsOf(run, previous, room, world, clock.now());
  const isDue = wanted.waiting.size > 0;
  const askedAt = clock.now();
  const listed = isDue ? await ask('abnormal servers', cph.listEncodeServers({ status: 2 })) : undefined;
  const { seen, unseen } = await lookAtHosts(wanted, await fleetSize(wanted, previous, world), { cph, ask });
  // Many hosts take long, and an instance can be frozen meanwhile: who is abnormal is not to be of before.
  const isOld = isDue && between(askedAt, clock.now()) > LIST_KEPT;
  const abnormal = isOld ? await ask('abnormal servers', cph.listEncodeServers({ status: 2 })) : listed;
  if (abnormal !== undefined) await ledger.seenAbnormal(abnormal, clock.now());
  await ledger.seenWell(
    [...seen.values()].flatMap(({ servers }) =>
      [...servers.values()].flatMap(({ state, encodeServerId }) =>
        state === 'running' ? [encodeServerId] : [],
      ),
    ),
    clock.now(),
    settings.cooldown,
  );
  const openRequests = new Set(run.targets.map(openRequest));
  const requestIds = run.requestIds.filter((requestId) => openRequests.has(requestId));
  const looked = run.targets.filter((target) => isOpen(target) && seen.has(target.serverId));
  const recall = () =>
    ledger.recall(
      looked.map((target) => target.encodeServerId),
      clock.now(),
    );
  const [jobs, recalled] = await Promise.all([
    requestIds.length === 0 ? [] : ask('jobs', cph.listJobs(requestIds)),
    recall(),
  ]);
  const troubled = abnormal === undefined ? undefined : troubledOf(abnormal, recalled, settings);
  const isPlanned = looked.some((target) => isWaiting(target) && isRunning(seen, target));
  const fleet = await fleetFor({ run, previous, memory: recalled, troubled, isPlanned }, { ...world, ask });
  const maintenance = isDue
    ? await maintenanceFor(previous?.maintenance, { cph, clock, ask })
    : previous?.maintenance;
  const isOther =
    troubled !== undefined && (await noteStorm(troubled, fleet?.eligible, recalled, world, clock.now()));
  const memory = isOther ? await recall() : recalled;
  const denied = ask.denied();
  return {
    at: clock.now(),
    hosts: seen,
    unseen,
    jobs: new Map((jobs ?? []).map((job: Job) => [job.jobId, job])),
    memory,
    ...(troubled === undefined ? {} : { troubled }),
    ...(maintenance === undefined ? {} : { maintenance }),
    ...(fleet === undefined ? {} : { fleet }),
    ...(denied === undefined ? {} : { denied }),
  };
}

export interface Looking {
  /** What the look before showed: what changes slowly is not asked again. */
  readonly previous?: Sight | undefined;
  /** How many hosts of what waits are looked at; as many as could be acted on now when it is not said. */
  readonly room?: number;
}

function hostsOf(
  run: Run,
  previous: Sight | undefined,
  asked: number | undefined,
  { settings }: World,
  now: EpochMs,
): WantedHosts {
  const following = new Set([
    ...(run.state === 'watching' ? run.hosts : []),
    ...run.targets.filter(isInFlight).map((target) => target.serverId),
  ]);
  const restartsNothing = settings.mode === 'observe' || run.request.dryRun;
  const unavailable = unavailableLimit(run, previous?.fleet, settings);
  const rolling = rollingOf(run, unavailable, settings);
  const concurrency = concurrencyLimit(previous ?? {}, settings);
  const usual = HOSTS_A_LOOK + rolling.roundSize + concurrency;
  const room = asked ?? (restartsNothing ? Number.POSITIVE_INFINITY : usual);
  const inLine = hostsInLine(run, { now, room, rolling });
  return { following, waiting: new Set(inLine) };
}

/** About how large the fleet is, to see whether listing all of it is cheaper than asking host by host. */
async function fleetSize(
  { following, waiting }: WantedHosts,
  previous: Sight | undefined,
  { clock, ledger }: World,
): Promise<number | undefined> {
  if (previous?.fleet !== undefined) return previous.fleet.total;
  if (following.size + waiting.size <= FEW) return undefined;
  return (await ledger.recall([], clock.now())).fleetLooks.at(-1)?.count;
}

function isRunning(seen: Sight['hosts'], target: Run['targets'][number]): boolean {
  const server = seen.get(target.serverId)?.servers.get(target.encodeServerId);
  return server?.state === 'running' && !target.named;
}

/** A storm begins and ends in the ledger, where all runs see the same one. Whether this look began or ended one. */
async function noteStorm(
  troubled: ReadonlyMap<string, string>,
  eligible: number | undefined,
  memory: Recollection,
  { ledger, settings }: World,
  now: EpochMs,
): Promise<boolean> {
  const count = stormCount(troubled, memory);
  // What could be one and cannot be measured now neither begins nor ends.
  if (couldBeStorm(count) && eligible === undefined) return false;
  const isStormy = eligible !== undefined && isStorm({ ...count, fleet: eligible }, settings);
  const isOther = isStormy !== (memory.storm !== undefined);
  if (isOther) await ledger.sawStorm(isStormy, now);
  return isOther;
}
