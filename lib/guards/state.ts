/** Is it in a state in which a restart makes sense, on a host that is in service? */
import { unreachable } from '../types.ts';
import type { Guard } from './guard.ts';

/** CPH's code of a host in service (CPH API reference, ListCloudPhoneServers). */
const IN_SERVICE = 5;

export const state: Guard = {
  name: 'state',
  check({ server, host, target }) {
    if (server === 'unchecked') return { reason: { code: 'unchecked', what: 'servers' } };
    if (server === 'absent') return { reason: { code: 'gone' } };
    if (host === 'unchecked') return { reason: { code: 'unchecked', what: 'host' } };
    if (host === 'absent') return { reason: { code: 'host_gone' } };
    if (host.status !== IN_SERVICE) return { reason: { code: 'host_not_in_service', status: host.status } };
    switch (server.state) {
      case 'abnormal':
        return undefined;
      case 'running':
        return target.named ? undefined : { reason: { code: 'well_again' } };
      case 'restarting':
        return { reason: { code: 'restarting_already' } };
      case 'unavailable':
        return { reason: { code: 'unavailable', status: server.status } };
      default:
        return unreachable(server.state);
    }
  },
};
