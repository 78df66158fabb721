/** Looks at the fleet as a whole: who is troubled, how large it is, which hosts are under maintenance. */
import { measureFleet, serversOf } from '../fleet/size.ts';
import { type Cph, isApiForbidden, isApiMissing } from '../huawei/cph.ts';
import type { Settings } from '../settings.ts';
import { couldBeStorm, stormCount } from '../storm.ts';
import { between, type Clock, hours, minutes } from '../time.ts';
import type { EncodeServer, Recollection, Run } from '../types.ts';
import type { Ask } from './ask.ts';
import { CONCURRENCY_FLOOR } from './limits.ts';
import type { FleetSize, Maintenance, Sight } from './sight.ts';
import { isLeftOut, isWaiting } from './target.ts';
import type { World } from './world.ts';

/** The size of the fleet is measured again after this long. */
const SIZE_KEPT = hours(1);
const MAINTENANCE_KEPT = minutes(1);
const NOBODY: ReadonlySet<string> = new Set();

/** Those in status 2, neither excluded nor handed over: these two leave every ratio. With the host of each. */
export function troubledOf(
  abnormal: readonly EncodeServer[],
  memory: Recollection,
  settings: Settings,
): ReadonlyMap<string, string> {
  return new Map(
    abnormal
      .filter((server) => !isLeftOut(server, settings, memory))
      .map(({ encodeServerId, serverId }) => [encodeServerId, serverId]),
  );
}

/** Measured only when it could matter: for planned work, a share above its floor, or what may be a storm. */
export async function fleetFor(
  {
    run,
    previous,
    memory,
    troubled = new Map(),
    isPlanned,
  }: {
    readonly run: Run;
    readonly previous: Sight | undefined;
    readonly memory: Recollection;
    readonly troubled: ReadonlyMap<string, string> | undefined;
    readonly isPlanned: boolean;
  },
  world: World & { readonly ask: Ask },
): Promise<FleetSize | undefined> {
  const { ask, clock, cph, ledger, settings } = world;
  const now = clock.now();
  const known = previous?.fleet;
  const isKnown = known !== undefined && between(known.measuredAt, now) < SIZE_KEPT;
  // Planned work looks for itself, round by round: a list that has just lost half of the fleet must be noticed.
  if (isKnown && !isPlanned) return known;
  const wanted = run.targets.filter(isWaiting).length + memory.inFlight.length;
  const isShareNeeded =
    settings.maxConcurrency.kind === 'percent' && wanted > CONCURRENCY_FLOOR && settings.mode === 'active';
  const isStormNear = couldBeStorm(stormCount(troubled, memory));
  if (run.stopped !== undefined || !(isPlanned || isShareNeeded || isStormNear)) return undefined;

  const remembered = memory.fleetLooks.at(-1);
  const isFresh = remembered !== undefined && between(remembered.at, now) < SIZE_KEPT;
  const isEnough = isFresh && !isPlanned;
  const expected = known?.total ?? remembered?.count;
  const total = isEnough ? remembered.count : await ask('fleet size', measureFleet(cph, expected));
  if (total === undefined) return undefined;
  if (!isEnough) await ledger.sawFleet(total, now);
  const left = [...settings.exclude, ...memory.exclusions.keys()];
  const excluded = isKnown
    ? known.excluded
    : left.length === 0
      ? NOBODY
      : await ask('excluded servers', serversOf(left, cph));
  if (excluded === undefined) return undefined;
  // Who is excluded and handed over as well leaves once.
  const gone = new Set([...excluded, ...memory.handedOver]);
  const eligible = Math.max(0, total - gone.size);
  return { measuredAt: isKnown ? known.measuredAt : now, total, excluded, eligible };
}

/** An account or a region without that API, or without the permission for it, passes: maintenance is not seen. */
export async function maintenanceFor(
  previous: Maintenance | undefined,
  { cph, clock, ask }: { readonly cph: Cph; readonly clock: Clock; readonly ask: Ask },
): Promise<Maintenance | undefined> {
  const at = clock.now();
  if (previous !== undefined && between(previous.at, at) < MAINTENANCE_KEPT) return previous;
  const events = await ask(
    'scheduled events',
    cph
      .listScheduledEvents({ states: ['executing'] })
      .catch((error: unknown) => {
        // Refused credentials are no answer: what could not be checked is a no.
        if (isApiMissing(error) || isApiForbidden(error)) return undefined;
        throw error;
      })
      .then((listed) => ({ listed })),
  );
  if (events === undefined) return undefined;
  const { listed } = events;
  return {
    at,
    isKnown: listed !== undefined,
    eventOf: new Map((listed ?? []).map(({ serverId, eventId }) => [serverId, eventId])),
  };
}
