/** Was it restarted a short while ago, or is it just being restarted? */
import { after } from '../time.ts';
import type { Guard } from './guard.ts';

export const cooldown: Guard = {
  name: 'cooldown',
  check({ record, inFlight, target, settings, now }) {
    const last = record?.lastAttemptAt;
    const until = last === undefined ? undefined : after(last, settings.cooldown);
    const intent = inFlight.get(target.encodeServerId);
    if (intent !== undefined) {
      return {
        reason: { code: 'in_flight', runId: intent.runId },
        // Stryker disable next-line ConditionalExpression: undefined is not before now either; the compiler asks for it
        ...(until === undefined || until <= now ? {} : { until }),
      };
    }
    // Stryker disable next-line ConditionalExpression,LogicalOperator: both are undefined together; the compiler asks for both
    if (last === undefined || until === undefined || until <= now) return undefined;
    return { reason: { code: 'cooldown', lastAttemptAt: last }, until };
  },
};
