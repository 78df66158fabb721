/** What the tests of the pure core share: runs, and what a look showed. */

import type { HostSight, Sight } from '../../../lib/run/sight.ts';
import { after, type EpochMs, hours, seconds } from '../../../lib/time.ts';
import type { Attempt, EncodeServer, Progress, Run, ServerState, Target } from '../../../lib/types.ts';
import { ago, memory, NOW, record, request, server, target } from '../guards/support.ts';

export const on = (serverId: string, encodeServerId: string, state: ServerState): EncodeServer =>
  server(state, { serverId, encodeServerId });

export const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  claimedAt: ago(seconds(40)),
  wasRunning: false,
  planned: false,
  number: 1,
  restartSeen: false,
  ...more,
});

/** Planned work in hand: a healthy server that was taken. */
export const planned = (more: Partial<Attempt> = {}): Attempt =>
  attempt({ planned: true, wasRunning: true, ...more });

export const waiting: Progress = { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] };

export const ended = (
  state: 'recovered' | 'not_recovered' | 'rejected' | 'unconfirmed',
  of: Attempt = planned(),
): Progress => ({ state, attempt: of, endedAt: NOW });

/** `many(3, ended('recovered'))`: servers `s<n>` on hosts `h<n>`, `from` on. */
export const many = (count: number, progress: Progress, from = 0, more: Partial<Target> = {}): Target[] =>
  Array.from({ length: count }, (_, index) =>
    target({
      encodeServerId: `s${from + index}`,
      serverId: `h${from + index}`,
      resolvedAs: 'running',
      progress,
      ...more,
    }),
  );

/** A nightly restart under way. */
export const run = (targets: readonly Target[], more: Partial<Run> = {}): Run => ({
  runId: 'run-1',
  request: request({ source: 'timer', selector: { kind: 'all' } }),
  state: 'running',
  openedAt: NOW,
  resolvedAt: NOW,
  endsAt: after(NOW, hours(12)),
  settingsHash: 'abc',
  hosts: [],
  targets,
  requestIds: [],
  ...more,
});

/** A look that showed these servers, their hosts in service, nothing in flight, and everybody long settled. */
export function sight(servers: readonly EncodeServer[], more: Partial<Sight> = {}): Sight {
  const hosts = new Map<string, HostSight & { readonly servers: Map<string, EncodeServer> }>();
  for (const one of servers) {
    const { serverId } = one;
    const host = hosts.get(serverId) ?? { servers: new Map(), host: { serverId, status: 5 } };
    hosts.set(serverId, host);
    host.servers.set(one.encodeServerId, one);
  }
  const abnormal = servers.filter(({ state }) => state === 'abnormal');
  const settled = record({ firstSeenAbnormalAt: ago(hours(1)) });
  return {
    at: NOW,
    hosts,
    unseen: new Set(),
    jobs: new Map(),
    memory: memory({ servers: new Map(abnormal.map(({ encodeServerId }) => [encodeServerId, settled])) }),
    troubled: new Map(abnormal.map(({ encodeServerId, serverId }) => [encodeServerId, serverId])),
    maintenance: { at: NOW, isKnown: true, eventOf: new Map() },
    fleet: { measuredAt: NOW, total: 100, excluded: new Set<string>(), eligible: 100 },
    ...more,
  };
}

/** The same look, of a part that CPH did not show. */
export function without(part: 'troubled' | 'maintenance' | 'fleet', given: Sight): Sight {
  const { [part]: _, ...rest } = given;
  return rest;
}

export const stateOf = (targets: readonly Target[], encodeServerId: string): string | undefined =>
  targets.find((one) => one.encodeServerId === encodeServerId)?.progress.state;

/** The guards that say no to a target, the deciding one first. */
export function holdsOf(targets: readonly Target[], encodeServerId: string): readonly string[] {
  const progress = targets.find((one) => one.encodeServerId === encodeServerId)?.progress;
  return progress !== undefined && 'holds' in progress ? progress.holds.map(({ guard }) => guard) : [];
}

export const idsOf = (batches: readonly (readonly { readonly target: Target }[])[]): readonly string[] =>
  batches.flat().map(({ target: { encodeServerId } }) => encodeServerId);

export const later = (span: Parameters<typeof after>[1]): EpochMs => after(NOW, span);
