/** What one look at the world showed. A value: deciding works on it and never looks itself. */
import type { EpochMs } from '../time.ts';
import type { EncodeServer, Host, Job, PlatformError, Recollection } from '../types.ts';

export interface Sight {
  readonly at: EpochMs;
  /** The encode servers of each host that was looked at. */
  readonly hosts: ReadonlyMap<string, HostSight>;
  /** Hosts that were asked about in vain. Those in neither were not asked about. */
  readonly unseen: ReadonlySet<string>;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly memory: Recollection;
  /** Every troubled server with its host: abnormal, neither excluded nor handed over. Absent: not asked, or in vain. */
  readonly troubled?: ReadonlyMap<string, string>;
  /** Hosts under maintenance that goes on now, with the event's id. Absent: not asked, or in vain. */
  readonly maintenance?: Maintenance;
  /** How large the fleet is. Absent: nobody needed to know, or it could not be measured. */
  readonly fleet?: FleetSize;
  /** CPH refused to show anything: credentials, permission or account. */
  readonly denied?: PlatformError;
}

export interface HostSight {
  readonly servers: ReadonlyMap<string, EncodeServer>;
  /** `unasked`: nothing on it waits for a restart, so nobody needed to know; `unchecked`: asked in vain. */
  readonly host: Host | 'absent' | 'unchecked' | 'unasked';
}

export interface Maintenance {
  readonly at: EpochMs;
  /** The account or the region has no such API: maintenance is not seen. */
  readonly isKnown: boolean;
  readonly eventOf: ReadonlyMap<string, string>;
}

export interface FleetSize {
  readonly measuredAt: EpochMs;
  readonly total: number;
  readonly excluded: ReadonlySet<string>;
  /** Without those excluded or handed over: what shares are taken of. */
  readonly eligible: number;
}

export function serverIn(sight: Sight, target: { encodeServerId: string; serverId: string }) {
  const host = sight.hosts.get(target.serverId);
  return host === undefined ? 'unchecked' : (host.servers.get(target.encodeServerId) ?? 'absent');
}
