/** Whether what CPH showed bears out what a run says of a restart (I9). */
import { before, type EpochMs, epochMs, minutes, seconds } from '../../lib/time.ts';
import type { Attempt, Outcome, Progress } from '../../lib/types.ts';
import { jobStatusAt } from '../../local/model/index.ts';
import { type Book, type Claim, violate, type Witness } from './book.ts';

/** How an attempt ended. */
export type Ended = Extract<Progress, { state: Exclude<Outcome, 'held'> }>;

const RUNNING = 1;
const ABNORMAL = 2;
const JOB_SUCCEEDED = 2;
/** One invocation carries several runs: what another was shown within this long need not be what this one goes by. */
const LOOKS_DIFFER = seconds(20);
/** What was shown for so long, and nothing else, every look showed. */
const EVERY_LOOK = minutes(1);

export function judgeRecovery(
  book: Book,
  witness: Witness,
  id: string,
  { claimedAt }: Attempt,
  now: EpochMs,
): void {
  // A patrol also looks beside the run that it drives: what it saw last need not be what the run was judged by.
  const { wellAt, status } = witness.servers.get(id) ?? {};
  if (wellAt !== undefined && wellAt >= claimedAt - witness.skew) return;
  const says = `${id} is said to have recovered, and was never seen so, last in status ${status}`;
  violate(book, 'I9', says, now);
}

/** `from`: the state that it was in before. */
export function judgeEvidence(
  book: Book,
  witness: Witness,
  claim: Claim,
  progress: Ended,
  from: Progress['state'] | undefined,
  now: EpochMs,
): void {
  const { id } = claim;
  switch (progress.state) {
    case 'recovered':
      if (!wasWell(claim) || wasRestarted(book, claim, now)) return;
      violate(book, 'I9', `${id}, which ran, is said to have recovered, and nothing shows a restart`, now);
      return;
    case 'not_recovered':
      if ((witness.servers.get(id)?.abnormalAt ?? 0) >= claim.at) return;
      violate(book, 'I9', `${id} is said not to have recovered, and was not seen abnormal since`, now);
      return;
    case 'unconfirmed': {
      const decidedAt = epochMs(progress.endedAt - witness.skew);
      if (from !== 'verifying' || !isShownAbnormal(witness, id, decidedAt)) return;
      violate(book, 'I9', `${id} is said to be unconfirmed, and each look showed it abnormal`, now);
      return;
    }
    case 'rejected':
      return;
  }
}

/** When it was claimed; of such a server that it runs says nothing. */
function wasWell({ shown, at }: Claim): boolean {
  if (shown?.status !== RUNNING) return false;
  return shown.abnormalAt === undefined || shown.abnormalAt < before(at, LOOKS_DIFFER);
}

/** Somebody was shown it restarting, or a job of it succeeded since. */
function wasRestarted(book: Book, { id, at }: Claim, now: EpochMs): boolean {
  const restarting = book.seenRestarting.get(id);
  if (restarting !== undefined && restarting >= before(at, LOOKS_DIFFER)) return true;
  return book.model.jobs.some(
    (job) =>
      job.encode_server_id === id && (job.endsAt ?? 0) >= at && jobStatusAt(job, now) === JOB_SUCCEEDED,
  );
}

function isShownAbnormal({ servers, blindAt }: Witness, id: string, decidedAt: EpochMs): boolean {
  const shown = servers.get(id);
  const early = before(decidedAt, EVERY_LOOK);
  if (shown?.status !== ABNORMAL || shown.since > early) return false;
  return shown.at >= before(decidedAt, LOOKS_DIFFER) && (blindAt === undefined || blindAt < early);
}
