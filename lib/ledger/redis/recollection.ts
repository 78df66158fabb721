/** What `recall` answers, as the guards want it. */
import { before, type EpochMs, epochMs, hours } from '../../time.ts';
import type { Exclusion, FleetLooks, InFlight, Override, Pause, Recollection, Storm } from '../../types.ts';
import { handOverOf, momentAt, unpackId, unpackServer } from './pack.ts';
import { bytes, inGroups, isNothing, json, list, number, type Reply, text } from './reply.ts';

/** How long a storm that ended is told of. */
const STORM_KNOWN_FOR = hours(24);

export function recollectionOf(reply: Reply, now: EpochMs): Recollection {
  const [servers, flights, handed, exclusions, few, stormIs, canaries] = list(reply);
  const [begun, pause, lastStorm, looks] = list(few);
  const handedOver = new Map(inGroups(handed, 2).map(([id, over]) => [idOf(id), handedOverOf(bytes(over))]));
  const storm = stormOf(list(stormIs), canaries);
  const last = isNothing(lastStorm) ? undefined : lastStormOf(text(lastStorm));
  return {
    servers: new Map(
      inGroups(servers, 2).map(([packed, raw]) => {
        const over = handedOver.get(idOf(packed));
        const record = unpackServer(bytes(raw));
        return [idOf(packed), over === undefined ? record : { ...record, handedOver: over }] as const;
      }),
    ),
    inFlight: inGroups(flights, 5).map(inFlightOf),
    handedOver: new Set(handedOver.keys()),
    exclusions: new Map(inGroups(exclusions, 2).map(([id, kept]) => [idOf(id), json<Exclusion>(kept)])),
    begunAt: epochMs(number(begun)),
    fleetLooks: fleetLooksOf(isNothing(looks) ? '' : text(looks)),
    ...(isNothing(pause) ? {} : { pause: json<Pause>(pause) }),
    ...(storm === undefined ? {} : { storm }),
    ...(last === undefined || last.endedAt < before(now, STORM_KNOWN_FOR) ? {} : { lastStorm: last }),
  };
}

const idOf = (packed: Reply): string => unpackId(bytes(packed));

function handedOverOf(over: Buffer) {
  const { since, why } = handOverOf(over);
  const wellSince = momentAt(over, 6);
  return { since, why, ...(wellSince > 0 ? { wellSince } : {}) };
}

/** In a claim, after the run's number and the host's mark: what it was, and the attempt before it. */
const MARKS_AT = 6;
const PREVIOUS_AT = 7;
const PLANNED = 1;
const WAS_RUNNING = 2;

/** What lua/flights.ts wrote, with the server's own record. */
function inFlightOf([id, flight, server, runId, override]: readonly Reply[]): InFlight {
  const { serverId, lastAttemptAt } = unpackServer(bytes(server));
  const raw = bytes(flight);
  const marks = raw[MARKS_AT] ?? 0;
  return {
    encodeServerId: idOf(id),
    serverId,
    runId: text(runId),
    claimedAt: lastAttemptAt ?? epochMs(0),
    ...((marks & WAS_RUNNING) === 0 ? {} : { wasRunning: true }),
    ...((marks & PLANNED) === 0 ? {} : { planned: true }),
    ...(raw.length > PREVIOUS_AT ? { previousAttemptAt: momentAt(raw, PREVIOUS_AT) } : {}),
    ...(isNothing(override) ? {} : { override: json<Override>(override) }),
  };
}

function stormOf([since, startedAt, size]: readonly Reply[], canaries: Reply): Storm | undefined {
  if (isNothing(since)) return undefined;
  const ends = inGroups(canaries, 2).map(([id, end]) => [idOf(id), text(end) as CanaryEnd] as const);
  const round = { startedAt: epochMs(number(startedAt)), size: number(size), canaries: new Map(ends) };
  return { since: epochMs(number(since)), round };
}

type CanaryEnd = 'open' | 'recovered' | 'failed';

function lastStormOf(kept: string) {
  const [since, endedAt] = kept.split(':').map(Number);
  return { since: epochMs(since ?? 0), endedAt: epochMs(endedAt ?? 0) };
}

/** `at:count,at:count`. */
export const fleetLooksOf = (kept: string): FleetLooks =>
  kept
    .split(',')
    .filter(Boolean)
    .map((look) => look.split(':').map(Number))
    .map(([at, count]) => ({ at: epochMs(at ?? 0), count: count ?? 0 }));
