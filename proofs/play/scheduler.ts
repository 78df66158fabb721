/**
 * Virtual time: what is due next happens as soon as everything before it has run to its end. A tick of Node comes
 * after all promises that can go on without time, so one tick between two moments is enough, and costs no real wait.
 */
import type { EpochMs } from '../../lib/time.ts';

export interface Scheduler {
  now(): EpochMs;
  at(moment: EpochMs, run: () => void): void;
  /** Time stands still until `release`: somebody waits for something outside. */
  hold(): void;
  release(): void;
  /** Goes on until nothing is due any more or `isOver`. */
  run(isOver: () => boolean): Promise<void>;
}

interface Due {
  readonly moment: number;
  readonly order: number;
  readonly run: () => void;
}

export function createScheduler(start: EpochMs): Scheduler {
  const heap: Due[] = [];
  let now: number = start;
  let order = 0;
  let held = 0;
  let onRelease: (() => void) | undefined;

  return {
    now: () => now as EpochMs,
    at(moment, run) {
      order += 1;
      push(heap, { moment, order, run });
    },
    hold() {
      held += 1;
    },
    release() {
      held -= 1;
      if (held > 0 || onRelease === undefined) return;
      const goOn = onRelease;
      onRelease = undefined;
      afterAllPromises(goOn);
    },
    run: (isOver) =>
      new Promise((resolve, reject) => {
        function pump(): void {
          if (held > 0) {
            onRelease = pump;
            return;
          }
          const next = isOver() ? undefined : pop(heap);
          if (next === undefined) {
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
}

/** A tick asked for by a promise comes when no promise has anything left to do. */
function afterAllPromises(run: () => void): void {
  queueMicrotask(() => process.nextTick(run));
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
