/** Planned work: is the fleet that is shown the whole fleet? A list that lost a fifth is not believed. */
import type { FleetLooks } from '../types.ts';
import type { Guard } from './guard.ts';

/** Of what it usually is, so much must be there. */
const LEAST_SHARE = 4 / 5;

export const inventory: Guard = {
  name: 'inventory',
  check({ planned, fleet, memory: { fleetLooks } }) {
    if (!planned) return undefined;
    if (fleet === 'unchecked') return { reason: { code: 'unchecked', what: 'fleet' } };
    const usual = median(fleetLooks);
    if (usual === undefined || fleet.total >= usual * LEAST_SHARE) return undefined;
    return { reason: { code: 'fleet_shrank', count: fleet.total, usual } };
  },
};

function median(looks: FleetLooks): number | undefined {
  const counts = looks.map(({ count }) => count).sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)];
}
