/** Planned work: has this run failed as often as it may? */
import type { Guard } from './guard.ts';

export const errors: Guard = {
  name: 'errors',
  check({ planned, rolling: { failures, tolerance } }) {
    if (!planned || failures < tolerance) return undefined;
    return { reason: { code: 'errors', failures, tolerance } };
  },
};
