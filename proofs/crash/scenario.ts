/** What a play of the crash table begins with: a small fleet with every kind of server in it, and an event. */
import { type DurationMs, type EpochMs, epochMs } from '../../lib/time.ts';
import type { FleetRow } from '../../local/model/index.ts';

/** 02:29 in Shanghai, a little before the full minute: patrol comes while the event is being worked on. */
export const BEGINS_AT: EpochMs = epochMs(Date.parse('2026-03-01T18:29:45Z'));
export const TOPIC = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';

export interface Scenario {
  readonly name: string;
  /** What the event is handed to; patrol runs every minute beside it. */
  readonly functionName: string;
  readonly fleet: readonly FleetRow[];
  /** Absent: the minute's timer of patrol is all there is. */
  readonly event?: object;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Servers that the event names. */
  readonly named?: readonly string[];
  /** Healthy servers are meant too. */
  readonly meansHealthy?: true;
  /** Only instances of the function itself are struck: what patrol does beside it is in another scenario. */
  readonly strikesItselfOnly?: true;
  /** Somebody pauses everything so long after the beginning, for ten minutes. */
  readonly pausedAfter?: DurationMs;
}

/** A restart takes ten seconds: two looks. */
export const server = (
  server_id: string,
  encode_server_id: string,
  status: number,
  more: Partial<FleetRow> = {},
): FleetRow => ({
  encode_server_id,
  server_id,
  status,
  type: 1,
  phones: [],
  recovers: true,
  host_status: 5,
  restart_seconds: 10,
  ...more,
});

/** Nobody may touch these: frozen, and excluded by the settings. */
export const UNTOUCHABLE: readonly FleetRow[] = [server('h1', 'frozen', 4), server('h2', 'excluded', 2)];
