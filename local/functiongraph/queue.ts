/**
 * Asynchronous calls: taken at once, run as soon as an instance is there, tried again and told of as the function's
 * asynchronous settings say. Without settings nothing is tried again.
 */
import { randomUUID } from 'node:crypto';
import { between, type DurationMs, type EpochMs, iso, seconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Invoke, Invoked } from './invoke.ts';
import type { AsyncConfig, DeployedFunction, Destination } from './state.ts';
import { latest } from './urn.ts';

/** Takes an event, a JSON text, and says the request's id. */
export type Enqueue = (urn: string, event: string) => string;

export interface QueueOptions {
  readonly clock: Pick<LocalClock, 'now' | 'sleep'>;
  readonly find: (urn: string) => DeployedFunction | undefined;
  readonly invoke: Invoke;
  /** Hands the event of a destination over. */
  readonly notify: (destination: Destination, event: object) => void;
  /** Is told what nobody else hears of. */
  readonly says: (line: string) => void;
  /** How long to wait before a call is tried again, for the first, second and third time. Not documented. */
  readonly waits?: readonly DurationMs[];
}

export interface Queue {
  readonly enqueue: Enqueue;
  /** Resolves when no call is under way and none waits to be tried again. */
  settled(): Promise<void>;
  /** Nothing is tried again from now on. */
  close(): void;
}

const WAITS = [seconds(10), seconds(30), seconds(60)];
const NO_SETTINGS = { max_async_retry_attempts: 0, max_async_event_age_in_seconds: 3_600 };
const RESULT_BYTES = 256 * 1_024;
/** The platform's own code for a call that finds all instances busy. */
const NO_INSTANCE = 150429;

type Ending = Pick<Invoked, 'code' | 'body'>;

export function createQueue(options: QueueOptions): Queue {
  const { clock, find, invoke, notify, says, waits = WAITS } = options;
  const underWay = new Set<Promise<void>>();
  const ended = new AbortController();

  function enqueue(urn: string, event: string): string {
    const requestId = randomUUID();
    const done = carryOut({ urn, event, requestId, takenAt: clock.now() }).finally(() =>
      underWay.delete(done),
    );
    underWay.add(done);
    return requestId;
  }

  async function carryOut(call: Asynchronous): Promise<void> {
    let ending: Ending = { code: NO_INSTANCE, body: '' };
    for (let attempt = 1; ; attempt += 1) {
      const deployed = find(call.urn);
      if (deployed === undefined) {
        says(`${call.urn}: the function is gone, and request ${call.requestId} with it`);
        return;
      }
      const settings = deployed.asyncConfig ?? NO_SETTINGS;
      if (isTooOld(call, settings)) {
        tell(call, { deployed, ending, attempts: attempt - 1, condition: 'EventAgeExceeded' });
        return;
      }
      ending = (await invoke(deployed, call.event, call.requestId)) ?? { code: NO_INSTANCE, body: '' };
      if (ending.code === 0) {
        tell(call, { deployed, ending, attempts: attempt, condition: '' });
        return;
      }
      if (attempt > settings.max_async_retry_attempts || ended.signal.aborted) {
        tell(call, { deployed, ending, attempts: attempt, condition: 'RetriesExhausted' });
        return;
      }
      await clock.sleep(waits[attempt - 1] ?? seconds(60), ended.signal);
      if (ended.signal.aborted) return;
    }
  }

  const isTooOld = (
    { takenAt }: Asynchronous,
    settings: Pick<AsyncConfig, 'max_async_event_age_in_seconds'>,
  ) => between(takenAt, clock.now()) > seconds(settings.max_async_event_age_in_seconds);

  function tell(call: Asynchronous, outcome: Outcome): void {
    const { deployed, ending } = outcome;
    const { config } = deployed;
    if (ending.code !== 0) {
      says(
        `${config.func_name}: asynchronous request ${call.requestId} failed with ${ending.code}: ${ending.body}`,
      );
    }
    const { on_success, on_failure } = deployed.asyncConfig?.destination_config ?? {};
    const destination = ending.code === 0 ? on_success : on_failure;
    if (destination !== undefined) notify(destination, destinationEvent(call, outcome));
  }

  return {
    enqueue,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: () => ended.abort(),
  };
}

interface Asynchronous {
  readonly urn: string;
  readonly event: string;
  readonly requestId: string;
  readonly takenAt: EpochMs;
}

interface Outcome {
  readonly deployed: DeployedFunction;
  readonly ending: Ending;
  readonly attempts: number;
  /** The documents leave the words open: these are ours. */
  readonly condition: '' | 'RetriesExhausted' | 'EventAgeExceeded';
}

/** What the code itself did wrong; anything else is a failure of the system. */
const CODE_ERRORS = new Set([4001, 4002]);

/** User guide, "Configuring Asynchronous Notification Policy". A result over 256 KB is dropped. */
function destinationEvent(call: Asynchronous, { ending, attempts, condition }: Outcome): object {
  const { code, body } = ending;
  const isWhole = Buffer.byteLength(body) <= RESULT_BYTES;
  return {
    timestamp: iso(call.takenAt),
    request_context: {
      request_id: call.requestId,
      function_urn: latest(call.urn),
      condition,
      approximate_invoke_count: attempts,
    },
    request_payload: call.event,
    response_context: {
      status_code: code === 0 || CODE_ERRORS.has(code) ? 200 : code,
      function_error: code === 0 ? '' : body,
    },
    response_payload: code === 0 && isWhole ? body : '',
  };
}
