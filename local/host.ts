/** A FunctionGraph that calls handlers in this process: events and results as JSON, a time limit, error shapes. */
import { between, seconds } from '../lib/time.ts';
import type { LocalClock } from './clock.ts';
import { createContext, type FunctionContext, type FunctionCredentials } from './context.ts';
import { hexId } from './model/ids.ts';
import type { Notification } from './model/state.ts';

export type { FunctionContext, FunctionCredentials } from './context.ts';

export interface Invocation {
  readonly name: string;
  readonly handler: (event: unknown, context: unknown) => Promise<unknown>;
  readonly event: unknown;
  /** The function's environment, secrets included; 4,096 characters in all on the platform. */
  readonly userData: Readonly<Record<string, string>>;
  /** Absent: the function has no agency. */
  readonly credentials?: FunctionCredentials;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly clock: Pick<LocalClock, 'now' | 'limit'>;
  /** Takes the function's log, a line a call, the platform's own lines included. */
  readonly log: (line: string) => void;
  /** SMN, timers and `invocations-async` call asynchronously, APIG and `invocations` synchronously. */
  readonly mode?: 'async' | 'sync';
  readonly projectId?: string;
  readonly requestId?: string;
}

/** The body that the platform answers with when a function failed. */
export interface InvocationErrorBody {
  readonly errorMessage: string;
  readonly errorType: string;
  readonly stackTrace?: readonly string[];
}

/** 4002 the handler threw, 4008 its result is too big, 4010 its time was up, 4040 the event is too big. */
export type InvocationErrorCode = 4002 | 4008 | 4010 | 4040;

export interface InvocationError extends Error {
  readonly code: InvocationErrorCode;
  readonly body: InvocationErrorBody;
}

const SYNC_BYTES = 6_291_456;
const ASYNC_BYTES = 256 * 1_024;

let invocations = 0;

/**
 * Calls a handler once and resolves to its result as the platform would send it. Rejects with an
 * `InvocationError`. A handler whose time is up cannot be stopped in this process, but what it still comes to is
 * ignored.
 */
export async function invokeFunction(invocation: Invocation): Promise<unknown> {
  const { handler, clock, log, timeoutSeconds, mode = 'async' } = invocation;
  invocations += 1;
  const requestId = invocation.requestId ?? uuid(hexId(`invocation ${invocations}`));
  const eventText = JSON.stringify(invocation.event) ?? 'null';
  if (Buffer.byteLength(eventText) > (mode === 'async' ? ASYNC_BYTES : SYNC_BYTES)) {
    throw invocationError(4040, { errorMessage: 'request body too big', errorType: 'Error' });
  }
  const startedAt = clock.now();
  const context = createContext({
    requestId,
    name: invocation.name,
    projectId: invocation.projectId ?? 'local-project',
    userData: invocation.userData,
    ...(invocation.credentials === undefined ? {} : { credentials: invocation.credentials }),
    timeoutMs: timeoutSeconds * 1_000,
    memoryMb: invocation.memoryMb,
    startedAt,
    clock,
    log,
  });
  log(`Start invoke request '${requestId}', version: latest`);
  const limit = clock.limit(seconds(timeoutSeconds));
  try {
    const result = await Promise.race([run(handler, JSON.parse(eventText), context), timeUp(limit.signal)]);
    return delivered(result, mode);
  } finally {
    limit.clear();
    const spent = between(startedAt, clock.now());
    log(`Finish invoke request '${requestId}', duration: ${spent}ms, billing duration: ${spent}ms`);
  }
}

/** The event as FunctionGraph's SMN trigger shapes it. */
export function smnEvent({
  functionUrn,
  topic_urn,
  message,
  subject,
  message_id,
  timestamp,
}: Notification & { readonly functionUrn: string }): object {
  return {
    record: [
      {
        event_version: '1.0',
        event_source: 'smn',
        event_subscription_urn: functionUrn,
        smn: {
          topic_urn,
          timestamp,
          message_attributes: null,
          message,
          type: 'notification',
          message_id,
          subject,
        },
      },
    ],
  };
}

/** The handler's result as JSON text; its errors in the platform's shape. */
async function run(
  handler: Invocation['handler'],
  event: unknown,
  context: FunctionContext,
): Promise<string | undefined> {
  try {
    return JSON.stringify(await handler(event, context));
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    throw invocationError(
      4002,
      {
        errorMessage: `function invocation exception, error: [${error.message}]`,
        errorType: error.name,
        stackTrace: (error.stack ?? '')
          .split('\n')
          .slice(1)
          .map((line) => line.trim()),
      },
      cause,
    );
  }
}

const timeUp = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const tooLate = () =>
      reject(invocationError(4010, { errorMessage: 'invoke timeout', errorType: 'Error' }));
    if (signal.aborted) tooLate();
    else signal.addEventListener('abort', tooLate, { once: true });
  });

/** Too much for a synchronous caller is an error; nobody waits for the result of an asynchronous call. */
function delivered(text: string | undefined, mode: 'async' | 'sync'): unknown {
  if (text === undefined) return null;
  const bytes = Buffer.byteLength(text);
  if (mode === 'async' && bytes > ASYNC_BYTES) return null;
  if (bytes > SYNC_BYTES) {
    throw invocationError(4008, { errorMessage: 'response body too big', errorType: 'Error' });
  }
  return JSON.parse(text);
}

function invocationError(
  code: InvocationErrorCode,
  body: InvocationErrorBody,
  cause?: unknown,
): InvocationError {
  return Object.assign(new Error(body.errorMessage, { cause }), { name: 'InvocationError', code, body });
}

const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
