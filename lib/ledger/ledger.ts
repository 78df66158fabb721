/**
 * What is remembered between invocations, and the permission to restart. The one place where "may I?" and
 * "I am about to" are the same step. Every store keeps these promises; tests/contract runs on each.
 */
import type { DurationMs, EpochMs } from '../time.ts';
import type { Hold, Recollection, Run } from '../types.ts';

/** Asks to restart servers now. Figures are counts; shares were worked out by the caller. */
export interface ClaimRequest {
  readonly runId: string;
  readonly now: EpochMs;
  readonly servers: readonly { readonly encodeServerId: string; readonly serverId: string }[];
  readonly limits: {
    readonly cooldown: DurationMs;
    readonly maxAttempts: number;
    readonly maxPerHost: number;
    readonly maxConcurrency: number;
  };
}

export interface ClaimAnswer {
  /** May be restarted; the intent is written down. `number`: which attempt since the last recovery, from 1. */
  readonly granted: readonly { readonly encodeServerId: string; readonly number: number }[];
  readonly refused: readonly { readonly encodeServerId: string; readonly hold: Hold }[];
}

export interface Ledger {
  /** Whether all functions and instances see the same one. This flag, not the place, decides differences. */
  readonly shared: boolean;

  /** Whether a run was opened for this delivery within the last 24 h; the run's id. */
  delivered(deliveryId: string, now: EpochMs): Promise<string | undefined>;
  /** Writes a new run down and marks its delivery, in one step; false: that delivery has a run already. */
  open(run: Run, now: EpochMs): Promise<boolean>;
  /**
   * Writes a run down. Targets that came to an end leave what is in flight and their server's record in the
   * same step: a recovery clears its attempts, another outcome keeps them.
   */
  save(run: Run): Promise<void>;
  run(runId: string): Promise<Run | undefined>;
  /** Runs that have not ended, or whose report is not sent. */
  unfinishedRuns(): Promise<readonly Run[]>;

  /** What is known of these servers, of everything in flight, and whether somebody paused. */
  recall(encodeServerIds: readonly string[]): Promise<Recollection>;
  /**
   * Checks pause, cooldown, attempts and all limits and records the intent of what it grants, in one step.
   * An id given twice is one.
   */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** Servers seen running: those that were handed over are ours again, and their attempts start anew. */
  seenWell(encodeServerIds: readonly string[]): Promise<void>;
  /** Undoes claims whose call certainly did not reach CPH or was turned away. */
  giveBack(runId: string, encodeServerIds: readonly string[]): Promise<void>;
}
