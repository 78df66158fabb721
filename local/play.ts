/** Plays events on one function against a local cloud in virtual time, and tells what came of them. */
import { readCloudEyeAlarm } from '../events/cloud-eye.ts';
import { isProblem } from '../events/event.ts';
import { readSmnEvent } from '../events/smn.ts';
import { readTimerEvent } from '../events/timer.ts';
import type { LedgerState } from '../lib/ledger/state.ts';
import { type RunFacts, runFacts } from '../lib/report/facts.ts';
import { after, between, type DurationMs, type EpochMs, iso, milliseconds } from '../lib/time.ts';
import { hasEnded } from '../lib/types.ts';
import { type LocalClock, virtualClock } from './clock.ts';
import type { FunctionLimits } from './deployment.ts';
import type { FaultInstance } from './faults/index.ts';
import type { FleetRow, Model } from './model/index.ts';
import { type Scene, type SceneOptions, startScene } from './scene.ts';

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
  /** A virtual one of its own unless somebody else looks at it too. */
  readonly clock?: LocalClock;
  /** Is shown the cloud before anything happens in it. */
  readonly meets?: (model: Model) => void;
  readonly region: string;
  readonly projectId: string;
  readonly sharedLedger?: boolean;
  readonly limits?: Readonly<Record<string, FunctionLimits>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** For so long from the start the minute's timer calls `patrol` beside everything else. */
  readonly patrolFor?: DurationMs;
  /** What else happens in the cloud, and how long after the start. */
  readonly happenings?: readonly Happening[];
  /** What invocations stand on in place of the local platform. */
  readonly instance?: NonNullable<SceneOptions['instance']>;
}

export interface Happening {
  readonly after: DurationMs;
  readonly does: (model: Model, now: EpochMs) => void;
}

export interface Played {
  /** What each event was answered with, where a caller gets to see it. */
  readonly answers?: readonly unknown[];
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
  const clock = plan.clock ?? virtualClock(start);
  const scene = await startScene({ ...plan, clock, writeLine });
  plan.meets?.(scene.model);
  for (const { after, does } of plan.happenings ?? []) {
    void clock.sleep(after).then(() => does(scene.model, clock.now()));
  }
  const ignored: Played['ignored'][number][] = [];
  const failed: { event: number; error: string }[] = [];
  const answers: unknown[] = [];
  const patrolling = patrolEveryMinute(
    scene,
    clock,
    after(start, plan.patrolFor ?? milliseconds(0)),
    writeLine,
  );
  try {
    for (const [index, event] of events.entries()) {
      const later = between(clock.now(), timeOf(event) ?? clock.now());
      if (later > 0) await clock.sleep(later);
      try {
        const answer = await scene.invoke(functionName, event);
        answers.push(answer);
        const { ignored: entries = [] } = answer as Partial<Pick<Played, 'ignored'>>;
        ignored.push(...entries.map((entry) => ({ ...entry, event: index })));
      } catch (error) {
        failed.push({ event: index, error: (error as Error).message });
      }
    }
    await patrolling;
    await scene.settled();
    if (plan.sharedLedger !== false) await carriedOn(ledger, scene, clock);
  } finally {
    await scene.close();
  }
  const { model, cloud } = scene;
  return {
    ...(functionName === 'webhook' ? { answers } : {}),
    runs: [...ledger.runs.values()].map(runFacts),
    ignored,
    reports: model.mailbox
      .filter(({ topic_urn }) => OUT.some((key) => settings[key] === topic_urn))
      .map((mail) => ({ ...mail, at: iso(mail.at) })),
    calls: cloud.calls(),
    ...(failed.length === 0 ? {} : { failed }),
    model,
    endedAt: clock.now(),
  };
}

/** The timer of a deployment: `patrol` at every full minute until `end`. */
async function patrolEveryMinute(
  scene: Scene,
  clock: LocalClock,
  end: EpochMs,
  writeLine: (line: string) => void,
): Promise<void> {
  const patrols: Promise<unknown>[] = [];
  for (;;) {
    const next = after(clock.now(), milliseconds(MINUTE - (clock.now() % MINUTE)));
    if (next > end) break;
    await clock.sleep(between(clock.now(), next));
    const event = {
      version: 'v2.0',
      time: iso(clock.now()),
      trigger_type: 'TIMER',
      trigger_name: 'every-minute',
      user_event: '',
    };
    const told = (error: Error) => writeLine(`patrol failed: ${error.message}`);
    patrols.push(scene.invoke('patrol', event).catch(told));
  }
  await Promise.all(patrols);
}

/** What is still open is carried on as the next minutes' patrols would, and nothing else is looked for. */
async function carriedOn(ledger: LedgerState, scene: Scene, clock: LocalClock): Promise<void> {
  let turnsForLetters = 5;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const runs = [...ledger.runs.values()];
    const open = runs.filter((run) => !hasEnded(run));
    const isUnsent = [...ledger.letters.values()].some(({ fate }) => fate === 'unsent');
    if (open.length === 0 && (!isUnsent || turnsForLetters-- === 0)) return;
    await clock.sleep(milliseconds(MINUTE - (clock.now() % MINUTE)));
    // A call about a run, even one that has ended, also sends what is unsent.
    for (const { runId } of open.length > 0 ? open : runs.slice(-1)) {
      await scene.invoke('patrol', { run_id: runId }).catch(() => undefined);
    }
  }
}

/** The settings that name the topics we publish to. */
const OUT = ['report_topic', 'page_topic', 'results_topic'];
const MINUTE = 60_000;
/** More minutes than a run can last. */
const MOST_TURNS = 24 * 60;

/** The event's own time: the alarm's, or that of its SMN message. */
export function timeOf(event: unknown): EpochMs | undefined {
  const timer = readTimerEvent(event);
  if (!isProblem(timer)) return timer.time;
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
