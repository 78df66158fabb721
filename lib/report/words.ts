/** The phrases a report is made of, as one interface that every language fills in. */
import { between, type EpochMs, iso, minutes } from '../time.ts';
import type { Outcome, PlatformError, Progress, Reason, RunState, Source } from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import type { ReasonWords } from './reason-words.ts';

export type Language = 'en' | 'zh-CN';

/** An outcome, or that there is none yet. */
export type Standing = Outcome | 'unfinished';
export type Unended = Exclude<Progress['state'], Outcome>;

/** Whether a person has to act: now, not as things stand, or not at all. */
export type Attention = 'needed' | 'not_yet' | 'none';

/** What a run is to people: repair, or planned work by the clock or by a call. */
export type Kind = 'repair' | 'nightly' | 'rolling';

/** What came of how many servers. `wouldRestart` are those of `held` that only the mode held back. */
export interface Tally {
  readonly kind: Kind;
  readonly total: number;
  readonly counts: Readonly<Record<Standing, number>>;
  readonly wouldRestart: number;
  /** What held those back. */
  readonly onlyLooking?: 'observe' | 'dry_run';
  /** What most of the others that are held are held for first, and whether it is all of them. */
  readonly heldFor?: { readonly code: Reason['code']; readonly isAll: boolean };
  /** Finished: no target will change any more. */
  readonly stage: 'resolving' | 'open' | 'finished';
  /** What ended the run early. */
  readonly stopped?: Reason['code'];
}

export type Label =
  | 'trigger'
  | 'by'
  | 'at'
  | 'where'
  | 'mode'
  | 'run'
  | 'stopped'
  | 'override'
  | 'requestIds';

/** Moments come in as text from `moment`; text that others wrote comes in cleaned. */
export interface Words extends ReasonWords {
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
  /** What else would hold it. */
  also(reason: string): string;
  aside(text: string, aside: string): string;
  underWay(state: Unended): string;
  /** Several parts of a sentence as one. */
  join(parts: readonly string[]): string;
  withError(what: string, error: string): string;

  // The whole.
  headline(tally: Tally): string;
  attention(attention: Attention): string;
  /** Of a notice: `not_yet` can wait for the morning. */
  noticeAttention(attention: Attention): string;
  /** In front of the headline of several runs. */
  ofRuns(count: number, headline: string): string;
  moreRuns(count: number): string;
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
  label(of: Label): string;
  more(count: number): string;
  /** So many servers on one line. */
  crowd(count: number, text: string): string;
  firstNotBefore(moment: string): string;
  moreIds(count: number): string;
  stillOpen(fate: 'carried_on' | 'forgotten'): string;
  ledgerForgets(): string;
}

/** `2026-01-31 02:41:10 UTC`: the day is always there, as cooldowns and hand-overs cross midnight. */
export const moment = (at: EpochMs): string => `${iso(at).slice(0, 19).replace('T', ' ')} UTC`;

/** How long it took. */
export function hoursAndMinutes(from: EpochMs, to: EpochMs): readonly [hours: number, minutes: number] {
  const total = Math.max(0, Math.round(between(from, to) / minutes(1)));
  return [Math.floor(total / 60), total % 60];
}

export const errorText = (error: PlatformError): string =>
  `${cleanId(error.code)} ${clean(error.message, LIMITS.error).replace(/[.。]+$/, '')}`.trim();
