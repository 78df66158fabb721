/** The phrases for why a server is held: the whole of it for a line of its own, a few words for a headline. */
import type { Reason } from '../types.ts';

type Code = Reason['code'];
type Unchecked = Extract<Reason, { readonly code: 'unchecked' }>['what'];
type StormReason = Extract<Reason, { readonly code: 'storm' }>;

/** Parts of a sentence, without a full stop. Text that others wrote comes in cleaned. */
export interface ReasonWords {
  notIncluded(): string;
  /** By the settings when nobody is named. */
  excluded(who?: string, why?: string): string;
  ledgerEmptied(since: string): string;
  stale(requestedAt: string): string;
  outsideWindow(windows: string): string;
  fleetShrank(count: number, usual: number): string;
  storm(figures: Omit<StormReason, 'code'>): string;
  settling(since: string): string;
  errors(failures: number, tolerance: number): string;
  paused(who: string, why: string): string;
  wellAgain(): string;
  restartingAlready(): string;
  unavailable(status: number): string;
  gone(): string;
  hostNotInService(status: number): string;
  hostGone(): string;
  hostMaintenance(eventId: string): string;
  unchecked(what: Unchecked): string;
  cooldown(lastAttemptAt: string): string;
  inFlight(runId: string): string;
  attemptsUsed(attempts: number): string;
  handedOver(since: string, why: string): string;
  hostLimit(inFlight: number, limit: number): string;
  hostBusy(encodeServerId: string): string;
  unavailableLimit(unavailable: number, limit: number): string;
  round(inFlight: number, size: number): string;
  concurrencyLimit(inFlight: number, limit: number): string;
  observe(): string;
  dryRun(): string;
  runEnded(): string;
  test(abnormal: number): string;
  nothingFound(what: string): string;
  notAuthorised(error: string): string;
  turnedAway(error: string): string;

  /** In two or three words, without figures. */
  readonly short: Readonly<Record<Code, string>>;
  /** What has to happen first, for reasons whose end no clock knows. */
  readonly openEnd: Readonly<Partial<Record<Code, string>>>;
}
