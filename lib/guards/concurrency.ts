/** Are as many restarts in flight as may be at once? */
import type { Guard } from './guard.ts';

export const concurrency: Guard = {
  name: 'concurrency',
  check({ taken: inFlight, concurrency: limit }) {
    return inFlight < limit ? undefined : { reason: { code: 'concurrency_limit', inFlight, limit } };
  },
};
