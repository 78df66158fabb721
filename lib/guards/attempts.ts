/** Has restarting been tried often enough? */
import { after, before, hours } from '../time.ts';
import type { Guard } from './guard.ts';

const DAY = hours(24);

export const attempts: Guard = {
  name: 'attempts',
  check({ record, settings, now }) {
    if (record?.handedOver !== undefined) {
      return { reason: { code: 'handed_over', since: record.handedOver.since, why: record.handedOver.why } };
    }
    // Stryker disable next-line ArrayDeclaration: text in the list is younger than no day, so it counts for nothing
    const made = (record?.attempts ?? []).filter((at) => at > before(now, DAY));
    if (made.length < settings.maxAttempts) return undefined;
    // From when on one of them is a day old and fewer than the limit are left.
    const expiring = made[made.length - settings.maxAttempts];
    const until = expiring === undefined ? {} : { until: after(expiring, DAY) };
    return { reason: { code: 'attempts_used', attempts: made.length }, ...until };
  },
};
