/** Judges the claims of a storm: they go in rounds (I2). */
import type { EpochMs } from '../../lib/time.ts';
import { type Book, type Claim, overrides, violate } from './book.ts';
import { isStormy, stillTroubled } from './shown.ts';

/** One canary, and twice as many after each round that came back: rounds of ten minutes. */
const ROUND_LASTS = 600_000;

export function judgeStorm(book: Book, claim: Claim, now: EpochMs): void {
  const { witness } = claim;
  const { lists } = witness;
  const isShown =
    lists.length > 0 && lists.every((list) => isStormy(book, witness, stillTroubled(book, witness, list)));
  if (!isShown || overrides(claim, 'storm')) return;
  book.storm ??= { since: now, gone: 0, recovered: 0 };
  const { storm } = book;
  const room = 1 + 2 * storm.recovered + Math.floor((now - storm.since) / ROUND_LASTS);
  if (storm.gone >= room) {
    violate(
      book,
      'I2',
      `${claim.id} is claimed in a storm after ${storm.gone} others, allowed are ${room}`,
      now,
    );
  }
  storm.gone += 1;
  claim.isCanary = true;
}
