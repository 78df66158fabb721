/** Worker threads that share a range of seeds; what they come to is the same for one as for many. */
import { Worker } from 'node:worker_threads';
import { addTally, createTally, type Tally } from '../play/tally.ts';
import { type Bundle, bundle, type Change } from './bundle.ts';
import type { Broken, Range, Shortest } from './player.ts';
import type { Order, Result } from './worker.ts';

/** Seeds in one order: few enough that nobody waits long for the last. */
const AT_A_TIME = 25;
/** Most of what is made lives for one step: more room for it means fewer collections. */
const YOUNG_MB = 64;

export interface Crew {
  play(wanted: Range, onProgress?: (sum: Tally) => void): Promise<Outcome>;
  shorten(broken: Broken, store: Range['store']): Promise<Shortest>;
  dismiss(): Promise<void>;
}

export interface Outcome {
  readonly tally: Tally;
  /** In the order of their seeds; the first one only, unless it is a survey. */
  readonly broken: readonly Broken[];
}

export async function createCrew(size: number, changes: readonly Change[] = []): Promise<Crew> {
  const made: Bundle = await bundle(changes);
  const workers = Array.from({ length: size }, () => {
    return new Worker(made.path, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  });

  return {
    async play({ from, count, store, isSurvey }, onProgress) {
      const tally = createTally();
      const broken: Broken[] = [];
      let next = from;
      const isOver = () => next >= from + count || (broken.length > 0 && !isSurvey);
      const works = workers.map(async (worker) => {
        while (!isOver()) {
          const order = { from: next, count: Math.min(AT_A_TIME, from + count - next), store, isSurvey };
          next += order.count;
          const played = await ordered(worker, { kind: 'play', ...order });
          if (played.kind !== 'played') throw misplaced(played);
          addTally(tally, played.tally);
          broken.push(...played.broken);
          onProgress?.(tally);
        }
      });
      await Promise.all(works);
      const inOrder = broken.sort((a, b) => a.seed - b.seed);
      return { tally, broken: isSurvey ? inOrder : inOrder.slice(0, 1) };
    },
    async shorten(broken, store) {
      const [worker] = workers;
      if (worker === undefined) throw new Error('expected a crew of at least one');
      const shortened = await ordered(worker, { kind: 'shorten', broken, store });
      if (shortened.kind !== 'shortened') throw misplaced(shortened);
      return shortened;
    },
    async dismiss() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      await made.remove();
    },
  };
}

/** One order at a time. */
function ordered(worker: Worker, order: Order): Promise<Result> {
  return new Promise((resolve, reject) => {
    const done = (end: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      end();
    };
    const onMessage = (result: Result) =>
      done(() => (result.kind === 'failed' ? reject(new Error(result.error)) : resolve(result)));
    const onError = (error: unknown) => done(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(order);
  });
}

const misplaced = ({ kind }: Result): Error => new Error(`expected the answer to an order, got "${kind}"`);
