/** A ledger for one invocation: opened when it begins, closed when it ends. */
import type { DurationMs } from '../time.ts';
import type { Ledger } from './ledger.ts';

export interface OpenLedger {
  readonly ledger: Ledger;
  /** How far the ledger's time is ahead of this machine's. Added, it lets all instances measure with one clock. */
  readonly ahead: DurationMs;
  close(): Promise<void>;
}
