/**
 * What runs inside the process of an instance, on the Node.js of the platform: loads the function once, and hands it one
 * event after another with the platform's context. Bundled into one CommonJS file before it is run.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { systemClock } from '../../lib/time.ts';
import { createContext, type FunctionContext } from '../context.ts';
import type { AnswerMessage, InvokeMessage, StageMessage } from './protocol.ts';

type Callback = (error: unknown, data?: unknown) => void;
type Handler = (event: unknown, context: FunctionContext, callback: Callback) => unknown;
type Initializer = (context: FunctionContext, callback: Callback) => unknown;

const { env } = process;
const ROOT = env['RUNTIME_CODE_ROOT'] ?? '';
const MOST_BYTES = Number(env['RUNTIME_MAX_RESP_BODY_SIZE']);
const INITIALIZER_TRIES = 3;

/** A failure, and what the platform says in front of it. */
class Failed extends Error {
  readonly code: number;
  readonly during: string;
  constructor(code: number, during: string, cause: unknown) {
    super(during, { cause });
    this.code = code;
    this.during = during;
  }
}

let loaded: Handler | undefined;

// One stream, so that one mark ends it; what Node itself has to say of its end comes by the other.
process.stderr.write = process.stdout.write.bind(process.stdout) as typeof process.stderr.write;
process.on('message', (message) => void serve(message as InvokeMessage));

async function serve(message: InvokeMessage): Promise<void> {
  const context = contextOf(message);
  let said: Pick<AnswerMessage, 'code' | 'body'>;
  try {
    loaded ??= await load(context);
    tell({ kind: 'started' });
    said = fitting(await call(loaded, JSON.parse(message.event), contextOf(message)));
  } catch (error) {
    said = failure(error);
  }
  const memoryMb = process.memoryUsage.rss() / 1_048_576;
  // A pipe is written at once: whatever the function printed lies before the mark.
  process.stdout.write(`\n${message.endMark}\n`, () => tell({ kind: 'answer', ...said, memoryMb }));
}

const tell = (message: AnswerMessage | StageMessage): void => void process.send?.(message);

async function load(context: FunctionContext): Promise<Handler> {
  const handler = exported<Handler>(env['RUNTIME_HANDLER'] ?? '');
  const initializer = env['RUNTIME_INITIALIZER_HANDLER'];
  if (!initializer) return handler;
  const initialize = exported<Initializer>(initializer);
  tell({ kind: 'initialising' });
  for (let turn = 1; ; turn += 1) {
    try {
      await result(takes(initialize, 2), (callback) => initialize(context, callback));
      return handler;
    } catch (error) {
      if (turn < INITIALIZER_TRIES) continue;
      const cause = error instanceof CalledBack ? error.cause : error;
      throw new Failed(4201, 'function initialization exception', cause);
    }
  }
}

/** `src/index.handler`: the function `handler` that the file `src/index` exports. */
function exported<Fn extends (...given: never[]) => unknown>(name: string): Fn {
  const dot = name.lastIndexOf('.');
  try {
    const module: unknown = createRequire(join(ROOT, 'x.js'))(join(ROOT, name.slice(0, dot)));
    const found = (module as Record<string, unknown> | null)?.[name.slice(dot + 1)];
    if (typeof found !== 'function')
      throw new Error(`${name}: expected an exported function, got ${typeof found}`);
    return found as Fn;
  } catch (cause) {
    throw new Failed(4001, 'function entry exception', cause);
  }
}

async function call(handler: Handler, event: unknown, context: FunctionContext): Promise<string> {
  try {
    const value = await result(takes(handler, 3), (callback) => handler(event, context, callback));
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    if (error instanceof CalledBack) throw new Failed(4001, 'function entry exception', error.cause);
    throw new Failed(4002, 'function invocation exception', error);
  }
}

class CalledBack extends Error {}

const takes = (fn: { readonly length: number }, parameters: number) =>
  fn.length >= parameters ? 'callback' : 'no callback';

/** What a promise comes to; else what the callback is handed, by a function that takes one; else the plain value. */
function result(takes: 'callback' | 'no callback', run: (callback: Callback) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = run((error, data) => {
      if (error === null || error === undefined) resolve(data);
      else reject(new CalledBack('', { cause: error }));
    });
    const isPromise = typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function';
    if (isPromise || takes === 'no callback') resolve(returned);
  });
}

const fitting = (body: string): Pick<AnswerMessage, 'code' | 'body'> =>
  Buffer.byteLength(body) <= MOST_BYTES
    ? { code: 0, body }
    : { code: 4008, body: JSON.stringify({ errorMessage: 'response body too big', errorType: 'Error' }) };

function failure(error: unknown): Pick<AnswerMessage, 'code' | 'body'> {
  const { code, during, cause } =
    error instanceof Failed ? error : { code: 4002, during: 'function invocation exception', cause: error };
  const thrown = cause instanceof Error ? cause : new Error(String(cause));
  const stackTrace = (thrown.stack ?? '').split('\n').slice(1);
  const said =
    code === 4002
      ? {
          errorMessage: `${during}, error: [${thrown.message}]`,
          errorType: thrown.name,
          stackTrace: stackTrace.map((line) => line.trim()),
        }
      : { errorMessage: `${during}, error: ${thrown.message}`, errorType: 'Error' };
  process.stdout.write(`${thrown.stack ?? thrown.message}\n`);
  return { code, body: JSON.stringify(said) };
}

function contextOf({ requestId, credentials }: InvokeMessage): FunctionContext {
  return createContext({
    requestId,
    name: env['RUNTIME_FUNC_NAME'] ?? '',
    group: env['RUNTIME_PACKAGE'] ?? '',
    projectId: env['RUNTIME_PROJECT_ID'] ?? '',
    userData: JSON.parse(env['RUNTIME_USERDATA'] ?? '{}'),
    ...(credentials === undefined ? {} : { credentials }),
    timeoutMs: Number(env['RUNTIME_TIMEOUT']) * 1_000,
    memoryMb: Number(env['RUNTIME_MEMORY']),
    startedAt: systemClock.now(),
    clock: systemClock,
    log: (line) => process.stdout.write(`${line}\n`),
  });
}
