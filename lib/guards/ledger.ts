/** Does the ledger know its past? One that was emptied has forgotten every cooldown: for one cooldown it is a no. */
import { after } from '../time.ts';
import type { Guard } from './guard.ts';

export const ledger: Guard = {
  name: 'ledger',
  check({ settings, memory: { begunAt }, request, target, now }) {
    const { deployedAt, cooldown } = settings;
    if (deployedAt === undefined) return undefined;
    if (begunAt <= after(deployedAt, cooldown)) return undefined;
    const until = after(begunAt, cooldown);
    const isPersonsWord = request.source === 'http' && target.named;
    if (now >= until || isPersonsWord) return undefined;
    return { reason: { code: 'ledger_emptied', since: begunAt }, until };
  },
};
