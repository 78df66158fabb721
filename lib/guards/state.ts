/** Is it in a state in which a restart makes sense, on a host that is in service and left in peace? */
import { unreachable } from '../types.ts';
import type { Guard, GuardContext } from './guard.ts';

/** CPH's code of a host in service (CPH API reference, ListCloudPhoneServers). */
const IN_SERVICE = 5;

export const state: Guard = {
  name: 'state',
  check(context) {
    const { server, host, target, maintenance } = context;
    if (server === 'unchecked') return { reason: { code: 'unchecked', what: 'servers' } };
    if (server === 'absent') return { reason: { code: 'gone' } };
    if (host === 'unchecked') return { reason: { code: 'unchecked', what: 'host' } };
    if (host === 'absent') return { reason: { code: 'host_gone' } };
    if (host.status !== IN_SERVICE) return { reason: { code: 'host_not_in_service', status: host.status } };
    if (maintenance === 'unchecked') return { reason: { code: 'unchecked', what: 'maintenance' } };
    const eventId = maintenance.get(target.serverId);
    if (eventId !== undefined) return { reason: { code: 'host_maintenance', eventId } };
    switch (server.state) {
      case 'abnormal':
        return undefined;
      case 'running':
        return isMeantThoughHealthy(context) ? undefined : { reason: { code: 'well_again' } };
      case 'restarting':
        return { reason: { code: 'restarting_already' } };
      case 'unavailable':
        return { reason: { code: 'unavailable', status: server.status } };
      // Stryker disable next-line ConditionalExpression: there is no other state
      default:
        return unreachable(server.state);
    }
  },
};

/** Asked for by id or with all others; or an alarm named it, in whatever run, and its word is to count against CPH's. */
function isMeantThoughHealthy({ target, request: { selector }, settings }: GuardContext): boolean {
  if (selector.kind === 'all' || selector.kind === 'ids') return true;
  return target.named && settings.alarmRestart === 'named';
}
