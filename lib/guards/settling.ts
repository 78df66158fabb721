/** Has it been abnormal for long enough to mean it? A fresh alarm is as good as having looked twice. */
import { after, between } from '../time.ts';
import type { Guard } from './guard.ts';

export const settling: Guard = {
  name: 'settling',
  check({ server, record, request, takenUpAt, settings: { settle, maxAge }, now }) {
    // Stryker disable next-line ConditionalExpression,StringLiteral: a text has no state; the compiler asks for the first half
    if (typeof server === 'string' || server.state !== 'abnormal') return undefined;
    const isFreshAlarm = request.source === 'alarm' && between(request.requestedAt, takenUpAt) <= maxAge;
    const since = record?.firstSeenAbnormalAt ?? now;
    const until = after(since, settle);
    return isFreshAlarm || until <= now ? undefined : { reason: { code: 'settling', since }, until };
  },
};
