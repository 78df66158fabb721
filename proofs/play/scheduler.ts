/**
 * Virtual time: what is due next happens as soon as everything before it has run to its end. A tick of Node comes
 * after all promises that can go on without time, so one tick between two moments is enough, and costs no real wait.
 */
import type { EpochMs } from '../../lib/time.ts';

export interface Scheduler {
  now(): EpochMs;
  /** The result takes it back, if it has not happened yet. */
  at(moment: EpochMs, run: () => void): () => void;
  /** Time stands still until that has come to its end: somebody outside has to answer. */
  during(work: Promise<unknown>): void;
  /** Goes on until nothing is due any more or `isOver`. */
  run(isOver: () => boolean): Promise<void>;
}

interface Due {
  readonly moment: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export function createScheduler(start: EpochMs): Scheduler {
  const heap: Due[] = [];
  let now: number = start;
  let order = 0;
  let held = 0;
  let onRelease: (() => void) | undefined;
  let failed: { readonly error: unknown } | undefined;

  return {
    now: () => now as EpochMs,
    at(moment, run) {
      order += 1;
      const due: Due = { moment, order, run };
      push(heap, due);
      return () => {
        due.run = undefined;
      };
    },
    during(work) {
      held += 1;
      work.then(release, (error: unknown) => {
        failed = { error };
        release();
      });
    },
    run: (isOver) =>
      new Promise((resolve, reject) => {
        function pump(): void {
          if (held > 0) {
            onRelease = pump;
            return;
          }
          if (failed !== undefined) {
            reject(failed.error);
            return;
          }
          const next = isOver() ? undefined : nextIn(heap);
          if (next?.run === undefined) {
            resolve();
            return;
          }
          if (next.moment > now) now = next.moment;
          try {
            next.run();
          } catch (error) {
            reject(error);
            return;
          }
          afterAllPromises(pump);
        }
        afterAllPromises(pump);
      }),
  };

  function release(): void {
    held -= 1;
    if (held > 0 || onRelease === undefined) return;
    const goOn = onRelease;
    onRelease = undefined;
    afterAllPromises(goOn);
  }
}

/** A tick asked for by a promise comes when no promise has anything left to do. */
function afterAllPromises(run: () => void): void {
  queueMicrotask(() => process.nextTick(run));
}

/** What was taken back is passed over, and moves no time. */
function nextIn(heap: Due[]): Due | undefined {
  let next = pop(heap);
  while (next !== undefined && next.run === undefined) next = pop(heap);
  return next;
}

const isBefore = (a: Due, b: Due): boolean =>
  a.moment < b.moment || (a.moment === b.moment && a.order < b.order);

function push(heap: Due[], due: Due): void {
  let index = heap.length;
  heap.push(due);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above] as Due;
    if (!isBefore(due, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const isRight = right < heap.length && isBefore(heap[right] as Due, heap[left] as Due);
    const below = isRight ? right : left;
    const child = heap[below] as Due;
    if (!isBefore(child, last)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
  return first;
}
