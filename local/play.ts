/** Plays events on one function against a local cloud in virtual time, and tells what came of them. */
import { readCloudEyeAlarm } from '../events/cloud-eye.ts';
import { isProblem } from '../events/event.ts';
import { readSmnEvent } from '../events/smn.ts';
import type { LedgerState } from '../lib/ledger/state.ts';
import { type RunFacts, runFacts } from '../lib/report/facts.ts';
import { between, type DurationMs, type EpochMs, iso } from '../lib/time.ts';
import { virtualClock } from './clock.ts';
import type { FunctionLimits } from './deployment.ts';
import type { FaultInstance } from './faults/index.ts';
import type { FleetRow, Model } from './model/index.ts';
import { startScene } from './scene.ts';

export interface Plan {
  readonly functionName: string;
  /** One invocation each, in turn; the clock moves on to an event's own time. */
  readonly events: readonly unknown[];
  readonly fleet: readonly FleetRow[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ledger: LedgerState;
  readonly faults: readonly FaultInstance[];
  /** Where the clock starts. */
  readonly start: EpochMs;
  readonly region: string;
  readonly projectId: string;
  readonly limits?: FunctionLimits;
  /** What else happens in the cloud, and how long after the start. */
  readonly happenings?: readonly Happening[];
}

export interface Happening {
  readonly after: DurationMs;
  readonly does: (model: Model, now: EpochMs) => void;
}

export interface Played {
  readonly runs: readonly RunFacts[];
  readonly ignored: readonly { readonly event: number; readonly record: number; readonly reason: string }[];
  readonly reports: readonly {
    readonly message_id: string;
    readonly topic_urn: string;
    readonly at: string;
    readonly subject: string;
    readonly messages: Readonly<Record<string, string>>;
  }[];
  /** How often the cloud was asked what. */
  readonly calls: Readonly<Record<string, number>>;
  readonly failed?: readonly { readonly event: number; readonly error: string }[];
}

/** What was played, and the cloud as it was left. */
export interface PlayedOn extends Played {
  readonly model: Model;
  readonly endedAt: EpochMs;
}

export async function play(plan: Plan, writeLine: (line: string) => void): Promise<PlayedOn> {
  const { functionName, events, start, ledger, settings } = plan;
  const clock = virtualClock(start);
  const scene = await startScene({ ...plan, clock, writeLine });
  for (const { after, does } of plan.happenings ?? []) {
    void clock.sleep(after).then(() => does(scene.model, clock.now()));
  }
  const ignored: Played['ignored'][number][] = [];
  const failed: { event: number; error: string }[] = [];
  try {
    for (const [index, event] of events.entries()) {
      const later = between(clock.now(), timeOf(event) ?? clock.now());
      if (later > 0) await clock.sleep(later);
      try {
        const answer = (await scene.invoke(functionName, event)) as Pick<Played, 'ignored'>;
        ignored.push(...answer.ignored.map((entry) => ({ ...entry, event: index })));
      } catch (error) {
        failed.push({ event: index, error: (error as Error).message });
      }
    }
  } finally {
    await scene.close();
  }
  const { model, cloud } = scene;
  return {
    runs: [...ledger.runs.values()].map(runFacts),
    ignored,
    reports: model.mailbox
      .filter((mail) => mail.topic_urn === settings['report_topic'])
      .map((mail) => ({ ...mail, at: iso(mail.at) })),
    calls: cloud.calls(),
    ...(failed.length === 0 ? {} : { failed }),
    model,
    endedAt: clock.now(),
  };
}

/** The event's own time: the alarm's, or that of its SMN message. */
export function timeOf(event: unknown): EpochMs | undefined {
  for (const record of readSmnEvent(event)) {
    if (isProblem(record)) continue;
    const alarm = readCloudEyeAlarm(record.message);
    const time = (isProblem(alarm) ? undefined : alarm.time) ?? record.timestamp;
    if (time !== undefined) return time;
  }
  return undefined;
}

/** The first topic that an event came from; a reasonable invention when none tells. */
export function topicOf(events: readonly unknown[]): string {
  const records = events.flatMap((event) => readSmnEvent(event));
  const urns = records.flatMap((record) => (isProblem(record) ? [] : [record.topicUrn]));
  const usable = urns.find((urn) => TOPIC.test(urn));
  return usable ?? 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';
}

const TOPIC = /^urn:smn:[a-z]{2}-[a-z]+-\d{1,3}:[A-Za-z0-9]+:[A-Za-z0-9_-]{1,255}$/;

/** What the settings leave open, and where the local cloud has to be for it: active, and the event's own topic. */
export function settingsFor(events: readonly unknown[], given: Readonly<Record<string, unknown>>) {
  const urn = topicOf(events);
  const [, , topicRegion = '', topicProject = ''] = urn.split(':');
  const region = typeof given['region'] === 'string' ? given['region'] : topicRegion;
  const reportTopic = given['report_topic'];
  const projectId = typeof reportTopic === 'string' ? (reportTopic.split(':')[3] ?? '') : topicProject;
  const settings = {
    mode: 'active',
    alarm_topics: [urn],
    report_topic: `urn:smn:${region}:${projectId}:encode-restart-reports`,
    ...given,
    region,
  };
  return { region, projectId, settings };
}
