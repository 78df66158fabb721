/** Says of one target, in any language, what came of it and why, and what may happen next. */
import type { EpochMs } from '../time.ts';
import type { Attempt, Hold, PlatformError, Progress } from '../types.ts';
import { reasonText } from './reasons.ts';
import { errorText, moment, type Standing, type Words } from './words.ts';

/** A target that was attempted and has its outcome. */
type Ended = Extract<Progress, { readonly attempt: Attempt; readonly endedAt: EpochMs }>;

const STANDING: Readonly<Record<Progress['state'], Standing>> = {
  waiting: 'unfinished',
  claimed: 'unfinished',
  unknown: 'unfinished',
  accepted: 'unfinished',
  verifying: 'unfinished',
  recovered: 'recovered',
  not_recovered: 'not_recovered',
  rejected: 'rejected',
  unconfirmed: 'unconfirmed',
  held: 'held',
};

export const standingOf = ({ state }: Progress): Standing => STANDING[state];

export const attemptOf = (progress: Progress): Attempt | undefined =>
  'attempt' in progress ? progress.attempt : undefined;

export const holdsOf = (progress: Progress): readonly Hold[] => ('holds' in progress ? progress.holds : []);

/** What the answer said against the restart, else what its job said. */
export const errorOf = (attempt: Attempt | undefined): PlatformError | undefined =>
  attempt?.error ?? attempt?.job?.error;

/** Held by nothing but the mode or a dry run: it would have been restarted. */
export const wouldRestart = (progress: Progress): boolean =>
  progress.state === 'held' &&
  progress.holds.length > 0 &&
  progress.holds.every(({ guard }) => guard === 'mode');

/** From when on something may happen: the next attempt, or the first guard's yes. */
export function untilOf(progress: Progress): EpochMs | undefined {
  if ('until' in progress) return progress.until;
  if (progress.state === 'waiting' && progress.notBefore !== undefined) return progress.notBefore;
  return holdsOf(progress)[0]?.until;
}

/** Why it is as it is, without what may happen next; `undefined` where the outcome says it all. */
export function why(progress: Progress, words: Words): string | undefined {
  const [hold] = holdsOf(progress);
  if (hold !== undefined) return reasonText(hold.reason, words);
  const error = errorOf(attemptOf(progress));
  const noting = (what: string) => (error === undefined ? what : words.withError(what, errorText(error)));
  switch (progress.state) {
    case 'recovered':
      return error === undefined ? undefined : noting(recovery(progress, words));
    case 'not_recovered':
      return noting(words.notRecovered(progress.attempt.number));
    case 'rejected':
      return words.rejected(error === undefined ? '?' : errorText(error));
    case 'unconfirmed':
      return noting(wasAccepted(progress.attempt) ? words.notSeenAgain() : words.answerLost());
    case 'held':
      return undefined;
    default:
      return noting(words.underWay(progress.state));
  }
}

/** The whole of it, for the last column of a table. */
export function sentence(progress: Progress, words: Words): string {
  if (progress.state === 'recovered') return why(progress, words) ?? recovery(progress, words);
  const holds = holdsOf(progress);
  const parts = holds.length > 0 ? [holdsText(holds, words)] : [why(progress, words) ?? ''];
  if (progress.state === 'waiting') parts.unshift(...(holds.length > 0 ? [words.underWay('waiting')] : []));
  if ('attempt' in progress && 'endedAt' in progress) parts.push(next(progress, words));
  return words.join(parts.filter((part) => part !== ''));
}

function next({ handedOver, until, attempt }: Ended, words: Words): string {
  if (handedOver === true) return words.handOver();
  return until === undefined ? '' : words.nextAttempt(moment(until), attempt.number + 1);
}

/** Why the first hold, which decides, says no and until when; then what else would hold it. */
export function holdsText([first, ...others]: readonly Hold[], words: Words): string {
  if (first === undefined) return '';
  const also = others.map(({ reason, until }) => {
    const text = reasonText(reason, words);
    return words.also(until === undefined ? text : words.aside(text, words.notBefore(moment(until))));
  });
  return words.join([reasonText(first.reason, words), ...endOf(first, words), ...also]);
}

const endOf = ({ reason, until }: Hold, words: Words): readonly string[] => {
  const end = until === undefined ? words.openEnd[reason.code] : words.notBefore(moment(until));
  return end === undefined ? [] : [end];
};

function recovery({ attempt, endedAt }: Ended, words: Words): string {
  return words.recovered(Math.max(0, Math.round((endedAt - attempt.claimedAt) / 1_000)), attempt.number);
}

/** CPH took the restart: its job is known, or the server was seen restarting. */
const wasAccepted = ({ jobId, restartSeen }: Attempt): boolean => jobId !== undefined || restartSeen;
