/**
 * Patrol speaks for itself when the ledger does not answer. What has to be remembered cannot be, so nothing is kept
 * for later: it is said at two minutes of every hour, straight to whoever is on call.
 */
import { type LedgerAway, ledgerAwayIn } from '../ledger/ledger.ts';
import type { Notice } from '../messages.ts';
import { noticeMessage } from '../report/notice.ts';
import { type EpochMs, minutes } from '../time.ts';
import { publish, reportOptions } from './send.ts';
import type { Until, World } from './world.ts';

const HALF_HOUR = minutes(30);
const MINUTE = minutes(1);

/** What one instance remembers by itself from one invocation to the next; a new one knows nothing. */
export interface LedgerMemory {
  /** What came of the invocation before. */
  was?: 'answering' | 'away';
  awaySince?: EpochMs;
  /** The half hour in which it was last told. */
  toldIn?: number;
}

export function ledgerAnswered(memory: LedgerMemory): void {
  memory.was = 'answering';
  delete memory.awaySince;
}

/**
 * Tells people if that is why patrol failed, and if it is time to: `begunAt` is when the invocation began. The failure
 * itself is the caller's to throw.
 */
export async function tellIfLedgerAway(
  error: unknown,
  begunAt: EpochMs,
  memory: LedgerMemory,
  world: World,
  until: Until,
): Promise<void> {
  const away = ledgerAwayIn(error);
  if (away === undefined) return;
  const isKnown = memory.was !== undefined;
  memory.was = 'away';
  memory.awaySince ??= begunAt;
  const halfHour = Math.floor(begunAt / HALF_HOUR);
  // The platform may deliver a minute's event again.
  if (begunAt % HALF_HOUR >= MINUTE || memory.toldIn === halfHour) return;
  const isTold = await tell(away, isKnown ? memory.awaySince : undefined, world, until);
  if (isTold) memory.toldIn = halfHour;
}

/** Whether SMN took it. */
async function tell(
  away: LedgerAway,
  since: EpochMs | undefined,
  world: World,
  { word }: Until,
): Promise<boolean> {
  const { clock, log, settings } = world;
  const known = since === undefined ? {} : { since };
  const notice: Notice = { code: 'ledger_away', at: clock.now(), ...known, ...away };
  const { reportTopic, pageTopic = reportTopic } = settings;
  const message = noticeMessage(notice, reportOptions(world));
  const published = pageTopic === undefined ? undefined : await publish(pageTopic, message, world, word);
  if (published?.kind === 'taken') {
    log.info('notice', { ...notice, message_id: published.messageId });
    return true;
  }
  log.error('notice, in full: it could not be published', { ...notice, content: message.messageStructure });
  return false;
}
