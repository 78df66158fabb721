/** One invocation of a deployed function: its request id, the platform's log lines around it, and what it came to. */
import { randomUUID } from 'node:crypto';
import { type DurationMs, hours, iso, milliseconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Host } from './host.ts';
import type { Came } from './instance.ts';
import type { DeployedFunction } from './state.ts';

export interface Invoked {
  readonly requestId: string;
  readonly code: number;
  /** JSON. */
  readonly body: string;
  /** The whole log of this request. */
  readonly log: string;
  readonly took: DurationMs;
  readonly billed: number;
  readonly memoryMb: number;
}

/** Nothing when all instances that the function may have are busy. Never rejects. */
export type Invoke = (
  deployed: DeployedFunction,
  event: string,
  requestId?: string,
) => Promise<Invoked> | undefined;

/** Longer than any function may run. */
const LONGEST = hours(24 * 4);

export function invoker(host: Host, clock: Pick<LocalClock, 'now' | 'deadline'>): Invoke {
  return (deployed, event, requestId = randomUUID()) => {
    // Processes work in real time: meanwhile a virtual clock must stand still.
    const work = clock.deadline(LONGEST);
    const begun = iso(clock.now());
    let running: Promise<Came> | undefined;
    try {
      running = host.run(deployed, requestId, event);
    } catch (error) {
      running = Promise.resolve(notStarted(error as Error));
    }
    if (running === undefined) {
      work.clear();
      return undefined;
    }
    return running
      .then((came) => described(came, deployed, requestId, [begun, iso(clock.now())]))
      .finally(() => work.clear());
  };
}

/** No room for its code, say. */
const notStarted = ({ message }: Error): Came => ({
  code: 4204,
  body: JSON.stringify({ errorMessage: `the function could not be started: ${message}`, errorType: 'Error' }),
  printed: [],
  took: milliseconds(0),
  memoryMb: 0,
});

function described(
  { code, body, printed, took, memoryMb }: Came,
  { config }: DeployedFunction,
  requestId: string,
  [begun, ended]: readonly [string, string],
): Invoked {
  const billed = Math.max(1, Math.ceil(took));
  const figures = [
    `duration: ${took.toFixed(3)}ms`,
    `billing duration: ${billed}ms`,
    `memory used: ${memoryMb.toFixed(3)}MB`,
    `billing memory: ${config.memory_size}MB`,
  ];
  const log = [
    `${begun} Start invoke request '${requestId}', version: latest`,
    ...printed,
    `${ended} Finish invoke request '${requestId}', ${figures.join(', ')}`,
  ];
  return { requestId, code, body, log: `${log.join('\n')}\n`, took, billed, memoryMb };
}
