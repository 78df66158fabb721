/** What people say over HTTP, by their calls: pauses, exclusions, and that what was answered with a yes was done. */

import { after, before, type EpochMs, milliseconds, parseDuration } from '../../lib/time.ts';
import type { Pause } from '../../lib/types.ts';
import { type Book, violate, type Witness } from './book.ts';

/** As long as the call says; the invocation that takes it goes by its own clock. */
export function pauseSaid({ said, begunAt, skew }: Witness): Pause | undefined {
  const { who = '', why = '', for: lasts = '' } = (said?.body ?? {}) as Readonly<Record<string, string>>;
  const span = parseDuration(lasts);
  if (span === undefined) return undefined;
  return { who, why, since: begunAt, until: before(after(begunAt, span), milliseconds(Math.abs(skew))) };
}

/** The id that a call is about: the end of its path. */
export const idSaid = ({ said }: Witness): string => said?.path.split('/')[1] ?? '';

/** By method and the beginning of the path, the step of the ledger that does what the call says. */
const STEPS: Readonly<Record<string, string>> = {
  'PUT pause': 'pause',
  'DELETE pause': 'resume',
  'PUT exclusions': 'exclude',
  'DELETE exclusions': 'include',
  'DELETE handed-over': 'acknowledge',
};

/** The call was answered: a yes has to be true. */
export function answeredCall(book: Book, witness: Witness, status: number, now: EpochMs): void {
  const { said, asked, wrote, begunAt } = witness;
  if (said === undefined || status >= 300) return;
  const call = `${said.method} ${said.path.split('/')[0]}`;
  const step = STEPS[call];
  if (step !== undefined && !wrote.has(step)) {
    violate(book, 'I3', `"${call}" is answered with ${status}, and nothing was done`, now);
  }
  const isForgotten = book.emptiedAt !== undefined && book.emptiedAt >= begunAt;
  if (asked !== undefined && !isForgotten && !book.deliveries.has(asked.deliveryId)) {
    violate(book, 'I7', `"${asked.deliveryId}" is answered with ${status}, and has no run`, now);
  }
}
