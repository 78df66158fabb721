/** Which run answers what was asked, and how much the word of whoever asked counts. */
import type { EpochMs } from '../../lib/time.ts';
import type { Run } from '../../lib/types.ts';
import { type Asked, names } from './asked.ts';
import { type Book, type KnownRun, violate, type Witness } from './book.ts';

/** What the invocation that opens a run was asked for; a patrol that nobody asked repairs what is abnormal. */
export function askedOf({ asked }: Witness, { request: { deliveryId, requestedAt } }: Run): Asked {
  if (asked !== undefined) return asked;
  return { deliveryId, source: 'patrol', selector: { kind: 'abnormal' }, dryRun: false, requestedAt };
}

/** How long a delivery is recognised; an instance's clock may be ahead. */
const KNOWN_FOR = 24 * 3_600_000 - 60_000;

/** A run was opened for a delivery, or joined by it: no other may be, whoever delivers it again. */
export function answers(book: Book, runId: string, deliveryId: string, now: EpochMs): void {
  const earlier = book.deliveries.get(deliveryId);
  book.deliveries.set(deliveryId, { runId, at: now });
  if (earlier === undefined || now - earlier.at >= KNOWN_FOR) return;
  violate(book, 'I7', `"${deliveryId}" has a second run: ${runId} after ${earlier.runId}`, now);
}

/** Whether an alarm's word counts though CPH calls the server running: not by these settings, or not when it is old. */
export function isBelieved({ asked, settings, begunAt, skew }: Witness): boolean {
  if (asked?.source !== 'alarm') return true;
  const age = begunAt - asked.requestedAt;
  return settings.alarmRestart === 'named' && age <= settings.maxAge + Math.abs(skew);
}

/** Whether that very server is to be restarted though it runs. */
export const isMeantThoughWell = ({ request, isBelieved, believed }: KnownRun, id: string): boolean =>
  request.selector.kind === 'all' || (isBelieved && names(request, id)) || believed.has(id);
