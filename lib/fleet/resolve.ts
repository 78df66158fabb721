/** From a selector to the servers it means, as they are now, and the hosts that belong to it. */
import type { Cph } from '../huawei/cph.ts';
import { gathered } from '../huawei/reading.ts';
import { type EncodeServer, type Selector, type ServerRecord, unreachable } from '../types.ts';

export interface Resolution {
  /** Servers that the selector means now: abnormal ones of its hosts, and those it names. */
  readonly servers: readonly ResolvedServer[];
  /** The hosts that the selector led to; empty when nothing of it is known. */
  readonly hosts: readonly string[];
  /** Ids that are nothing we could find. */
  readonly unknown: readonly string[];
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

/** @throws HuaweiError when CPH cannot be asked */
export async function resolve(selector: Selector, resolving: Resolving): Promise<Resolution> {
  const { cph } = resolving;
  switch (selector.kind) {
    case 'candidates':
      return candidates(selector.ids, resolving);
    case 'ids':
      return named(selector.encodeServerIds, selector.serverId, resolving);
    case 'hosts':
      return abnormalOf(
        selector.serverIds.map((serverId) => ({ id: serverId, serverId })),
        cph,
      );
    case 'phones':
      return abnormalOf(
        await inTurns(selector.phoneIds, async (id) => ({
          id,
          serverId: (await cph.showPhone(id))?.serverId,
        })),
        cph,
      );
    case 'abnormal':
      return found(unnamed(await cph.listEncodeServers({ status: 2 })));
    case 'all':
      return found(unnamed(await gathered(cph.pagesOfEncodeServers())));
    default:
      return unreachable(selector);
  }
}

/**
 * What an alarm yields. Every candidate is tried at once as a host, as a phone and as an abnormal encode server; "not
 * found" means "not that". CPH has no look-up by encode server id, so a server that is none of these is looked for
 * where the ledger met it, and at last, once, by paging through the fleet; but not beside what was found: an alarm's
 * other dimensions may be anything.
 */
async function candidates(ids: readonly string[], resolving: Resolving): Promise<Resolution> {
  const { cph, alarmRestart } = resolving;
  const [abnormal, places] = await Promise.all([
    cph.listEncodeServers({ status: 2 }),
    inTurns(ids, (id) => placeOf(id, cph)),
  ]);
  const onHosts = places.flatMap((place) => place.servers);
  const unplaced = ids.filter((_, index) => places[index]?.hosts.length === 0);
  const known = [...onHosts, ...abnormal];
  const meant = known.filter((server) => ids.includes(server.encodeServerId));
  const missing = unplaced.filter((id) => !meant.some((server) => server.encodeServerId === id));
  const isNothing = onHosts.length === 0 && meant.length === 0;
  const searched =
    alarmRestart === 'named' && missing.length > 0
      ? await search(missing, { ...resolving, everywhere: isNothing })
      : [];

  const servers = onHosts.filter(isAbnormal).map((server) => ({ server, named: false }));
  const byName = [...meant, ...searched]
    .filter((server) => isAbnormal(server) || alarmRestart === 'named')
    .map((server) => ({ server, named: true }));
  const hosts = [
    ...places.flatMap((place) => place.hosts),
    ...[...meant, ...searched].map((server) => server.serverId),
  ];
  const isFound = (id: string) => searched.some((server) => server.encodeServerId === id);
  return { ...found([...servers, ...byName], hosts), unknown: missing.filter((id) => !isFound(id)) };
}

/** What a person names. An id that is listed neither where they say nor anywhere else is unknown. */
async function named(
  ids: readonly string[],
  serverId: string | undefined,
  resolving: Resolving,
): Promise<Resolution> {
  const { cph } = resolving;
  const near = await cph.listEncodeServers(serverId === undefined ? { status: 2 } : { serverId });
  const here = near.filter((server) => ids.includes(server.encodeServerId));
  const missing = ids.filter((id) => !here.some((server) => server.encodeServerId === id));
  const there = missing.length === 0 ? [] : await search(missing, { ...resolving, everywhere: true });
  const servers = [...here, ...there].map((server) => ({ server, named: true }));
  const unknown = missing.filter((id) => !there.some((server) => server.encodeServerId === id));
  return { ...found(servers), unknown };
}

/** The abnormal servers of hosts; a host without any encode server is none. */
async function abnormalOf(
  asked: readonly { readonly id: string; readonly serverId: string | undefined }[],
  cph: Cph,
): Promise<Resolution> {
  const places = await inTurns(asked, async ({ serverId }) =>
    serverId === undefined ? [] : cph.listEncodeServers({ serverId }),
  );
  const servers = places.flat();
  const hosts = servers.map(({ serverId }) => serverId);
  const unknown = asked.flatMap(({ id }, index) => (places[index]?.length === 0 ? [id] : []));
  return { ...found(unnamed(servers.filter(isAbnormal)), hosts), unknown };
}

const isAbnormal = ({ state }: EncodeServer): boolean => state === 'abnormal';

const unnamed = (servers: readonly EncodeServer[]): readonly ResolvedServer[] =>
  servers.map((server) => ({ server, named: false }));

/** Each server once; of two the later says whether it is named. */
function found(servers: readonly ResolvedServer[], hosts?: readonly string[]): Resolution {
  const once = new Map(servers.map((entry) => [entry.server.encodeServerId, entry]));
  const places = hosts ?? servers.map(({ server }) => server.serverId);
  return { servers: [...once.values()], hosts: [...new Set(places)], unknown: [] };
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

interface Searching extends Resolving {
  /** Whether the whole fleet is paged through for what the ledger does not know. */
  readonly everywhere: boolean;
}

async function search(
  ids: readonly string[],
  { cph, recall, everywhere }: Searching,
): Promise<readonly EncodeServer[]> {
  const wanted = new Set(ids);
  const servers: EncodeServer[] = [];
  const take = (listed: readonly EncodeServer[]) => {
    for (const server of listed) if (wanted.delete(server.encodeServerId)) servers.push(server);
  };
  const records = await recall(ids);
  for (const serverId of new Set([...records.values()].map((record) => record.serverId))) {
    take(await cph.listEncodeServers({ serverId }));
  }
  if (wanted.size === 0 || !everywhere) return servers;
  for await (const page of cph.pagesOfEncodeServers()) {
    take(page);
    if (wanted.size === 0) break;
  }
  return servers;
}

/** So many calls at the same time: enough to be quick, few enough for CPH's management plane. */
const AT_ONCE = 4;

export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}
