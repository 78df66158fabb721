/** The world that a history is played in: time, the cloud's model, the ledger, the book, and what strikes when. */
import { type EpochMs, epochMs, milliseconds } from '../../lib/time.ts';
import { addFunction, addTopic, createModel } from '../../local/model/index.ts';
import type { Model } from '../../local/model/state.ts';
import { type Book, createBook } from '../book/book.ts';
import { type Dice, diceOf } from '../history/dice.ts';
import type { Blow, History, Period, Trouble } from '../history/history.ts';
import { ALARM_TOPIC, PAGE_TOPIC, PROJECT, REGION, REPORT_TOPIC, RESULTS_TOPIC, START } from './places.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { Store } from './store.ts';
import { createTally, type Tally } from './tally.ts';

export interface Stage {
  readonly history: History;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly store: Store;
  readonly book: Book;
  readonly tally: Tally;
  readonly dice: Dice;
  readonly trace: ((line: () => string) => void) | undefined;
  /** The blow that falls on this meeting. */
  blowAt(op: string, side: 'before' | 'after'): Blow | undefined;
  troubleAt(op: string): Trouble | undefined;
  isIll(what: Period['what']): boolean;
}

export function createStage(
  history: History,
  { store, trace }: { store: Store; trace?: Stage['trace'] },
): Stage {
  const { seed, fleet, platform, strikes, periods } = history;
  const scheduler = createScheduler(START);
  const model = createModel({
    fleet,
    region: REGION,
    projectId: PROJECT,
    behaviour: {
      maxIdsPerRestart: platform.maxIds,
      restartTakes: (row) => milliseconds((row.restart_seconds ?? 30) * 1_000),
      listLag: () => milliseconds(platform.listLag),
      alreadyRestarting: platform.alreadyRestarting,
      jobOfTheLost: () => platform.jobOfTheLost,
      ...(platform.jobRetention === undefined ? {} : { jobRetention: milliseconds(platform.jobRetention) }),
    },
  });
  for (const topic of [ALARM_TOPIC, REPORT_TOPIC, PAGE_TOPIC, RESULTS_TOPIC]) addTopic(model, topic);
  addFunction(model, `urn:fss:${REGION}:project:function:default:patrol:latest`);
  const tally = createTally();

  const blows = new Map<string, Map<number, Blow>>();
  const troubles = new Map<string, Map<number, Trouble>>();
  for (const strike of strikes) {
    const isBlow = 'blow' in strike;
    const key = isBlow ? `${strike.op}/${strike.side}` : strike.op;
    const places: Map<string, Map<number, unknown>> = isBlow ? blows : troubles;
    const ofOp = places.get(key) ?? new Map<number, unknown>();
    places.set(key, ofOp.set(strike.nth, isBlow ? strike.blow : strike.trouble));
  }
  const met = new Map<string, number>();
  const next = <Value>(places: Map<string, Map<number, Value>>, key: string): Value | undefined => {
    const ofKey = places.get(key);
    if (ofKey === undefined || elapsed() > history.calmAt) return undefined;
    const count = (met.get(key) ?? 0) + 1;
    met.set(key, count);
    return ofKey.get(count);
  };
  const elapsed = () => scheduler.now() - START;

  return {
    history,
    scheduler,
    model,
    store,
    book: createBook(model),
    tally,
    dice: diceOf(seed ^ 0x5eed),
    trace,
    blowAt: (op, side) => next(blows, `${op}/${side}`),
    troubleAt(op) {
      const trouble = next(troubles, op);
      if (trouble !== undefined) tally.struck(`${op} ${trouble}`, scheduler.now());
      return trouble;
    },
    isIll(what) {
      const now = elapsed();
      const is = periods.some((period) => period.what === what && period.from <= now && now < period.until);
      if (is) tally.struck(what, scheduler.now());
      return is;
    },
  };
}

export const momentOf = (at: number): EpochMs => epochMs(START + at);
