/** Tells of what a look shows that concerns more than one run: each once, whichever run sees it. */
import { couldBeStorm, stormCount } from '../storm.ts';
import { after, between, type EpochMs, hours, iso, minutes } from '../time.ts';
import type { EncodeServer, PlatformError, Recollection } from '../types.ts';
import { troubledOf } from './look-fleet.ts';
import { notify } from './send.ts';
import type { Sight } from './sight.ts';
import type { World } from './world.ts';

/** A host that is out of service for so long with abnormal servers on it needs a person. */
const HOST_AWAY = minutes(15);
const IN_SERVICE = 5;
/** A pause that has run for so long, and still goes on, is told of. */
const PAUSE_RUNS_LONG = hours(8);
/** That a storm has ended is told of while it is news. */
const NEWS_FOR = hours(1);
const BRIEF = minutes(10);
/** CPH may be away for so long before somebody is called. */
const CPH_AWAY = minutes(15);

/** What is told of whether or not there is anything to restart. */
type Standing = Pick<Sight, 'memory' | 'troubled' | 'fleet'>;

/**
 * Once a minute, also while all is well: a storm can end by itself, and a pause or an emptied ledger concerns everybody.
 * `memory` is of this minute.
 */
export async function tellOfStanding(
  memory: Recollection,
  abnormal: readonly EncodeServer[],
  world: World,
): Promise<void> {
  const { clock, ledger, settings } = world;
  const troubled = troubledOf(abnormal, memory, settings);
  const isOver = memory.storm !== undefined && !couldBeStorm(stormCount(troubled, memory));
  if (isOver) await ledger.sawStorm(false, clock.now());
  const current = isOver ? await ledger.recall([], clock.now()) : memory;
  await tellOfTrouble({ memory: current, troubled }, world);
}

export async function tellOfTrouble(sight: Standing, world: World): Promise<void> {
  await tellOfStorm(sight, world);
  await tellOfLostMemory(sight, world);
  await tellOfPause(sight, world);
}

/** Whether patrol was answered; that it has not been for long is told once a day. */
export async function noteCph(failure: PlatformError | undefined, world: World): Promise<void> {
  const at = world.clock.now();
  const since = await world.ledger.since('cph away', failure !== undefined, at);
  if (failure === undefined || since === undefined || between(since, at) < CPH_AWAY) return;
  const key = `cph-away/${iso(since)}/${iso(at).slice(0, 10)}`;
  await notify({ code: 'cph_away', at, since, error: failure }, key, world);
}

/** CPH does not let us in: told once a day. */
export async function tellOfDenial(error: PlatformError, world: World): Promise<void> {
  const at = world.clock.now();
  await notify({ code: 'not_authorised', at, error }, `not-authorised/${iso(at).slice(0, 10)}`, world);
}

async function tellOfStorm({ memory, troubled, fleet }: Standing, world: World): Promise<void> {
  const { storm, lastStorm } = memory;
  const now = world.clock.now();
  if (storm !== undefined) {
    // One that comes back within the hour and is gone again is the same trouble: nobody is called again.
    const isBack = lastStorm !== undefined && between(lastStorm.endedAt, storm.since) < NEWS_FOR;
    const isBrief = between(storm.since, now) < BRIEF;
    if ((isBack && isBrief) || troubled === undefined || fleet === undefined) return;
    const figures = { ...stormCount(troubled, memory), fleet: fleet.eligible };
    await notify({ code: 'storm_began', at: storm.since, ...figures }, `storm/${iso(storm.since)}`, world);
    return;
  }
  if (lastStorm === undefined || between(lastStorm.endedAt, now) > NEWS_FOR) return;
  const { since, endedAt } = lastStorm;
  // Of brief ones, one an hour.
  const key = between(since, endedAt) < BRIEF ? iso(endedAt).slice(0, 13) : iso(since);
  await notify({ code: 'storm_ended', at: endedAt, since }, `storm-ended/${key}`, world, 'report');
}

/** A ledger that was emptied has forgotten every cooldown and every pause. */
async function tellOfLostMemory({ memory: { begunAt } }: Standing, world: World): Promise<void> {
  const { deployedAt, cooldown } = world.settings;
  const until = after(begunAt, cooldown);
  if (deployedAt === undefined || begunAt <= after(deployedAt, cooldown)) return;
  if (world.clock.now() >= until) return;
  await notify({ code: 'ledger_emptied', at: begunAt, until }, `ledger-emptied/${iso(begunAt)}`, world);
}

async function tellOfPause({ memory: { pause } }: Standing, world: World): Promise<void> {
  const now = world.clock.now();
  if (pause === undefined || pause.until <= now || pause.since === undefined) return;
  if (between(pause.since, now) < PAUSE_RUNS_LONG) return;
  await notify({ code: 'pause_runs_long', at: now, pause }, `pause/${iso(pause.since)}`, world, 'report');
}

/** A host out of service holds its servers; when that lasts, somebody has to know. */
export async function tellOfHostsAway({ hosts, memory, troubled }: Sight, world: World): Promise<void> {
  const now = world.clock.now();
  for (const [serverId, { host, servers }] of hosts) {
    if (typeof host === 'string' || host.status === IN_SERVICE) continue;
    const abnormal = [...servers.keys()].filter((id) => troubled?.has(id) === true);
    const seen = abnormal.flatMap((id) => memory.servers.get(id)?.firstSeenAbnormalAt ?? []);
    const since = Math.min(...seen) as EpochMs;
    if (seen.length === 0 || between(since, now) < HOST_AWAY) continue;
    const { status } = host;
    await notify(
      { code: 'host_out_of_service', at: now, serverId, status, since, encodeServerIds: abnormal },
      `host-away/${serverId}/${iso(now).slice(0, 10)}`,
      world,
    );
  }
}
