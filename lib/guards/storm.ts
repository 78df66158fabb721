/** Is something bigger going on? Then one canary goes first, and more only after it came back. */
import { couldBeStorm, isStorm, mayGo, roomIn, roundAt, roundEnds, stormCount } from '../storm.ts';
import type { Guard, Situation } from './guard.ts';

export const storm: Guard = {
  name: 'storm',
  check({ storm: figures, memory, now, planned, canariesNow, target }) {
    if (typeof figures === 'string') return { reason: { code: 'unchecked', what: figures } };
    if (figures === undefined) return undefined;
    const round = roundAt(memory.storm, now);
    // A healthy server is no canary.
    const mayBeOne = canariesNow < roomIn(round) && mayGo(round, target.encodeServerId);
    if (!planned && mayBeOne) return undefined;
    const until = roundEnds(round);
    return { reason: { code: 'storm', canaries: round.size, ...figures }, ...(until > now ? { until } : {}) };
  },
};

/** The figures of the storm that there is; nothing when there is none; what could not be looked at. */
export function stormFigures({
  troubled,
  fleet,
  settings,
  memory,
}: Pick<Situation, 'troubled' | 'fleet' | 'settings' | 'memory'>): Situation['storm'] {
  if (troubled === 'unchecked') return 'servers';
  const count = stormCount(troubled, memory);
  if (!couldBeStorm(count)) return undefined;
  if (fleet === 'unchecked') return 'fleet';
  const figures = { ...count, fleet: fleet.eligible };
  return isStorm(figures, settings) ? figures : undefined;
}
