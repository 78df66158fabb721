/** Plays the histories of a range of seeds, and finds the shortest one that shows what one of them broke. */
import { drawHistory } from '../history/draw.ts';
import type { History } from '../history/history.ts';
import { play } from '../play/play.ts';
import type { StoreKind } from '../play/store.ts';
import { addTally, createTally, type PlainTally, plainTally } from '../play/tally.ts';
import { playTraced } from './fingerprint.ts';
import { shrink } from './shrink.ts';

export interface Range {
  /** The first seed, and how many from there on. */
  readonly from: number;
  readonly count: number;
  readonly store: StoreKind;
  /** Goes on after a violation, and only counts. */
  readonly isSurvey: boolean;
}

export interface Broken {
  readonly seed: number;
  readonly step: number;
  readonly invariant: string;
  readonly says: string;
}

export interface PlayedRange {
  readonly tally: PlainTally;
  readonly broken: readonly Broken[];
}

export async function playRange({ from, count, store, isSurvey }: Range): Promise<PlayedRange> {
  const sum = createTally();
  const broken: Broken[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const { tally, violation } = await play(drawHistory(seed), { store });
    addTally(sum, plainTally(tally));
    if (violation === undefined) continue;
    const { step, invariant, says } = violation;
    broken.push({ seed, step, invariant, says });
    if (!isSurvey) break;
  }
  return { tally: plainTally(sum), broken };
}

export interface Shortest {
  readonly history: History;
  readonly lines: readonly string[];
  readonly broken: Broken;
}

/** The shortest history found that breaks the same promise, with its trace. */
export async function shortestOf(broken: Broken, store: StoreKind): Promise<Shortest> {
  const { seed, invariant } = broken;
  const history = await shrink(drawHistory(seed), invariant, store);
  const { lines, played } = await playTraced(history, store);
  const { step = broken.step, says = broken.says } = played.violation ?? {};
  return { history, lines, broken: { seed, step, invariant, says } };
}
