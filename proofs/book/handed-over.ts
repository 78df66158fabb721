/** Servers that are a person's: until a restart mends them, they stay well for a whole cooldown, or they are taken back. */
import { after, type EpochMs } from '../../lib/time.ts';
import { startAgain } from './attempts.ts';
import { type Book, violate, type Witness } from './book.ts';

export function handOver(book: Book, id: string): void {
  // A ledger that was emptied since knows nothing of it, and has nobody to hand over.
  const isKnown = book.claimsOf
    .get(id)
    ?.some(({ at }) => book.emptiedAt === undefined || at > book.emptiedAt);
  if (isKnown === true && !book.handedOver.has(id)) book.handedOver.set(id, { wellSince: undefined });
}

/** `handedNow`: the time that the ledger was handed. */
export function seenWell(
  book: Book,
  { settings }: Witness,
  ids: readonly string[],
  handedNow: EpochMs,
): void {
  for (const id of ids) {
    const known = book.handedOver.get(id);
    if (known === undefined) continue;
    const { wellSince } = known;
    const isLong = wellSince !== undefined && after(wellSince, settings.cooldown) <= handedNow;
    const isInFlight = [...book.open].some((claim) => claim.id === id);
    if (isLong && !isInFlight) takeBack(book, id);
    else known.wellSince ??= handedNow;
  }
}

export function seenAbnormal(book: Book, ids: readonly string[]): void {
  for (const id of ids) {
    const known = book.handedOver.get(id);
    if (known !== undefined) known.wellSince = undefined;
  }
}

/** They are ours again, and their attempts start anew. */
export function takeBack(book: Book, id: string): void {
  if (book.handedOver.delete(id)) startAgain(book, id);
}

/** What the ledger tells of: nobody whom it has forgotten would be looked at any more. */
export function recalled(book: Book, handedOver: ReadonlySet<string>, now: EpochMs): void {
  for (const id of book.handedOver.keys()) {
    if (!handedOver.has(id))
      violate(book, 'I9', `${id} is handed over, and the ledger has forgotten it`, now);
  }
}
