/** Servers that no restart mends are a person's: all of a host that fail again and again, and what has no attempt left. */
import { HuaweiError } from '../huawei/errors.ts';
import type { EncodeServer, Hold, Run, Target } from '../types.ts';
import { asking } from './ask.ts';
import { lookAtHosts } from './look-hosts.ts';
import { withProgress } from './target.ts';
import type { World } from './world.ts';

const FEWEST_SERVERS = 2;
const FAILED_ATTEMPTS = 2;

/** What is to be handed over when a run ends; an attempt that fails as the last one hands its server over by itself. */
export async function handOver(run: Run, world: World): Promise<Run> {
  return handOverHosts(await handOverUsedUp(run, world), world);
}

/**
 * Hands over the abnormal servers that are held because they have no attempt left: more were allowed when they were
 * made, so none of them was the last. Who only looks hands nothing over.
 */
async function handOverUsedUp(run: Run, { clock, ledger, settings }: World): Promise<Run> {
  if (settings.mode !== 'active' || run.request.dryRun) return run;
  const since = clock.now();
  const targets: Target[] = [];
  for (const target of run.targets) {
    const { encodeServerId, progress, resolvedAs } = target;
    const [deciding, ...others] = progress.state === 'held' ? progress.holds : [];
    if (progress.state !== 'held' || resolvedAs !== 'abnormal' || deciding?.reason.code !== 'attempts_used') {
      targets.push(target);
      continue;
    }
    const why = `${deciding.reason.attempts} attempts without recovery`;
    await ledger.handOver([encodeServerId], why, since);
    const over: Hold = { guard: deciding.guard, reason: { code: 'handed_over', since, why } };
    targets.push(withProgress(target, { ...progress, holds: [over, ...others] }));
  }
  return { ...run, targets };
}

/**
 * Hands over the servers of each host of a run that has ended on which at least two servers, and all of them, failed
 * two attempts each. What cannot be looked at now is not handed over: its next attempt asks again.
 */
async function handOverHosts(run: Run, world: World): Promise<Run> {
  const suspects = new Set(run.targets.filter(hasFailedAgain).map(({ serverId }) => serverId));
  const beyond = new Set<string>();
  for (const serverId of suspects) if (await isHostBeyond(serverId, world)) beyond.add(serverId);
  return beyond.size === 0 ? run : handedOver(run, beyond);
}

function hasFailedAgain({ progress }: Target): boolean {
  const isFailure = progress.state === 'not_recovered' || progress.state === 'unconfirmed';
  return isFailure && progress.attempt.number >= FAILED_ATTEMPTS && progress.handedOver === undefined;
}

async function isHostBeyond(serverId: string, { clock, cph, ledger, log }: World): Promise<boolean> {
  try {
    const servers = await cph.listEncodeServers({ serverId });
    const ids = servers.map(({ encodeServerId }) => encodeServerId);
    const { servers: records } = await ledger.recall(ids, clock.now());
    const isBeyond =
      servers.length >= FEWEST_SERVERS &&
      servers.every(
        ({ encodeServerId, state }) =>
          state === 'abnormal' && (records.get(encodeServerId)?.attempts.length ?? 0) >= FAILED_ATTEMPTS,
      );
    if (isBeyond) {
      await ledger.handOver(
        ids,
        `all ${ids.length} servers of host ${serverId} failed ${FAILED_ATTEMPTS} attempts each`,
        clock.now(),
      );
    }
    return isBeyond;
  } catch (error) {
    if (!(error instanceof HuaweiError)) throw error;
    log.warn('could not look whether a whole host failed', { server_id: serverId, code: error.code });
    return false;
  }
}

/** Whether those that were handed over are well: nobody else looks at hosts on which nothing is abnormal. */
export async function lookAtHandedOver(
  handedOver: ReadonlySet<string>,
  abnormal: readonly EncodeServer[],
  world: World,
): Promise<void> {
  const { clock, cph, ledger, settings } = world;
  const ill = new Set(abnormal.map(({ encodeServerId }) => encodeServerId));
  const others = [...handedOver].filter((id) => !ill.has(id));
  if (others.length === 0) return;
  const { servers, fleetLooks } = await ledger.recall(others, clock.now());
  const following = new Set([...servers.values()].map(({ serverId }) => serverId));
  const looking = { cph, ask: asking(world) };
  const { seen } = await lookAtHosts({ following, waiting: new Set() }, fleetLooks.at(-1)?.count, looking);
  const well = others.filter((id) => {
    const host = seen.get(servers.get(id)?.serverId ?? '');
    return host?.servers.get(id)?.state === 'running';
  });
  await ledger.seenWell(well, clock.now(), settings.cooldown);
}

function handedOver(run: Run, hosts: ReadonlySet<string>): Run {
  return {
    ...run,
    targets: run.targets.map((target) => {
      const { progress } = target;
      if (!hosts.has(target.serverId) || !hasFailedAgain(target) || !('attempt' in progress)) return target;
      if (!('endedAt' in progress)) return target;
      const { until: _, ...rest } = progress;
      return withProgress(target, { ...rest, handedOver: true });
    }),
  };
}
