/** What one look at the world showed. A value: deciding works on it and never looks itself. */
import type { EpochMs } from '../time.ts';
import type { EncodeServer, Host, Job, PlatformError, Recollection } from '../types.ts';

export interface Sight {
  readonly at: EpochMs;
  /** The encode servers of each host that could be listed; a host that could not is missing. */
  readonly hosts: ReadonlyMap<string, HostSight>;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly memory: Recollection;
  /** How many encode servers there are; absent while nobody needed to know. */
  readonly fleetSize?: { readonly count: number; readonly measuredAt: EpochMs };
  /** CPH refused to show anything: credentials, permission or account. */
  readonly denied?: PlatformError;
}

export interface HostSight {
  readonly servers: ReadonlyMap<string, EncodeServer>;
  readonly host: Host | 'absent' | 'unchecked';
}

export function serverIn(sight: Sight, target: { encodeServerId: string; serverId: string }) {
  const host = sight.hosts.get(target.serverId);
  return host === undefined ? 'unchecked' : (host.servers.get(target.encodeServerId) ?? 'absent');
}
