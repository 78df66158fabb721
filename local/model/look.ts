/** What can be seen of encode servers, hosts and phones, and the way an encode server hangs. */
import type { EpochMs } from '../../lib/time.ts';
import { type Asked, denied, granted } from './codes.ts';
import type { EncodeServer, Host, Model, Phone } from './state.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface EncodeServerQuery extends Page {
  readonly type?: number;
  readonly status?: number;
  readonly server_id?: string;
}

export interface SeenServer {
  readonly server: EncodeServer;
  readonly status: number;
}

/** The values that ListEncodeServers takes as a filter. */
const STATUSES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 100, 1014]);

export const pageFits = ({ offset, limit }: Page): boolean =>
  Number.isInteger(offset) && offset >= 0 && Number.isInteger(limit) && limit >= 1 && limit <= 100;

/** The status that the list shows. */
export function statusAt({ status, restart }: EncodeServer, now: EpochMs): number {
  if (restart === undefined || now < restart.shownFrom) return status;
  return now < restart.endsAt ? 3 : restart.endStatus;
}

export const isRestarting = ({ restart }: EncodeServer, now: EpochMs): boolean =>
  restart !== undefined && now < restart.endsAt;

/** There is no total in the answer and no look-up by id, as on the platform. */
export function listEncodeServers(
  model: Model,
  { offset, limit, type, status, server_id }: EncodeServerQuery,
  now: EpochMs,
): Asked<readonly SeenServer[]> {
  if (!pageFits({ offset, limit })) return denied('CPS.0002');
  if (status !== undefined && !STATUSES.has(status)) return denied('CPS.0010');
  const seen = model.behaviour
    .order([...model.servers.values()])
    .map((server) => ({ server, status: statusAt(server, now) }))
    .filter((found) => type === undefined || found.server.row.type === type)
    .filter((found) => status === undefined || found.status === status)
    .filter((found) => server_id === undefined || found.server.row.server_id === server_id);
  return granted(seen.slice(offset, offset + limit));
}

export function showPhone(model: Model, phoneId: string): Asked<Phone> {
  const phone = model.phones.get(phoneId);
  return phone === undefined ? denied('CPS.0005') : granted(phone);
}

export function showHost(model: Model, serverId: string): Asked<Host> {
  const host = model.hosts.get(serverId);
  return host === undefined ? denied('CPS.0015') : granted(host);
}

export interface HostQuery extends Page {
  readonly status?: number;
  readonly server_id?: string;
}

export function listHosts(
  model: Model,
  { offset, limit, status, server_id }: HostQuery,
): Asked<readonly Host[]> {
  if (!pageFits({ offset, limit })) return denied('CPS.0002');
  const found = [...model.hosts.values()]
    .filter((host) => status === undefined || host.status === status)
    .filter((host) => server_id === undefined || host.server_id === server_id);
  return granted(found.slice(offset, offset + limit));
}

/** An encode server hangs: status 2 at once, or at the end of the restart that is under way. */
export function hang(model: Model, encodeServerId: string, now: EpochMs): void {
  const server = model.servers.get(encodeServerId);
  if (server === undefined) {
    throw new Error(`Expected an encode server of the local fleet to hang, got ${encodeServerId}`);
  }
  if (server.restart !== undefined && now < server.restart.endsAt) {
    server.restart = { ...server.restart, endStatus: 2 };
    return;
  }
  server.status = 2;
  delete server.restart;
}
