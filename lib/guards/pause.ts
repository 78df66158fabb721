/** Has somebody said "not now"? */
import type { Guard } from './guard.ts';

export const pause: Guard = {
  name: 'pause',
  check({ memory: { pause: given }, now }) {
    if (given === undefined || given.until <= now) return undefined;
    return { reason: { code: 'paused', who: given.who, why: given.why }, until: given.until };
  },
};
