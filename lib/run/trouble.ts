/** Tells of what a look shows that concerns more than one run: each once, whichever run sees it. */
import { stormCount } from '../storm.ts';
import { after, between, type EpochMs, hours, iso, minutes } from '../time.ts';
import type { PlatformError } from '../types.ts';
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

export async function tellOfTrouble(sight: Sight, world: World): Promise<void> {
  await tellOfStorm(sight, world);
  await tellOfLostMemory(sight, world);
  await tellOfPause(sight, world);
}

/** CPH does not let us in: told once a day. */
export async function tellOfDenial(error: PlatformError, world: World): Promise<void> {
  const at = world.clock.now();
  await notify({ code: 'not_authorised', at, error }, `not-authorised/${iso(at).slice(0, 10)}`, world);
}

async function tellOfStorm({ memory, troubled, fleet }: Sight, world: World): Promise<void> {
  const { storm, lastStorm } = memory;
  // One that comes back while people still think of the last is the same trouble: they are not called again.
  const isSame =
    lastStorm !== undefined && storm !== undefined && between(lastStorm.endedAt, storm.since) < NEWS_FOR;
  if (storm !== undefined && !isSame && troubled !== undefined && fleet !== undefined) {
    const figures = { ...stormCount(troubled, memory), fleet: fleet.eligible };
    await notify({ code: 'storm_began', at: storm.since, ...figures }, `storm/${iso(storm.since)}`, world);
  }
  if (storm !== undefined || lastStorm === undefined) return;
  const { since, endedAt } = lastStorm;
  if (between(endedAt, world.clock.now()) > NEWS_FOR) return;
  await notify({ code: 'storm_ended', at: endedAt, since }, `storm-ended/${iso(since)}`, world, 'report');
}

/** A ledger that was emptied has forgotten every cooldown and every pause. */
async function tellOfLostMemory({ memory: { begunAt } }: Sight, world: World): Promise<void> {
  const { deployedAt, cooldown } = world.settings;
  const until = after(begunAt, cooldown);
  if (deployedAt === undefined || begunAt <= after(deployedAt, cooldown)) return;
  if (world.clock.now() >= until) return;
  await notify({ code: 'ledger_emptied', at: begunAt, until }, `ledger-emptied/${iso(begunAt)}`, world);
}

async function tellOfPause({ memory: { pause } }: Sight, world: World): Promise<void> {
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
      `host-away/${serverId}/${iso(since)}`,
      world,
    );
  }
}
