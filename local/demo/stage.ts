/** The local cloud with its functions, and the ways in which the world calls them: alarms, timers, people. */
import { emptyState, type LedgerState } from '../../lib/ledger/state.ts';
import { after, between, type DurationMs, type EpochMs, milliseconds, minutes } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Intercepted, Reply } from '../cloud/index.ts';
import type { FaultInstance } from '../faults/index.ts';
import { smnEvent } from '../host.ts';
import { clearAlarm, type FleetRow, functionUrn, type Model, raiseAlarm, subscribe } from '../model/index.ts';
import { type Scene, startScene } from '../scene.ts';
import { apigEvent, timerEvent } from './events.ts';
import { mortalClock } from './mortal.ts';

export const REGION = 'cn-north-4';
export const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const topic = (name: string): string => `urn:smn:${REGION}:${PROJECT}:${name}`;
export const TOPICS = {
  alarms: topic('encode-alarms'),
  reports: topic('encode-restart-reports'),
  pages: topic('encode-restart-pages'),
} as const;

export type Tone = 'plain' | 'bad' | 'good';

/** Whoever watches: it sees what the world does, what the functions log and what they ask of the cloud. */
export interface Onlooker {
  says(who: string, what: string, tone?: Tone): void;
  readLog(line: string): void;
  /** Once the answer is decided; the cloud is as it is then. */
  sawCall(call: Intercepted, reply: Reply, stage: Pick<Stage, 'model' | 'ledger'>): void;
}

export interface StageOptions {
  readonly clock: LocalClock;
  readonly fleet: readonly FleetRow[];
  readonly onlooker: Onlooker;
  /** What differs from `active` with its topics for alarms, reports and pages. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly ledger?: LedgerState;
  readonly faults?: readonly FaultInstance[];
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface Delivery {
  /** How often SMN hands it over, at once; once unless it says otherwise. */
  readonly deliveries?: number;
  /** The platform kills the function so long after the delivery. */
  readonly diesAfter?: DurationMs;
}

export interface Stage {
  readonly clock: LocalClock;
  readonly model: Model;
  readonly ledger: LedgerState;
  readonly settings: Readonly<Record<string, unknown>>;
  /** How often the cloud was asked what. */
  calls(): Readonly<Record<string, number>>;
  /** Cloud Eye raises an alarm on a host. The result delivers it once more. */
  alarm(serverId: string, how?: Delivery): () => void;
  /** The alarm of a host is over. */
  recovery(serverId: string): void;
  /** The nightly timer is due; `due` when it should have come. */
  nightly(userEvent?: object, due?: EpochMs): void;
  /** A person calls the webhook, as curl would through the gateway. */
  http(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>;
  /** The minute's timer calls `patrol` at every full minute of the next `span`. */
  patrolFor(span: DurationMs): void;
  /** Resolves when every invocation has ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { onlooker, faults = [], fleet, secrets = {} } = options;
  const ledger = options.ledger ?? emptyState();
  const clock = mortalClock(options.clock);
  const settings = {
    region: REGION,
    mode: 'active',
    alarm_topics: [TOPICS.alarms],
    report_topic: TOPICS.reports,
    page_topic: TOPICS.pages,
    ...options.settings,
  };
  const watching: FaultInstance = {
    async intercept(call, proceed) {
      const reply = await proceed();
      onlooker.sawCall(call, reply, stage);
      return reply;
    },
  };
  const scene: Scene = await startScene({
    clock,
    fleet,
    region: REGION,
    projectId: PROJECT,
    settings,
    faults: [watching, ...faults],
    ledger,
    writeLine: onlooker.readLog,
    secrets,
  });
  const { model } = scene;
  const underWay = new Set<Promise<unknown>>();
  let calls = 0;
  let delivery: Delivery = {};
  let lastAlarm: object = {};
  subscribe(model, TOPICS.alarms, {
    name: 'alarm',
    deliver(notification) {
      const { deliveries = 1, diesAfter } = delivery;
      lastAlarm = smnEvent({ functionUrn: functionUrn(model, 'alarm'), ...notification });
      for (let turn = 0; turn < deliveries; turn += 1) call('alarm', lastAlarm, diesAfter);
    },
  });

  const stage: Stage = {
    clock,
    model,
    ledger,
    settings,
    calls: scene.cloud.calls,
    alarm(serverId, how = {}) {
      delivery = how;
      raiseAlarm(model, TOPICS.alarms, serverId, clock.now());
      const event = lastAlarm;
      return () => call('alarm', event);
    },
    recovery(serverId) {
      delivery = {};
      clearAlarm(model, TOPICS.alarms, serverId, clock.now());
    },
    nightly: (userEvent, due = clock.now()) =>
      call('schedule', timerEvent('nightly', due, userEvent === undefined ? '' : JSON.stringify(userEvent))),
    async http(method, path, body, headers = {}) {
      calls += 1;
      const event = apigEvent(method, path, body, headers, calls);
      const { statusCode, body: text } = (await scene.invoke('webhook', event)) as ApigAnswer;
      return { status: statusCode, body: text === '' ? undefined : JSON.parse(text) };
    },
    patrolFor: (span) => track(patrolUntil(after(clock.now(), span))),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
      await scene.settled();
    },
    close: () => scene.close(),
  };
  return stage;

  function track(work: Promise<unknown>): void {
    const done = work.finally(() => underWay.delete(done));
    underWay.add(done);
  }

  /** Its failure is a line in the log of the function, or the platform's own: it killed it. */
  function call(name: string, event: object, diesAfter?: DurationMs): void {
    const invoke = () => scene.invoke(name, event);
    const work = diesAfter === undefined ? invoke() : clock.until(after(clock.now(), diesAfter), invoke);
    track(
      work.catch((error: { code?: unknown }) => {
        if (error.code === KILLED) onlooker.says('platform', `kills the function ${name}`, 'bad');
      }),
    );
  }

  async function patrolUntil(end: EpochMs): Promise<void> {
    for (;;) {
      const wait = milliseconds(MINUTE - (clock.now() % MINUTE));
      if (after(clock.now(), wait) > end) return;
      await clock.sleep(wait);
      call('patrol', timerEvent('every-minute', clock.now(), ''));
    }
  }
}

const MINUTE = minutes(1);
/** `invoke timeout` of the local host. */
const KILLED = 4010;

interface ApigAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/** Waits until so long after `start`. */
export async function waitUntil(clock: LocalClock, start: EpochMs, span: DurationMs): Promise<void> {
  const left = between(clock.now(), after(start, span));
  if (left > 0) await clock.sleep(left);
}
