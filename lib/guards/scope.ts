/** Is this server one we may touch at all? */
import type { Guard } from './guard.ts';

export const scope: Guard = {
  name: 'scope',
  check({ target, settings: { include, exclude } }) {
    const isIn = (list: readonly string[]) =>
      list.includes(target.encodeServerId) || list.includes(target.serverId);
    if (isIn(exclude)) return { reason: { code: 'excluded' } };
    if (include !== undefined && !isIn(include)) return { reason: { code: 'not_included' } };
    return undefined;
  },
};
