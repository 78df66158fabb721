/** The phrases a report is made of, as one interface that every language fills in. */
import { type EpochMs, iso } from '../time.ts';
import {
  type Outcome,
  type PlatformError,
  type Progress,
  type Reason,
  type RunState,
  type Source,
  unreachable,
} from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';

export type Language = 'en' | 'zh-CN';

/** An outcome, or that there is none yet. */
export type Standing = Outcome | 'unfinished';
export type Unended = Exclude<Progress['state'], Outcome>;

/** Whether a person has to act: now, not as things stand, or not at all. */
export type Attention = 'needed' | 'not_yet' | 'none';

/** What came of how many servers. `wouldRestart` are those of `held` that only the mode held back. */
export interface Tally {
  readonly total: number;
  readonly counts: Readonly<Record<Standing, number>>;
  readonly wouldRestart: number;
  /** What held those back. */
  readonly onlyLooking?: 'observe' | 'dry_run';
  /** The run is over; no target will change any more. */
  readonly finished: boolean;
  /** Something ended the run early. */
  readonly stopped: boolean;
}

/** Moments come in as text from `moment`; text that others wrote comes in cleaned. */
export interface Words {
  // Why a server is held. Parts of a sentence, without a full stop.
  notIncluded(): string;
  excluded(): string;
  paused(who: string, why: string): string;
  wellAgain(): string;
  restartingAlready(): string;
  unavailable(status: number): string;
  gone(): string;
  hostNotInService(status: number): string;
  hostGone(): string;
  unchecked(what: 'servers' | 'host'): string;
  cooldown(lastAttemptAt: string): string;
  inFlight(runId: string): string;
  attemptsUsed(attempts: number): string;
  handedOver(since: string, why: string): string;
  hostLimit(inFlight: number, limit: number): string;
  concurrencyLimit(inFlight: number, limit: number): string;
  observe(): string;
  dryRun(): string;
  runEnded(): string;
  notAuthorised(error: string): string;

  // What came of a server.
  standing(standing: Standing): string;
  wouldRestart(): string;
  recovered(seconds: number, attempt: number): string;
  notRecovered(attempt: number): string;
  rejected(error: string): string;
  notSeenAgain(): string;
  answerLost(): string;
  nextAttempt(from: string, attempt: number): string;
  handOver(): string;
  notBefore(moment: string): string;
  underWay(state: Unended): string;
  /** Several parts of a sentence as one. */
  join(parts: readonly string[]): string;
  withError(what: string, error: string): string;

  // The whole.
  headline(tally: Tally): string;
  attention(attention: Attention): string;
  /** In front of a headline where there is no room for a sentence; only for `needed`. */
  alert(headline: string): string;
  /** The headline and the sentence after it. */
  opening(headline: string, attention: string): string;
  host(id: string): string;
  hosts(count: number): string;
  project(id: string): string;
  source(source: Source): string;
  mode(mode: 'observe' | 'active', dryRun: boolean): string;
  runState(state: RunState): string;
  quoted(text: string): string;
  label(of: 'trigger' | 'by' | 'at' | 'where' | 'mode' | 'run' | 'stopped' | 'requestIds'): string;
  more(count: number): string;
  moreIds(count: number): string;
  stillOpen(fate: 'carried_on' | 'forgotten'): string;
  ledgerForgets(): string;
}

/** `2026-01-31 02:41:10 UTC`: the day is always there, as cooldowns and hand-overs cross midnight. */
export const moment = (at: EpochMs): string => `${iso(at).slice(0, 19).replace('T', ' ')} UTC`;

export const errorText = (error: PlatformError): string =>
  `${cleanId(error.code)} ${clean(error.message, LIMITS.error).replace(/[.。]+$/, '')}`.trim();

/** Why, for a person: part of a sentence, one line, no full stop. */
export function reasonText(reason: Reason, words: Words): string {
  switch (reason.code) {
    case 'not_included':
      return words.notIncluded();
    case 'excluded':
      return words.excluded();
    case 'paused':
      return words.paused(clean(reason.who, LIMITS.id), clean(reason.why, LIMITS.line));
    case 'well_again':
      return words.wellAgain();
    case 'restarting_already':
      return words.restartingAlready();
    case 'unavailable':
      return words.unavailable(reason.status);
    case 'gone':
      return words.gone();
    case 'host_not_in_service':
      return words.hostNotInService(reason.status);
    case 'host_gone':
      return words.hostGone();
    case 'unchecked':
      return words.unchecked(reason.what);
    case 'cooldown':
      return words.cooldown(moment(reason.lastAttemptAt));
    case 'in_flight':
      return words.inFlight(cleanId(reason.runId));
    case 'attempts_used':
      return words.attemptsUsed(reason.attempts);
    case 'handed_over':
      return words.handedOver(moment(reason.since), clean(reason.why, LIMITS.line));
    case 'host_limit':
      return words.hostLimit(reason.inFlight, reason.limit);
    case 'concurrency_limit':
      return words.concurrencyLimit(reason.inFlight, reason.limit);
    case 'observe':
      return words.observe();
    case 'dry_run':
      return words.dryRun();
    case 'run_ended':
      return words.runEnded();
    case 'not_authorised':
      return words.notAuthorised(errorText(reason.error));
    default:
      return unreachable(reason);
  }
}
