/** Is this server one we may touch at all? */
import type { Guard } from './guard.ts';

export const scope: Guard = {
  name: 'scope',
  check({ target: { encodeServerId, serverId }, settings: { include, exclude }, memory: { exclusions } }) {
    const isIn = (list: readonly string[]) => list.includes(encodeServerId) || list.includes(serverId);
    if (isIn(exclude)) return { reason: { code: 'excluded' } };
    const kept = exclusions.get(encodeServerId) ?? exclusions.get(serverId);
    if (kept !== undefined) return { reason: { code: 'excluded', who: kept.who, why: kept.why } };
    if (include !== undefined && !isIn(include)) return { reason: { code: 'not_included' } };
    return undefined;
  },
};
