/** Judges the claims of a storm: they go in rounds (I2). */
import type { EpochMs } from '../../lib/time.ts';
import { type Book, type Claim, overrides, violate } from './book.ts';
import { isStormy, stillTroubled } from './shown.ts';

/** One canary, and twice as many after each round that came back: rounds of ten minutes. */
const ROUND_LASTS = 600_000;
/** A round begins by the clock of whoever claims, at its look; the next may be another's, whose clock errs otherwise. */
const MARGIN = 3_000;
/** The engine may take for a storm, and count a canary in, what did not look like one to the book, or not all the time. */
const REMEMBERED = 3_600_000;

export function judgeStorm(book: Book, claim: Claim, now: EpochMs): void {
  const { witness } = claim;
  const { lists } = witness;
  const isShown =
    lists.length > 0 && lists.every((list) => isStormy(book, witness, stillTroubled(book, witness, list)));
  if (!isShown || overrides(claim, 'storm')) return;
  book.storm ??= { since: now, gone: 0 };
  const { storm } = book;
  const recovered = book.claims.filter(({ recovered, at }) => recovered && now - at < REMEMBERED).length;
  const room = 1 + 2 * recovered + Math.floor((now - storm.since + MARGIN) / ROUND_LASTS);
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
