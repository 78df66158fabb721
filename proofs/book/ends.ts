/** What has to be true when the faults have ended and patrol had its time: I7, I8, I9. */
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { Settings } from '../../lib/settings.ts';
import type { EpochMs } from '../../lib/time.ts';
import { hasEnded } from '../../lib/types.ts';
import { statusAt } from '../../local/model/look.ts';
import { type Book, isLeftOut, type KnownRun, type Violation, type Witness } from './book.ts';
import { untold } from './told.ts';

const RUNNING = 1;
const ABNORMAL = 2;
const IN_SERVICE = 5;

/** Everything that is not as it has to be; nothing when the history has come to its good end. */
export async function missingAtTheEnd(
  book: Book,
  ledger: Ledger,
  witness: Witness,
  now: EpochMs,
): Promise<readonly Violation[]> {
  const [unfinished, memory] = await Promise.all([ledger.unfinishedRuns(), ledger.recall([], now)]);
  const found: Violation[] = [];
  const miss = (invariant: Violation['invariant'], says: string) =>
    void found.push({ invariant, says, at: now });

  for (const run of unfinished) {
    if (!hasEnded(run)) miss('I7', `run ${run.runId} is still ${run.state}`);
    else if (run.reportedAs === undefined) miss('I8', `run ${run.runId} has ended and is not reported`);
  }
  for (const { encodeServerId, runId } of memory.inFlight) {
    miss('I7', `the intent of ${encodeServerId} in run ${runId} has no outcome`);
  }
  for (const { id, runId } of book.open) miss('I7', `the claim of ${id} in run ${runId} has no outcome`);
  for (const [runId, run] of book.runs) {
    if (!isOwedAReport(book, runId, run) || isTold(book, runId)) continue;
    miss('I8', `nobody was told of run ${runId}`);
  }
  for (const says of untold(book, witness.settings, memory.handedOver)) miss('I8', says);
  if ((await ledger.unsent()).length > 0) miss('I8', 'a letter was never sent');
  if (isToRestart(witness.settings, book.pause?.until, now)) {
    for (const [id, server] of book.model.servers) {
      const host = book.model.hosts.get(server.row.server_id);
      const isReachable = host?.status === IN_SERVICE && host.maintenance !== 'executing';
      const status = statusAt(server, now);
      if (!isReachable || status === RUNNING || isLeftOut(book, witness, id, server.row.server_id)) continue;
      if (status !== ABNORMAL || memory.handedOver.has(id)) continue;
      miss('I9', `${id} is abnormal and handed over to nobody`);
    }
  }
  return found;
}

function isToRestart(settings: Settings, pausedUntil: EpochMs | undefined, now: EpochMs): boolean {
  return settings.mode === 'active' && (pausedUntil === undefined || pausedUntil <= now);
}

/** A run that restarted something; one that a timer or a person asked for is always answered. */
function isOwedAReport(book: Book, runId: string, { request, last, forgotten }: KnownRun): boolean {
  if (forgotten) return false;
  if (request.source === 'timer' || request.source === 'http') return last.targets.length > 0;
  return book.claims.some((claim) => claim.runId === runId && claim.state === 'concluded');
}

function isTold(book: Book, runId: string): boolean {
  return (
    book.model.mailbox.some(({ messages }) => messages['functionstage']?.includes(runId) === true) ||
    book.logged.some((text) => text.includes(runId))
  );
}
