/** From a selector to the servers it means, as they are now, and the hosts that belong to it. */
import type { Cph } from '../huawei/cph.ts';
import type { EncodeServer, Selector, ServerRecord } from '../types.ts';

export interface Resolution {
  /** Servers that the selector means now: abnormal ones of its hosts, and those it names. */
  readonly servers: readonly ResolvedServer[];
  /** The hosts that the selector led to; empty when nothing of it is known. */
  readonly hosts: readonly string[];
}

export interface ResolvedServer {
  readonly server: EncodeServer;
  /** Meant itself, not just its host. */
  readonly named: boolean;
}

export interface Resolving {
  readonly cph: Cph;
  /** Whether an alarm's word is enough to restart a server that CPH calls running. */
  readonly alarmRestart: 'named' | 'abnormal';
  /** What the ledger knows of an id: the host of a server met before. */
  readonly recall: (encodeServerIds: readonly string[]) => Promise<ReadonlyMap<string, ServerRecord>>;
}

/**
 * Resolves what an alarm yields. Every candidate is tried at once as a host, as a phone and as an abnormal
 * encode server; "not found" means "not that". CPH has no look-up by encode server id, so a server that is
 * none of these is looked for where the ledger met it, and at last, once, by paging through the fleet.
 * @throws HuaweiError when CPH cannot be asked
 */
export async function resolve(
  selector: Extract<Selector, { kind: 'candidates' }>,
  { cph, alarmRestart, recall }: Resolving,
): Promise<Resolution> {
  const [abnormal, places] = await Promise.all([
    cph.listEncodeServers({ status: 2 }),
    Promise.all(selector.ids.map((id) => placeOf(id, cph))),
  ]);
  const onHosts = places.flatMap((place) => place.servers);
  const unplaced = selector.ids.filter((_, index) => places[index]?.hosts.length === 0);
  const known = [...onHosts, ...abnormal];
  const named = known.filter((server) => selector.ids.includes(server.encodeServerId));
  const missing = unplaced.filter((id) => !named.some((server) => server.encodeServerId === id));
  const found = alarmRestart === 'named' && missing.length > 0 ? await search(missing, cph, recall) : [];

  const servers = new Map<string, ResolvedServer>();
  for (const server of onHosts) {
    if (server.state === 'abnormal') servers.set(server.encodeServerId, { server, named: false });
  }
  for (const server of [...named, ...found]) {
    if (server.state === 'abnormal' || alarmRestart === 'named') {
      servers.set(server.encodeServerId, { server, named: true });
    }
  }
  const hosts = [
    ...places.flatMap((place) => place.hosts),
    ...[...named, ...found].map((server) => server.serverId),
  ];
  return { servers: [...servers.values()], hosts: [...new Set(hosts)] };
}

interface Place {
  readonly hosts: readonly string[];
  readonly servers: readonly EncodeServer[];
}

async function placeOf(id: string, cph: Cph): Promise<Place> {
  const [asHost, phone] = await Promise.all([cph.listEncodeServers({ serverId: id }), cph.showPhone(id)]);
  if (asHost.length > 0) return { hosts: [id], servers: asHost };
  if (phone === undefined) return { hosts: [], servers: [] };
  return { hosts: [phone.serverId], servers: await cph.listEncodeServers({ serverId: phone.serverId }) };
}

async function search(
  ids: readonly string[],
  cph: Cph,
  recall: Resolving['recall'],
): Promise<readonly EncodeServer[]> {
  const wanted = new Set(ids);
  const found: EncodeServer[] = [];
  const take = (servers: readonly EncodeServer[]) => {
    for (const server of servers) if (wanted.delete(server.encodeServerId)) found.push(server);
  };
  const records = await recall(ids);
  for (const serverId of new Set([...records.values()].map((record) => record.serverId))) {
    take(await cph.listEncodeServers({ serverId }));
  }
  if (wanted.size === 0) return found;
  for await (const page of cph.pagesOfEncodeServers()) {
    take(page);
    if (wanted.size === 0) break;
  }
  return found;
}
