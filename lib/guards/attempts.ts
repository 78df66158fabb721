/** Has restarting been tried often enough? */
import { before, hours } from '../time.ts';
import type { Guard } from './guard.ts';

export const attempts: Guard = {
  name: 'attempts',
  check({ record, settings, now }) {
    if (record?.handedOver !== undefined) {
      return { reason: { code: 'handed_over', since: record.handedOver.since, why: record.handedOver.why } };
    }
    const made = (record?.attempts ?? []).filter((at) => at > before(now, hours(24))).length;
    return made < settings.maxAttempts ? undefined : { reason: { code: 'attempts_used', attempts: made } };
  },
};
