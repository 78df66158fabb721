/** How a decision's time grows with the targets of a run: `npx tsx bench/decide.ts`. Twice the targets, twice the time. */
import { decide } from '../lib/run/decide.ts';
import type { HostSight, Sight } from '../lib/run/sight.ts';
import { parseSettings } from '../lib/settings.ts';
import { epochMs, hours } from '../lib/time.ts';
import type { EncodeServer, Run, ServerState, Target } from '../lib/types.ts';

const NOW = epochMs(1_772_389_800_000);
const SIZES = [15_000, 30_000, 60_000, 120_000];
const TRIES = 3;
const settings = parseSettings({ region: 'cn-north-4', mode: 'active', settle: '0s', max_abnormal: '100%' });

/** Every host was looked at, and a fortieth of the fleet is in flight. */
function decided(count: number, state: ServerState, status: number): number {
  const servers = Array.from({ length: count }, (_, index): EncodeServer => {
    const serverId = `h${Math.floor(index / 10)}`;
    return { encodeServerId: `s${index}`, serverId, name: '', status, state };
  });
  const targets = servers.map(
    ({ encodeServerId, serverId }): Target => ({
      encodeServerId,
      serverId,
      resolvedAs: state,
      named: false,
      progress: { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] },
    }),
  );
  const run: Run = {
    runId: 'r',
    request: {
      deliveryId: 'd',
      source: 'timer',
      selector: { kind: 'all' },
      reason: 'nightly',
      requestedBy: 'timer',
      requestedAt: NOW,
      dryRun: false,
    },
    state: 'running',
    openedAt: NOW,
    endsAt: epochMs(NOW + hours(12)),
    settingsHash: 'abc',
    hosts: [],
    targets,
    requestIds: [],
  };
  const hosts = new Map<string, HostSight>();
  for (let first = 0; first < count; first += 10) {
    const its = servers.slice(first, first + 10);
    const serverId = `h${first / 10}`;
    const byId = new Map(its.map((server) => [server.encodeServerId, server]));
    hosts.set(serverId, { servers: byId, host: { serverId, status: 5 } });
  }
  const inFlight = Array.from({ length: count / 40 }, (_, index) => ({
    encodeServerId: `x${index}`,
    serverId: `hx${index}`,
    runId: 'other',
    claimedAt: NOW,
  }));
  const abnormal = servers.filter((server) => server.state === 'abnormal');
  const sight: Sight = {
    at: NOW,
    hosts,
    unseen: new Set(),
    jobs: new Map(),
    memory: {
      servers: new Map(),
      inFlight,
      handedOver: new Set(),
      exclusions: new Map(),
      begunAt: NOW,
      fleetLooks: [],
    },
    troubled: new Map(abnormal.map(({ encodeServerId, serverId }) => [encodeServerId, serverId])),
    maintenance: { at: NOW, isKnown: true, eventOf: new Map() },
    fleet: { measuredAt: NOW, total: count, excluded: new Set<string>(), eligible: count },
  };
  const times = Array.from({ length: TRIES }, () => {
    const began = performance.now();
    decide(run, sight, settings, NOW);
    return performance.now() - began;
  });
  return Math.min(...times);
}

for (const [state, status] of [
  ['running', 1],
  ['abnormal', 2],
] as const) {
  let before: number | undefined;
  for (const count of SIZES) {
    const took = decided(count, state, status);
    const ratio = before === undefined ? '' : `  × ${(took / before).toFixed(1)}`;
    process.stdout.write(
      `${state.padEnd(10)} ${String(count).padStart(8)} ${took.toFixed(0).padStart(7)} ms${ratio}\n`,
    );
    before = took;
  }
}
