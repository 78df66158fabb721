/**
 * What is remembered between invocations, and the permission to restart. The one place where "may I?" and
 * "I am about to" are the same step. Every store keeps these promises; test/lib/ledger/contract.ts runs on each.
 *
 * A run has one driver at a time: whoever holds its lease. A step that needs the lease throws `LeaseLost` when
 * somebody else holds it by now, and changes nothing; one that ran out is good until somebody else takes it.
 */

import type { Letter } from '../messages.ts';
import type { DurationMs, EpochMs } from '../time.ts';
import type {
  Exclusion,
  FleetLooks,
  Hold,
  Lease,
  Override,
  Pause,
  Recollection,
  Run,
  StormFigures,
  Target,
} from '../types.ts';

/** Asks to restart servers now. Figures are counts; shares were worked out by the caller. */
export interface ClaimRequest {
  readonly lease: Lease;
  readonly now: EpochMs;
  readonly servers: readonly ClaimedServer[];
  readonly limits: {
    readonly cooldown: DurationMs;
    readonly maxAttempts: number;
    readonly maxPerHost: number;
    readonly maxConcurrency: number;
    /** For planned work: how many may be troubled or in flight. */
    readonly maxUnavailable: number;
  };
  /** Every troubled server as just seen; counts against `maxUnavailable`, but not twice when in flight. */
  readonly troubled: readonly string[];
  /** There is a storm: restarts go in rounds of canaries. Absent: there is none. */
  readonly storm?: StormFigures;
}

export interface ClaimedServer {
  readonly encodeServerId: string;
  readonly serverId: string;
  /** The restart of a healthy server that nobody named: alone on its host, and within `maxUnavailable`. */
  readonly planned: boolean;
  /** As last seen; kept for whoever has to follow the claim. */
  readonly wasRunning?: boolean;
  /** Guards that a person overrode; recorded with the claim. */
  readonly override?: Override;
}

export interface ClaimAnswer {
  /** May be restarted; the intent is written down. `number`: which attempt since the last recovery, from 1. */
  readonly granted: readonly { readonly encodeServerId: string; readonly number: number }[];
  readonly refused: readonly { readonly encodeServerId: string; readonly hold: Hold }[];
}

/** Somebody else drives this run by now: what this driver still wanted to write is not to be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'LEASE_LOST';

  /** By its code: the Redis ledger is a bundle file of its own, which has a copy of this class. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && 'code' in error && error.code === 'LEASE_LOST';
  }
}

/** A ledger that does not answer, or not to us: where it was looked for, and what was there instead. Holds no secret. */
export interface LedgerAway {
  readonly where: string;
  readonly reason: string;
}

/** What an error says of a ledger that is away; nothing for any other error. By its code, as `LeaseLost`. */
export function ledgerAwayIn(error: unknown): LedgerAway | undefined {
  const isAway = (code: unknown) => code === 'LEDGER_UNAVAILABLE' || code === 'LEDGER_FORMAT';
  if (!(error instanceof Error) || !('code' in error) || !isAway(error.code)) return undefined;
  const { where = '', reason = error.message } = error as Partial<LedgerAway>;
  return { where, reason };
}

export interface Ledger {
  /** Whether all functions and instances see the same one. This flag, not the place, decides differences. */
  readonly shared: boolean;

  // ── Runs ──
  /** Whether a run was opened for this delivery within the last 24 h, or joined by it; the run's id. */
  delivered(deliveryId: string, now: EpochMs): Promise<string | undefined>;
  /** Writes a new run down and marks its delivery, in one step; false: that delivery has a run already. */
  open(run: Run, now: EpochMs): Promise<boolean>;
  /**
   * Marks the delivery as answered by an open run and leaves targets for its driver to take in, in one step; false:
   * the run has ended or launches nothing more, or the delivery has a run already.
   */
  join(runId: string, deliveryId: string, targets: readonly Target[], now: EpochMs): Promise<boolean>;
  run(runId: string): Promise<Run | undefined>;
  /** Runs that have not ended, or whose report is not sent, oldest first. */
  unfinishedRuns(): Promise<readonly Run[]>;
  /** Runs opened since, newest first. */
  runsSince(since: EpochMs, limit: number): Promise<readonly Run[]>;

  // ── Driving ──
  /** For 30 s; undefined: somebody else drives it. */
  lease(runId: string, now: EpochMs): Promise<Lease | undefined>;
  /** For 30 s more. @throws LeaseLost */
  renew(lease: Lease, now: EpochMs): Promise<void>;
  release(lease: Lease): Promise<void>;
  /** Targets left by `join`, until a run is saved that has them. @throws LeaseLost */
  joined(lease: Lease): Promise<readonly Target[]>;
  /**
   * Writes a run down. Targets that came to an end leave what is in flight and their server's record in the same
   * step: a recovery clears its attempts, another outcome keeps them. A run that `told` marked stays so.
   * @throws LeaseLost
   */
  save(run: Run, lease: Lease): Promise<void>;
  /**
   * Marks runs as reported, and why servers were held as told, in one step; with `letter`, which tells it, kept as
   * by `post`. Of very many servers the later ones may follow in steps of their own. No lease: the news is out.
   */
  told(
    runIds: readonly string[],
    reportedAs: string,
    held: readonly { readonly encodeServerId: string; readonly serverId: string; readonly why: string }[],
    letter?: Letter,
  ): Promise<void>;

  // ── Servers ──
  /**
   * What is known of these servers, of everything in flight, and all that the guards ask for. Of very many servers the
   * records of the later ones may be younger than the rest.
   */
  recall(encodeServerIds: readonly string[], now: EpochMs): Promise<Recollection>;
  /**
   * Checks pause, cooldown, attempts, all limits and a storm's round, and records the intent of what it grants, in
   * one step. An id given twice is one. @throws LeaseLost
   */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** Undoes claims whose call certainly did not reach CPH or was turned away. @throws LeaseLost */
  giveBack(lease: Lease, encodeServerIds: readonly string[]): Promise<void>;
  /**
   * Servers seen running: not abnormal any more, and what people were told of those that were not running
   * (`TOLD_WELL`) is over. Those that were handed over are ours again, and their attempts start anew, once they were
   * seen running for `wellFor` and never abnormal in between.
   */
  seenWell(encodeServerIds: readonly string[], now: EpochMs, wellFor: DurationMs): Promise<void>;
  /** All servers that are abnormal now: keeps since when; those not among them are not abnormal any more. */
  seenAbnormal(
    servers: readonly { readonly encodeServerId: string; readonly serverId: string }[],
    now: EpochMs,
  ): Promise<void>;
  /** From here on a person has to look at them. */
  handOver(encodeServerIds: readonly string[], why: string, now: EpochMs): Promise<void>;
  /** A person takes servers back: attempts start again. How many were handed over. */
  acknowledge(encodeServerIds: readonly string[]): Promise<number>;

  // ── What people say ──
  pause(pause: Pause): Promise<void>;
  /** What was paused, if anything was. */
  resume(): Promise<Pause | undefined>;
  exclude(id: string, exclusion: Exclusion): Promise<void>;
  /** Whether it was excluded here. */
  include(id: string): Promise<boolean>;

  // ── What people are told ──
  /** Keeps a letter until it is sent; false: one of this id was written within the last 24 h. */
  post(letter: Letter): Promise<boolean>;
  /** Letters that SMN has not taken yet, oldest first. */
  unsent(): Promise<readonly Letter[]>;
  sent(letterId: string): Promise<void>;
  /** SMN refuses it for good: it is in the log in full, and counts. */
  undeliverable(letterId: string): Promise<void>;
  /** How many letters written since then nobody will get. */
  undeliverableSince(since: EpochMs): Promise<number>;
  /** At most once in `every`, for one caller: true for the one who may. */
  once(what: string, every: DurationMs, now: EpochMs): Promise<boolean>;
  /** Since when something has been so without a break, now included; `isSo: false` ends it. */
  since(what: string, isSo: boolean, now: EpochMs): Promise<EpochMs | undefined>;

  // ── The fleet ──
  /** Remembers how large the fleet was; at most one look an hour is kept, the last nine. */
  sawFleet(count: number, now: EpochMs): Promise<FleetLooks>;
  /** Whether there is a storm now: one begins, goes on or ends. */
  sawStorm(isStorm: boolean, now: EpochMs): Promise<void>;
}
