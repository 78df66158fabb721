/** A ledger for one invocation: opened when it begins, closed when it ends. */
import type { DurationMs } from '../time.ts';
import type { Ledger } from './ledger.ts';

export interface OpenLedger {
  readonly ledger: Ledger;
  /** How far the ledger's time is ahead of this machine's. Added, it lets all instances measure with one clock. */
  readonly ahead: DurationMs;
  close(): Promise<void>;
  /** What is known of how well it keeps things; absent where there is nothing to know. Rejects when it is away. */
  vitals?(): Promise<LedgerVitals>;
}

export interface LedgerVitals {
  /** What it does when it is full: `noeviction`, `allkeys-lru`, …; absent: it does not say. */
  readonly eviction?: string;
  /** `none yet`: neither an append-only file nor, so far, a snapshot. Absent: it does not say. */
  readonly persistence?: 'aof' | 'snapshots' | 'none yet';
}
