/** Which attempt a claim is: those of a day that were not given back, since the server last came back or was taken back. */
import { before, type EpochMs, hours } from '../../lib/time.ts';
import type { Book } from './book.ts';

const ATTEMPT_KEPT = hours(24);

/** How many count at that moment, by the time that the ledger is handed. */
export function attemptsOf(book: Book, id: string, askedAt: EpochMs): number {
  const claims = book.claimsOf.get(id) ?? [];
  return claims.filter((claim) => claim.counts && claim.askedAt > before(askedAt, ATTEMPT_KEPT)).length;
}

/** It recovered, was well for long, or a person takes it back. */
export function startAgain(book: Book, id: string): void {
  for (const claim of book.claimsOf.get(id) ?? []) claim.counts = false;
}
