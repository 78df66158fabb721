/** Is the request still what somebody wants? A timer or a call that lay about too long is not carried out. */
import { between } from '../time.ts';
import type { Guard } from './guard.ts';

export const stale: Guard = {
  name: 'stale',
  check({ request: { source, requestedAt }, takenUpAt, settings: { maxAge } }) {
    if (source !== 'timer' && source !== 'http') return undefined;
    return between(requestedAt, takenUpAt) > maxAge ? { reason: { code: 'stale', requestedAt } } : undefined;
  },
};
