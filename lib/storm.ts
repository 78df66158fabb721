/**
 * The storm: when so much of the fleet is troubled that something bigger must be going on, and how restarts then
 * feel their way: one canary, and twice as many after each round that recovers.
 */
import { allowed, type Settings } from './settings.ts';
import { after, type EpochMs, minutes } from './time.ts';
import type { Recollection, Storm, StormFigures, StormRound } from './types.ts';

const FEWEST_SERVERS = 10;
const FEWEST_HOSTS = 3;
const ROUND_LASTS = minutes(10);

export type StormCount = Omit<StormFigures, 'fleet'>;

/** Who counts: the troubled, and the canaries whose restart is under way. A storm is not over because they restart. */
export function stormCount(
  troubled: ReadonlyMap<string, string>,
  { storm, inFlight }: Pick<Recollection, 'storm' | 'inFlight'>,
): StormCount {
  const canaries = inFlight.filter(
    ({ encodeServerId }) => storm?.round.canaries.get(encodeServerId) === 'open',
  );
  const unwell = new Map([
    ...troubled,
    ...canaries.map(({ encodeServerId, serverId }) => [encodeServerId, serverId] as const),
  ]);
  return { troubled: unwell.size, hosts: new Set(unwell.values()).size };
}

/** Whether so many troubled servers could be a storm at all: only then does the size of the fleet matter. */
export const couldBeStorm = ({ troubled, hosts }: StormCount): boolean =>
  troubled >= FEWEST_SERVERS && hosts >= FEWEST_HOSTS;

export const isStorm = (figures: StormFigures, { maxAbnormal }: Settings): boolean =>
  couldBeStorm(figures) && figures.troubled > allowed(maxAbnormal, figures.fleet);

/** The round in which a restart may go now; a storm that just began has one canary. */
export function roundAt(storm: Storm | undefined, now: EpochMs): StormRound {
  if (storm === undefined) return { startedAt: now, size: 1, canaries: new Map() };
  const { round } = storm;
  const ends = [...round.canaries.values()];
  if (now < after(round.startedAt, ROUND_LASTS) || ends.includes('open')) return round;
  const isWell = ends.every((end) => end === 'recovered');
  const size = ends.length === 0 ? round.size : isWell ? round.size * 2 : 1;
  return { startedAt: now, size, canaries: new Map() };
}

export const roomIn = ({ size, canaries }: StormRound): number => Math.max(0, size - canaries.size);

/** Whether a restart of this server may go in the round. Each goes once: again, it would be one that nobody counts. */
export function mayGo(round: StormRound, encodeServerId: string): boolean {
  const end = round.canaries.get(encodeServerId);
  return roomIn(round) > 0 && (end === undefined || end === 'open');
}

/** When the round after this one may begin. */
export const roundEnds = ({ startedAt }: StormRound): EpochMs => after(startedAt, ROUND_LASTS);
