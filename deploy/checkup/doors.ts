/** Doors of the webhook that are not ours: the function trusts its gateway, and cannot tell by which door one came. */
import type { Service } from '../check/service.ts';
import { webhookAuth } from '../compose.ts';
import type { Seen } from '../look.ts';
import { nameOf } from '../plan/describe.ts';
import { readRecord } from '../plan/record.ts';
import { planTriggers } from '../plan/triggers.ts';
import type { Finding } from './finding.ts';

export function doorFindings(service: Service, seen: Seen): readonly Finding[] {
  const auth = webhookAuth(service);
  const deployed = seen.get('webhook');
  if (deployed === undefined || (auth !== 'IAM' && auth !== 'APP')) return [];
  const { left } = planTriggers([], deployed.triggers, readRecord(deployed.config.variables));
  return left
    .filter(({ event_data }) => event_data['auth'] === 'NONE')
    .map((door) => ({
      check: 'door of webhook',
      state: 'ill',
      said: `${nameOf(door)} is not ours and lets anybody in`,
      todo: `Delete it in the console, or let it check callers by ${auth}: the function believes its gateway.`,
    }));
}
