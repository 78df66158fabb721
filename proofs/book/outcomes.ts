/** Judges what a run says came of its claims: it has to be the truth (I9). */
import { after, type EpochMs, minutes, seconds } from '../../lib/time.ts';
import type { Attempt, Progress, Run, Target } from '../../lib/types.ts';
import { startAgain } from './attempts.ts';
import { type Book, type Claim, violate, type Witness } from './book.ts';
import { type Ended, judgeEvidence, judgeRecovery } from './evidence.ts';
import { handOver } from './handed-over.ts';

export function ended(
  book: Book,
  witness: Witness,
  run: Run,
  { encodeServerId: id, progress }: Target,
  before: Progress['state'] | undefined,
  now: EpochMs,
): void {
  if (!('endedAt' in progress) || progress.state === 'held') return;
  const claim = claimOf(book, run, id, progress.attempt);
  if (claim === undefined || claim.state === 'given_back') {
    violate(book, 'I9', `${id} is said to be ${progress.state} of a claim that does not stand`, now);
  }
  if (claim?.state === 'open') {
    judgeNumber(book, witness, claim, progress, now);
    judgeTime(book, claim, progress, now);
    judgeEvidence(book, witness, claim, progress, before, now);
  }
  if (claim !== undefined) claim.recovered = progress.state === 'recovered';
  if (progress.state === 'recovered') judgeRecovery(book, witness, id, progress.attempt, now);
  conclude(book, run, id, progress);
}

/** By when it was asked for: that is what the run knows it by. */
const claimOf = (book: Book, { runId }: Run, id: string, { claimedAt }: Attempt): Claim | undefined =>
  book.claimsOf.get(id)?.findLast((claim) => claim.runId === runId && claim.askedAt === claimedAt);

function conclude(book: Book, { runId }: Run, id: string, progress: Ended): void {
  const isWell = progress.state === 'recovered';
  for (const claim of book.open) {
    if (claim.id !== id || claim.runId !== runId) continue;
    claim.state = 'concluded';
    book.open.delete(claim);
    if (progress.handedOver === true) handOver(book, id);
    if (!isWell) continue;
    book.handedOver.delete(id);
    startAgain(book, id);
  }
}

function judgeNumber(book: Book, { settings }: Witness, claim: Claim, progress: Ended, now: EpochMs): void {
  const { id } = claim;
  const { number } = progress.attempt;
  // Taken back while it was restarting: whoever follows it from then on counts from the beginning.
  const isAnew = !claim.counts && number === 1;
  if (number !== claim.number && !isAnew) {
    violate(book, 'I9', `${id} is said to have had attempt ${number}, it was attempt ${claim.number}`, now);
  }
  if (progress.handedOver !== true || book.handedOverApart.has(id)) return;
  if (number < settings.maxAttempts) {
    const says = `${id} is handed over after attempt ${number} of ${settings.maxAttempts}`;
    violate(book, 'I9', says, now);
  }
}

/** For so long after its call a server may show in which state it stays; clocks of instances err a little. */
const VERIFY_WITHIN = minutes(3);
const CLOCKS_ERR = seconds(10);

function judgeTime(book: Book, { id, at }: Claim, { state }: Ended, now: EpochMs): void {
  if (state !== 'not_recovered' && state !== 'unconfirmed') return;
  if (after(now, CLOCKS_ERR) >= after(at, VERIFY_WITHIN)) return;
  violate(
    book,
    'I9',
    `${id} is said to be ${state} ${Math.round((now - at) / 1_000)} s after its claim`,
    now,
  );
}
