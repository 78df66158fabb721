/** Are we to act at all, or only to say what we would do? */
import type { Guard } from './guard.ts';

export const mode: Guard = {
  name: 'mode',
  check({ settings, request: { dryRun } }) {
    if (dryRun) return { reason: { code: 'dry_run' } };
    return settings.mode === 'active' ? undefined : { reason: { code: 'observe' } };
  },
};
