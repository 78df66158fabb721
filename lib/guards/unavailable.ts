/** Planned work: are as many servers missing as may be? It feels its way in rounds of 1, 2, 4, … */
import type { Guard } from './guard.ts';

export const unavailable: Guard = {
  name: 'unavailable',
  check({ planned, troubled, missing, plannedNow, rolling, unavailable: limit }) {
    if (!planned) return undefined;
    if (troubled === 'unchecked') return { reason: { code: 'unchecked', what: 'servers' } };
    if (missing >= limit) return { reason: { code: 'unavailable_limit', unavailable: missing, limit } };
    const isOver = rolling.inFlight === 0;
    if (isOver && plannedNow < rolling.roundSize) return undefined;
    const inFlight = rolling.inFlight + plannedNow;
    return { reason: { code: 'round', inFlight, size: rolling.roundSize } };
  },
};
