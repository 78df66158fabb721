/** Is its host busy? CPH's management plane stalls a busy host, and planned work leaves each host one at a time. */
import type { Guard, GuardContext } from './guard.ts';

export const host: Guard = {
  name: 'host',
  check(context) {
    const { planned, settings, takenOnHost, troubled } = context;
    if (planned) {
      if (troubled === 'unchecked') return { reason: { code: 'unchecked', what: 'servers' } };
      const other = busyNeighbour(context, troubled);
      if (other !== undefined) return { reason: { code: 'host_busy', encodeServerId: other } };
    }
    const inFlight = takenOnHost.length;
    if (inFlight < settings.maxPerHost) return undefined;
    return { reason: { code: 'host_limit', inFlight, limit: settings.maxPerHost } };
  },
};

/** Another server of the host that is restarting, unverified or troubled. */
function busyNeighbour(
  { target, takenOnHost, neighbours, memory, settings }: GuardContext,
  troubled: ReadonlyMap<string, string>,
): string | undefined {
  const isOther = (id: string) => id !== target.encodeServerId;
  const inFlight = takenOnHost.find(({ encodeServerId }) => isOther(encodeServerId));
  if (inFlight !== undefined) return inFlight.encodeServerId;
  const others = [...neighbours.values()].filter(({ encodeServerId }) => isOther(encodeServerId));
  const restarting = others.find(({ state }) => state === 'restarting');
  if (restarting !== undefined) return restarting.encodeServerId;
  // The fleet's list was read first: what became abnormal since then only its host's list shows.
  const isLeftOut = (id: string) =>
    memory.handedOver.has(id) || memory.exclusions.has(id) || settings.exclude.includes(id);
  return others.find(
    ({ encodeServerId: id, state }) => troubled.has(id) || (state === 'abnormal' && !isLeftOut(id)),
  )?.encodeServerId;
}
