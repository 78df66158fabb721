/** A claim in a random history: every answer is held against the laws. */
import { expect } from 'vitest';
import type { ClaimRequest, Ledger } from '../../../lib/ledger/ledger.ts';
import type { EpochMs } from '../../../lib/time.ts';
import type { asideOf } from './aside.ts';
import type { Drivers } from './drivers.ts';
import { agree, overriding, STORM } from './given.ts';
import { broken, grant, type History } from './model.ts';
import { hostOf, type Step } from './steps.ts';

export interface World {
  readonly ledger: Ledger;
  readonly history: History;
  readonly drivers: Drivers;
  readonly aside: ReturnType<typeof asideOf>;
  readonly met: Set<string>;
}

/** Server by server in the order of asking: granted when no law speaks against it, else refused for one that does. */
export async function claim(
  next: Step,
  now: EpochMs,
  { ledger, history, drivers, aside, met }: World,
): Promise<void> {
  const override = next.guards.length === 0 ? {} : overriding(...next.guards);
  const servers = next.servers.map((encodeServerId) => ({
    encodeServerId,
    serverId: hostOf(encodeServerId),
    planned: next.planned,
    ...override,
  }));
  const storm = next.isStorm ? { storm: STORM } : {};
  const { limits } = next;
  // Planned work is on healthy servers.
  const troubled = next.troubled.filter((id) => !(next.planned && next.servers.includes(id)));
  const asked = { now, servers, limits, troubled, ...storm };
  await drivers.drive(next, now, async (lease) => {
    const request: ClaimRequest = { ...asked, lease };
    const answer = await ledger.claim(request);
    const once = new Map(servers.map((server) => [server.encodeServerId, server]));
    agree(answer.granted.length + answer.refused.length, once.size, 'every server is answered once');
    for (const server of once.values()) {
      const isExcluded = aside.isExcluded(server.encodeServerId, server.serverId);
      const laws = [...broken(history, request, server), ...(isExcluded ? ['excluded'] : [])];
      const isThis = ({ encodeServerId }: { encodeServerId: string }) =>
        encodeServerId === server.encodeServerId;
      const granted = answer.granted.find(isThis);
      const refused = answer.refused.find(isThis);
      if (granted === undefined) {
        const reason = refused?.hold.reason.code ?? 'none';
        if (!laws.includes(reason)) expect(laws, 'a refusal says what is true').toContain(reason);
        met.add(reason);
      } else {
        agree(laws, [], 'a grant breaks no law');
        agree(granted.number, grant(history, request, server), 'attempts are counted');
        met.add(next.guards.length === 0 ? 'granted' : 'overridden');
      }
    }
  });
}
