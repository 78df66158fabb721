/** The phrases of the daily digest, in every language. */
import type { Digest } from '../messages.ts';
import type { Outcome } from '../types.ts';

/** Moments come in as text; text that others wrote comes in cleaned. */
export interface DigestWords {
  /** The headline of a day on which nothing happened and nothing is the matter. */
  calm(): string;
  headline(digest: Digest, attempts: number): string;
  label(of: 'period' | 'fleet' | 'done' | 'observed'): string;
  fleet(count: number): string;
  done(runs: number, counts: Readonly<Record<Outcome, number>>): string;
  wouldRestart(count: number): string;
  handedOver(count: number): string;
  takeBack(): string;
  abnormal(count: number): string;
  /** Restarted again and again in this period. */
  recurring(count: number): string;
  times(restarts: number): string;
  /** CPH could not be asked. */
  abnormalUnknown(): string;
  /** Neither running nor abnormal. */
  others(count: number): string;
  since(moment: string): string;
  /** Abnormal and not held: it is being seen to. */
  underWay(): string;
  storm(since: string, canaries: number): string;
  paused(who: string, why: string, until: string): string;
  exclusions(count: number): string;
  undeliverable(count: number): string;
  maintenanceUnknown(): string;
}
