/** A stage for tests: small fleets with readable ids, alarms on them, and what came of it over real HTTP. */

import type { LedgerState } from '../../lib/ledger/state.ts';
import { type DurationMs, type EpochMs, epochMs, iso } from '../../lib/time.ts';
import type { FaultInstance } from '../../local/faults/index.ts';
import type { Happening, PlayedOn } from '../../local/play.ts';
import type { SceneOptions } from '../../local/scene.ts';

export const T0: EpochMs = epochMs(Date.parse('2026-03-01T18:30:00Z'));
export const TOPIC = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';

/** `row('h1', 's1', 2)`: a server on a host with a status; more keys as in a fleet file. */
export const row = (
  host: string,
  server: string,
  status = 1,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  encode_server_id: server,
  server_id: host,
  status,
  ...more,
});

let messages = 0;

/** The SMN event of a default Cloud Eye alarm that names `dimension`; every call is another message. */
export function alarmEvent(
  dimension: string,
  more: { messageId?: string; topic?: string; body?: object; at?: number } = {},
) {
  messages += 1;
  const at = more.at ?? T0;
  const body = {
    message_type: 'alarm',
    alarm_id: 'al1770000000000sampleAA',
    alarm_name: 'encode servers unwell',
    alarm_status: 'alarm',
    time: at,
    namespace: 'SYS.CPH',
    metric_name: 'encode_server_abnormal',
    dimension,
    template_variable: { IsAlarm: true },
    ...more.body,
  };
  const smn = {
    topic_urn: more.topic ?? TOPIC,
    timestamp: new Date(at).toISOString(),
    message: JSON.stringify(body),
    type: 'notification',
    message_id: more.messageId ?? `message-${messages}`,
    subject: 'sample',
  };
  return { record: [{ event_version: '1.0', event_source: 'smn', smn }] };
}

export interface Act {
  readonly fleet: readonly object[];
  readonly events: readonly unknown[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly (string | FaultInstance)[];
  readonly ledger?: LedgerState;
  readonly timeoutSeconds?: number;
  readonly happenings?: readonly Happening[];
  /** `alarm` unless it says another. */
  readonly functionName?: string;
  readonly patrolFor?: DurationMs;
  readonly sharedLedger?: boolean;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly instance?: NonNullable<SceneOptions['instance']>;
}

export type Staged = PlayedOn & { readonly log: readonly Readonly<Record<string, unknown>>[] };

/** Loaded when something is played: tests that only decide do without the cloud. */
const cloud = async () => ({
  ...(await import('../../lib/ledger/state.ts')),
  ...(await import('../../local/faults/index.ts')),
  ...(await import('../../local/fleet.ts')),
  ...(await import('../../local/play.ts')),
});

/** Plays a fault in the setting that it is shown in. */
export async function stageUnder(fault: string): Promise<Staged> {
  const { settingOf, faultNamed } = await cloud();
  return stage({ ...settingOf(faultNamed(fault)), faults: [fault] });
}

/** Plays the events of an act and collects the lines that the functions logged. */
export async function stage(act: Act): Promise<Staged> {
  const { emptyState, faultNamed, play, readFleet, settingsFor, timeOf } = await cloud();
  const lines: string[] = [];
  const { functionName = 'alarm' } = act;
  const played = await play(
    {
      functionName,
      events: act.events,
      fleet: readFleet(act.fleet),
      ...settingsFor(act.events, act.settings ?? {}),
      ledger: act.ledger ?? emptyState(),
      faults: (act.faults ?? []).map((fault) =>
        typeof fault === 'string' ? faultNamed(fault).create() : fault,
      ),
      start: timeOf(act.events[0]) ?? T0,
      ...(act.happenings === undefined ? {} : { happenings: act.happenings }),
      ...(act.timeoutSeconds === undefined
        ? {}
        : { limits: { [functionName]: { timeoutSeconds: act.timeoutSeconds, memoryMb: 256 } } }),
      ...(act.patrolFor === undefined ? {} : { patrolFor: act.patrolFor }),
      ...(act.sharedLedger === undefined ? {} : { sharedLedger: act.sharedLedger }),
      ...(act.instance === undefined ? {} : { instance: act.instance }),
      ...(act.secrets === undefined ? {} : { secrets: act.secrets }),
    },
    (line) => lines.push(line),
  );
  const log = lines.flatMap((line) =>
    line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : [],
  );
  return { ...played, log };
}

/** Outcome by server id, over all runs, in the order of the runs. */
export const outcomes = (played: PlayedOn): Readonly<Record<string, string>> =>
  Object.fromEntries(
    played.runs.flatMap((run) =>
      run.restarts.map((restart) => [restart.encode_server_id, restart.outcome] as const),
    ),
  );

/** Which servers CPH itself took a restart for, in order; says whether one was restarted twice. */
export const restarted = (played: PlayedOn): readonly string[] =>
  played.model.restarts.map((restart) => restart.encode_server_id);

/** What a timer hands over; `said` becomes its `user_event`. */
export const timerEvent = (said: object | undefined, at: EpochMs = T0, name = 'nightly') => ({
  version: 'v2.0',
  time: iso(at),
  trigger_type: 'TIMER',
  trigger_name: name,
  user_event: said === undefined ? '' : JSON.stringify(said),
});

/** `hosts` hosts with `each` servers, well unless `status` says otherwise. */
export function fleetOf(
  hosts: number,
  each: number,
  more: (index: number) => Readonly<Record<string, unknown>> = () => ({}),
) {
  return Array.from({ length: hosts * each }, (_, index) => ({
    ...row(`h${Math.floor(index / each)}`, `s${index}`, 1, { restart_seconds: 30 }),
    ...more(index),
  }));
}
