/** What the daily digest is made of: the runs of a day, and how things stand now. */

import { measureFleet } from '../fleet/size.ts';
import type { Digest } from '../messages.ts';
import { standingOf, wouldRestart } from '../report/sentences.ts';
import type { Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type { Outcome, Run } from '../types.ts';
import { asking } from './ask.ts';
import { maintenanceFor } from './look-fleet.ts';
import { isLeftOut, type LeftOut } from './target.ts';
import type { World } from './world.ts';

/** More runs than a day can have without something being very wrong. */
const MOST_RUNS = 10_000;
/** A server that hung so often in a day has a cause that no restart mends. */
const RECURS = 3;

export async function digestOf(from: EpochMs, to: EpochMs, world: World): Promise<Digest> {
  const { clock, cph, ledger, settings } = world;
  const ask = asking(world);
  const runs = (await ledger.runsSince(from, MOST_RUNS)).filter(
    (run) => run.openedAt < to && run.stopped?.code !== 'test',
  );
  const listed = await ask('abnormal servers', cph.listEncodeServers({ status: 2 }));
  const abnormal = listed ?? [];
  const others =
    listed === undefined ? undefined : await ask('other servers', countOthers(abnormal.length, cph));
  const memory = await ledger.recall([], clock.now());
  const ids = [...new Set([...abnormal.map(({ encodeServerId }) => encodeServerId), ...memory.handedOver])];
  const { servers } = await ledger.recall(ids, clock.now());
  const maintenance = await maintenanceFor(undefined, { cph, clock, ask });

  /** Each attempt counts; of the held each server, and only if no later run restarted it. */
  const counts: Record<Outcome, number> = {
    recovered: 0,
    not_recovered: 0,
    rejected: 0,
    unconfirmed: 0,
    held: 0,
  };
  const would = new Set<string>();
  const met = new Set<string>();
  // The newest run comes first.
  for (const { encodeServerId, progress } of runs.flatMap((run) => run.targets)) {
    const standing = standingOf(progress);
    const isOld = met.has(encodeServerId);
    met.add(encodeServerId);
    if (standing !== 'unfinished' && !(standing === 'held' && isOld)) counts[standing] += 1;
    if (wouldRestart(progress)) would.add(encodeServerId);
  }
  const { handedOver, exclusions, fleetLooks, pause, storm } = memory;
  const fleet = fleetLooks.at(-1)?.count;
  return {
    from,
    to,
    mode: settings.mode,
    runs: runs.length,
    counts,
    wouldRestart: would.size,
    handedOver: [...handedOver].flatMap((encodeServerId) => {
      const record = servers.get(encodeServerId);
      if (record?.handedOver === undefined) return [];
      return [{ encodeServerId, serverId: record.serverId, ...record.handedOver }];
    }),
    abnormal: abnormal
      .filter(({ encodeServerId }) => !handedOver.has(encodeServerId))
      .map(({ encodeServerId, serverId }) => {
        const since = servers.get(encodeServerId)?.firstSeenAbnormalAt ?? clock.now();
        const hold = lastHold(encodeServerId, runs);
        return { encodeServerId, serverId, since, ...(hold === undefined ? {} : { hold }) };
      }),
    recurring: recurringIn(runs, settings, memory),
    exclusions: exclusions.size,
    undeliverable: await ledger.undeliverableSince(from),
    maintenanceUnknown: maintenance?.isKnown !== true,
    ...(listed === undefined ? { abnormalUnknown: true as const } : {}),
    ...(others === undefined ? {} : { others }),
    ...(fleet === undefined ? {} : { fleet }),
    ...(pause === undefined || pause.until <= clock.now() ? {} : { pause }),
    ...(storm === undefined ? {} : { storm }),
  };
}

/** How many are neither running nor abnormal: nobody else looks for them. What changes meanwhile is at most an odd one. */
async function countOthers(abnormal: number, cph: World['cph']): Promise<number> {
  const total = await measureFleet(cph);
  const running = await measureFleet(
    { encodeServerExistsAt: (offset) => cph.encodeServerExistsAt(offset, 1) },
    total,
  );
  return Math.max(0, total - running - abnormal);
}

/** Those that restarts brought back so often; what is restarted every night by plan does not hang. */
function recurringIn(runs: readonly Run[], settings: Settings, memory: LeftOut): Digest['recurring'] {
  const restarts = new Map<string, { serverId: string; restarts: number }>();
  for (const target of runs.flatMap((run) => run.targets)) {
    const { encodeServerId, serverId, progress } = target;
    if (progress.state !== 'recovered' || progress.attempt.planned) continue;
    if (isLeftOut(target, settings, memory)) continue;
    const before = restarts.get(encodeServerId)?.restarts ?? 0;
    restarts.set(encodeServerId, { serverId, restarts: before + 1 });
  }
  return [...restarts]
    .map(([encodeServerId, one]) => ({ encodeServerId, ...one }))
    .filter((one) => one.restarts >= RECURS)
    .sort((one, other) => other.restarts - one.restarts);
}

/** Why it was held the last time a run met it; the newest run comes first. */
function lastHold(id: string, runs: Awaited<ReturnType<World['ledger']['runsSince']>>) {
  for (const { targets } of runs) {
    const progress = targets.find(({ encodeServerId }) => encodeServerId === id)?.progress;
    if (progress !== undefined) return progress.state === 'held' ? progress.holds[0] : undefined;
  }
  return undefined;
}
