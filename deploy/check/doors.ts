/** The doors of the webhook: whether somebody checks callers at each. */
import { authOf, encryptedOf, webhookAuth } from '../compose.ts';
import { type Problem, shown } from './problems.ts';
import type { Service } from './service.ts';

export function checkDoors(service: Service): readonly Problem[] {
  const auth = webhookAuth(service);
  const webhook = service.functions.find(({ key }) => key === 'webhook');
  if (auth === undefined || webhook === undefined) return [];
  const path = (at: number) => ['functions', 'webhook', 'events', at, 'eventData', 'auth'];
  // The function is told once how its callers are checked, and cannot tell by which door one came.
  const others = webhook.triggers.flatMap((trigger, at): Problem[] =>
    authOf(trigger).some((one) => one !== auth)
      ? [
          {
            path: path(at),
            expected: `${shown(auth)}, as at the other doors of the function: it cannot tell them apart`,
            got: shown(authOf(trigger)[0]),
          },
        ]
      : [],
  );
  if (others.length > 0) return others;
  const stated = service.settings['webhook_auth'];
  if (stated !== undefined && stated !== auth) {
    const expected = `${shown(auth)}, as the trigger of functions.webhook says (or leave it out)`;
    return [{ path: ['custom', 'settings', 'webhook_auth'], expected, got: shown(stated) }];
  }
  if (auth !== 'NONE' || encryptedOf(service, webhook)['API_SECRET'] !== undefined) return [];
  const expected = '"IAM" or "APP", or an API_SECRET among encryptedUserData: nobody would check callers';
  return [
    {
      path: path(webhook.triggers.findIndex((one) => authOf(one).length > 0)),
      expected,
      got: '"NONE" without API_SECRET',
    },
  ];
}
