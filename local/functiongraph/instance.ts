/**
 * One instance: a process that has the code loaded and takes one request at a time. Between two requests it is frozen
 * (SIGSTOP), so that nothing a function leaves behind goes on; when its time is up it is killed. It lives in real time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { type DurationMs, milliseconds, onAbort, seconds, systemClock } from '../../lib/time.ts';
import type { FunctionCredentials } from '../context.ts';
import type { AnswerMessage, InstanceMessage, InvokeMessage } from './protocol.ts';

export interface InstanceOptions {
  /** The Node.js to run. */
  readonly node: string;
  /** The bundled `child.ts`. */
  readonly script: string;
  readonly codeRoot: string;
  /** All of it: nothing of this process's own environment is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly limit: DurationMs;
  readonly initializerLimit: DurationMs;
  /** Is told each line as it is printed. */
  readonly onLine?: (line: string) => void;
}

export interface Request {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  readonly credentials?: FunctionCredentials;
}

/** What a request came to. */
export interface Came {
  /** 0, one of an answer (protocol.ts), or 4010 time up, 4012 and 4211 loading too long, 4204 died, 4205 out of memory. */
  readonly code: number;
  /** The result, or the platform's error body. JSON. */
  readonly body: string;
  /** All that the function printed, line by line. */
  readonly printed: readonly string[];
  readonly took: DurationMs;
  readonly memoryMb: number;
}

export interface Instance {
  /** Absent when it could not be started. */
  readonly pid?: number;
  /** Never rejects. Must not be called before the last one resolved. */
  run(request: Request): Promise<Came>;
  kill(): void;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
}

interface Failure {
  readonly code: number;
  readonly said: string;
}

/** The platform's is not documented; a large bundle loads well within. */
const LOAD_LIMIT = seconds(30);

/** One that cannot be started is gone at once. */
export function startInstance(options: InstanceOptions): Instance {
  const child = spawn(options.node, [`--max-old-space-size=${options.memoryMb}`, options.script], {
    cwd: options.codeRoot,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Of its own group: frozen and killed together with all that it starts.
    detached: true,
  });
  const { pid } = child;
  let lines: string[] = [];
  /** What `lines` ends with once a request is over. */
  let endMark = '';
  let gone = false;
  let notStarted: Failure | undefined;
  let stirred: () => void = () => undefined;
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      lines.push(line);
      if (line === endMark) stirred();
      else if (line !== '') options.onLine?.(line);
    });
  }
  const end = new Promise<void>((resolve) => {
    const isOver = (): void => {
      gone = true;
      stirred();
      resolve();
    };
    child.once('close', isOver);
    child.on('error', ({ message }) => {
      if (pid !== undefined) return;
      notStarted = { code: 4204, said: `the function could not be started: ${message}` };
      isOver();
    });
  });

  async function run(request: Request): Promise<Came> {
    endMark = randomUUID();
    lines = [];
    let startedAt = systemClock.now();
    let answer: AnswerMessage | undefined;
    let late: Failure | undefined;
    let endLimit = limit(LOAD_LIMIT, { code: 4012, said: 'function load timeout' });

    function limit(span: DurationMs, failure: Failure): () => void {
      const { signal, clear } = systemClock.deadline(span);
      onAbort(signal, () => {
        late = failure;
        signalAll('SIGKILL');
      });
      return clear;
    }
    function hear(message: InstanceMessage): void {
      if (message.kind === 'answer') {
        answer = message;
      } else {
        endLimit();
        startedAt = systemClock.now();
        endLimit =
          message.kind === 'initialising'
            ? limit(options.initializerLimit, { code: 4211, said: 'function initialization timeout' })
            : limit(options.limit, { code: 4010, said: 'invoke timeout' });
      }
      stirred();
    }
    child.on('message', hear);
    try {
      await new Promise<void>((resolve) => {
        stirred = () => {
          if (gone || (answer !== undefined && lines.includes(endMark))) resolve();
        };
        signalAll('SIGCONT');
        const message: InvokeMessage = { ...request, endMark };
        if (child.connected) child.send(message, () => undefined);
        stirred();
      });
    } finally {
      child.off('message', hear);
      endLimit();
      stirred = () => undefined;
    }
    const took = milliseconds(systemClock.now() - startedAt);
    const printed = beforeMark(lines, endMark);
    if (answer !== undefined && late === undefined) {
      signalAll('SIGSTOP');
      return { code: answer.code, body: answer.body, printed, took, memoryMb: answer.memoryMb };
    }
    const { code, said } = late ?? notStarted ?? death(child, printed);
    const body = JSON.stringify({ errorMessage: said, errorType: 'Error' });
    return { code, body, printed, took, memoryMb: 0 };
  }

  function signalAll(signal: 'SIGCONT' | 'SIGSTOP' | 'SIGKILL'): void {
    if (gone || pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended just now.
    }
  }

  return {
    ...(pid === undefined ? {} : { pid }),
    run,
    kill: () => signalAll('SIGKILL'),
    gone: end,
    isGone: () => gone,
  };
}

/** The mark begins with a line break of its own, which is an empty line where the last one was ended. */
function beforeMark(lines: readonly string[], mark: string): readonly string[] {
  const at = lines.indexOf(mark);
  if (at < 0) return lines;
  const before = lines.slice(0, at);
  return [...(before.at(-1) === '' ? before.slice(0, -1) : before), ...lines.slice(at + 1)];
}

function death({ exitCode, signalCode }: ChildProcess, printed: readonly string[]): Failure {
  if (printed.some((line) => line.includes('JavaScript heap out of memory')))
    return { code: 4205, said: 'out of memory' };
  return { code: 4204, said: `the process of the function ended with ${signalCode ?? `code ${exitCode}`}` };
}
