/** Looks at the hosts of a run: one by one while they are few, else at the whole list when that is cheaper. */
import { inTurns } from '../fleet/resolve.ts';
import type { Cph } from '../huawei/cph.ts';
import { gathered } from '../huawei/reading.ts';
import type { EncodeServer, Host } from '../types.ts';
import type { Ask } from './ask.ts';
import type { HostSight } from './sight.ts';

/** New rows that a page of the whole list brings: pages overlap, so that none falls between them. */
const ROWS_A_PAGE = 80;
/** More single questions than this, and a list of everything may be cheaper. */
export const FEW = 8;

export interface WantedHosts {
  /** Only whose servers are asked about. */
  readonly following: ReadonlySet<string>;
  /** That carry something that may be restarted: also asked whether they are in service. */
  readonly waiting: ReadonlySet<string>;
}

export interface SeenHosts {
  readonly seen: ReadonlyMap<string, HostSight>;
  /** Asked about in vain. */
  readonly unseen: ReadonlySet<string>;
}

export async function lookAtHosts(
  { following, waiting }: WantedHosts,
  fleetSize: number | undefined,
  { cph, ask }: { readonly cph: Cph; readonly ask: Ask },
): Promise<SeenHosts> {
  const wanted = [...new Set([...following, ...waiting])];
  const [servers, hosts] = await Promise.all([
    serversOf(wanted, fleetSize, { cph, ask }),
    hostsOf([...waiting], { cph, ask }),
  ]);
  const seen = new Map<string, HostSight>();
  for (const serverId of wanted) {
    const listed = servers.get(serverId);
    if (listed !== undefined) {
      const byId = new Map(listed.map((server) => [server.encodeServerId, server]));
      const host = waiting.has(serverId) ? (hosts.get(serverId) ?? 'unchecked') : 'unasked';
      seen.set(serverId, { servers: byId, host });
    }
  }
  return { seen, unseen: new Set(wanted.filter((serverId) => !seen.has(serverId))) };
}

type Asking = { readonly cph: Cph; readonly ask: Ask };

/** The encode servers of each host that could be listed. */
async function serversOf(
  wanted: readonly string[],
  fleetSize: number | undefined,
  { cph, ask }: Asking,
): Promise<ReadonlyMap<string, readonly EncodeServer[]>> {
  const isCheaper = fleetSize !== undefined && fleetSize / ROWS_A_PAGE < wanted.length;
  if (wanted.length <= FEW || !isCheaper) {
    const listed = await inTurns(wanted, (serverId) =>
      ask('encode servers', cph.listEncodeServers({ serverId })),
    );
    return new Map(wanted.flatMap((serverId, index) => pair(serverId, listed[index])));
  }
  const all = await ask('encode servers', gathered(cph.pagesOfEncodeServers()));
  if (all === undefined) return new Map();
  const byHost = new Map<string, EncodeServer[]>(wanted.map((serverId) => [serverId, []]));
  for (const server of all) byHost.get(server.serverId)?.push(server);
  return byHost;
}

/** Whether each host is in service, or is there at all. */
async function hostsOf(
  wanted: readonly string[],
  { cph, ask }: Asking,
): Promise<ReadonlyMap<string, Host | 'absent'>> {
  if (wanted.length <= FEW) {
    const shown = await inTurns(wanted, (serverId) =>
      ask(
        'host',
        cph.showHost(serverId).then((host) => host ?? ('absent' as const)),
      ),
    );
    return new Map(wanted.flatMap((serverId, index) => pair(serverId, shown[index])));
  }
  const all = await ask('hosts', cph.listHosts());
  if (all === undefined) return new Map();
  const byId = new Map(all.map((host) => [host.serverId, host]));
  return new Map(wanted.map((serverId) => [serverId, byId.get(serverId) ?? 'absent']));
}

const pair = <Value>(key: string, value: Value | undefined): (readonly [string, Value])[] =>
  value === undefined ? [] : [[key, value]];
