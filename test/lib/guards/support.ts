/** What the tests of the guards share: a server that nothing speaks against, a table of cases, faults of a look. */
import { expect, it } from 'vitest';
import type { Guard, GuardContext } from '../../../lib/guards/guard.ts';
import { stormFigures } from '../../../lib/guards/storm.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { after, before, type DurationMs, type EpochMs, epochMs, hours, seconds } from '../../../lib/time.ts';
import type {
  EncodeServer,
  Hold,
  Recollection,
  RestartRequest,
  ServerRecord,
  ServerState,
  Target,
} from '../../../lib/types.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import type { PlayedOn } from '../../../local/play.ts';

export const NOW = epochMs(Date.parse('2026-03-01T18:30:00Z'));
export const ago = (span: DurationMs): EpochMs => before(NOW, span);
export const hence = (span: DurationMs): EpochMs => after(NOW, span);
export const A_MOMENT = seconds(1);

export const settings = (more: object = {}) =>
  parseSettings({ region: 'cn-north-4', mode: 'active', ...more });

const CODE: Readonly<Record<ServerState, number>> = {
  running: 1,
  abnormal: 2,
  restarting: 3,
  unavailable: 4,
};

export const server = (state: ServerState, more: Partial<EncodeServer> = {}): EncodeServer => ({
  encodeServerId: 's1',
  serverId: 'h1',
  name: 'one',
  status: CODE[state],
  state,
  ...more,
});

export const neighbours = (...servers: readonly EncodeServer[]): ReadonlyMap<string, EncodeServer> =>
  new Map(servers.map((one) => [one.encodeServerId, one]));

export const target = (more: Partial<Target> = {}): Target => ({
  encodeServerId: 's1',
  serverId: 'h1',
  resolvedAs: 'abnormal',
  named: false,
  progress: { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] },
  ...more,
});

export const request = (more: Partial<RestartRequest> = {}): RestartRequest => ({
  deliveryId: 'd1',
  source: 'patrol',
  selector: { kind: 'abnormal' },
  reason: 'abnormal encode servers',
  requestedBy: 'patrol',
  requestedAt: NOW,
  dryRun: false,
  ...more,
});

export const record = (more: Partial<ServerRecord> = {}): ServerRecord => ({
  serverId: 'h1',
  attempts: [],
  ...more,
});

export const memory = (more: Partial<Recollection> = {}): Recollection => ({
  servers: new Map(),
  inFlight: [],
  handedOver: new Set(),
  exclusions: new Map(),
  begunAt: ago(hours(24 * 30)),
  fleetLooks: [],
  ...more,
});

/** An abnormal server that nothing speaks against; what follows from the look follows from what is given of it. */
export function context(more: Partial<GuardContext> = {}): GuardContext {
  const given = { ...QUIET, ...more };
  const inFlight = new Map(given.memory.inFlight.map((intent) => [intent.encodeServerId, intent]));
  return { inFlight, storm: stormFigures(given), ...given };
}

const QUIET: Omit<GuardContext, 'inFlight' | 'storm'> = {
  now: NOW,
  settings: settings(),
  runId: 'run-1',
  request: request(),
  takenUpAt: NOW,
  memory: memory(),
  troubled: new Map([['s1', 'h1']]),
  maintenance: new Map(),
  fleet: { total: 100, eligible: 100 },
  windows: [],
  concurrency: 10,
  unavailable: 5,
  rolling: { failures: 0, tolerance: 3, inFlight: 0, roundSize: 2 },
  target: target(),
  planned: false,
  server: server('abnormal'),
  host: { serverId: 'h1', status: 5 },
  neighbours: neighbours(server('abnormal')),
  record: record({ firstSeenAbnormalAt: ago(hours(1)) }),
  taken: 0,
  takenOnHost: [],
  missing: 0,
  plannedNow: 0,
  canariesNow: 0,
};

/** What makes of it a healthy server that the nightly restart means: planned work that nothing speaks against. */
export const healthy: Partial<GuardContext> = {
  request: request({ source: 'timer', selector: { kind: 'all' } }),
  troubled: new Map(),
  target: target({ resolvedAs: 'running' }),
  planned: true,
  server: server('running'),
  neighbours: neighbours(server('running')),
  record: undefined,
};

/** What is the case, in words and as data, and the no that the guard says to it; nothing where it lets through. */
export type Case = readonly [what: string, given: Partial<GuardContext>, no?: Omit<Hold, 'guard'>];

/** One test a case, named as a sentence: "holds what is excluded", "lets through what is not". */
export function answers({ check }: Guard, cases: readonly Case[]): void {
  const named = cases.map(([what, given, no]) => {
    return [`${no === undefined ? 'lets through' : 'holds'} ${what}`, given, no] as const;
  });
  it.each(named)('%s', (_, given, no) => {
    expect(check(context(given))).toEqual(no);
  });
}

/** Breaks off those calls of an operation whose answer `is` this; all of them when it is not said. */
export const breaksOff = (
  operation: string,
  is: (body: { encode_servers?: readonly { status: number }[] }) => boolean = () => true,
): FaultInstance => ({
  async intercept(call, proceed) {
    const reply = await proceed();
    if (call.operation !== operation || typeof reply === 'string') return reply;
    return is(reply.body as Parameters<typeof is>[0]) ? 'reset' : reply;
  },
});

/** The list of everything abnormal, told from the lists of hosts by having nothing else in it. */
export const listOfAbnormal = breaksOff('ListEncodeServers', ({ encode_servers: rows = [] }) => {
  return rows.length > 0 && rows.every(({ status }) => status === 2);
});

/** Every no that a server was held with, as `guard: code`. */
export const noes = ({ runs }: PlayedOn, encodeServerId: string): readonly string[] =>
  runs.flatMap(({ restarts }) =>
    restarts
      .filter((restart) => restart.encode_server_id === encodeServerId)
      .flatMap(({ holds }) => holds.map(({ guard, code }) => `${guard}: ${code}`)),
  );
