/** Leaves out of a history what its violation does not need. */
import type { History } from '../history/history.ts';
import { play } from '../play/play.ts';
import type { StoreKind } from '../play/store.ts';

const without = <Item>(items: readonly Item[], index: number): readonly Item[] =>
  items.filter((_, place) => place !== index);

/** One thing less each, the last first: what came late is needed least. */
function* smaller(history: History): Generator<History> {
  const { happenings, strikes, periods, fleet } = history;
  for (let index = periods.length - 1; index >= 0; index -= 1)
    yield { ...history, periods: without(periods, index) };
  for (let index = strikes.length - 1; index >= 0; index -= 1)
    yield { ...history, strikes: without(strikes, index) };
  for (let index = happenings.length - 1; index >= 0; index -= 1)
    yield { ...history, happenings: without(happenings, index) };
  for (let index = fleet.length - 1; index > 0; index -= 1)
    yield { ...history, fleet: without(fleet, index) };
}

/** The shortest history found that breaks the same promise. */
export async function shrink(history: History, invariant: string, store: StoreKind): Promise<History> {
  for (const less of smaller(history)) {
    const { violation } = await play(less, { store });
    if (violation?.invariant === invariant) return shrink(less, invariant, store);
  }
  return history;
}
