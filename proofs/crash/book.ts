/**
 * What passed between the instances, the ledger and the cloud, written down beside them: the invariants are judged
 * by this, not by what the engine says of itself.
 */
import type { ClaimAnswer, ClaimRequest } from '../../lib/ledger/ledger.ts';
import { isInFlight } from '../../lib/run/target.ts';
import type { Settings } from '../../lib/settings.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Override, Pause, Run } from '../../lib/types.ts';
import type { Model } from '../../local/model/index.ts';

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I6' | 'I7' | 'I8' | 'I9';

export interface Violation {
  readonly invariant: Invariant;
  readonly says: string;
}

/** One granted claim. */
export interface Claim {
  readonly id: string;
  readonly serverId: string;
  readonly runId: string;
  readonly at: EpochMs;
  readonly override: Override | undefined;
  /** The server was well, and nobody named it. */
  readonly planned: boolean;
  /** The invocation that asked for it. */
  readonly by: Looker;
  state: 'open' | 'given_back' | 'concluded';
  posts: number;
  /** Its call was accepted, or nobody can say that it was not. */
  maybeAccepted: boolean;
}

/** One invocation: when CPH last answered it about its servers. */
export interface Looker {
  lookedAt?: EpochMs;
}

export interface Book {
  readonly model: Model;
  readonly settings: Settings;
  /** Servers that the event names: they are restarted though they are well. */
  readonly named: ReadonlySet<string>;
  /** All servers are meant: healthy ones too. */
  readonly meansHealthy: boolean;
  readonly pause: () => Pause | undefined;
  /** The run whose intent to restart this server is in the ledger now. */
  readonly intentOf: (id: string) => string | undefined;
  readonly handedOver: (id: string) => boolean;
  readonly claims: Claim[];
  /** Runs as they were last written down. */
  readonly runs: Map<string, Run>;
  /** Lines of the log that hold a report in full. */
  readonly logged: string[];
  readonly violations: Violation[];
}

export const violate = (book: Book, invariant: Invariant, says: string): void =>
  void book.violations.push({ invariant, says });

export const openClaims = ({ claims }: Book): readonly Claim[] =>
  claims.filter(({ state }) => state === 'open');

/** What the ledger granted, as it happened. */
export function granted(
  book: Book,
  by: Looker,
  request: ClaimRequest,
  { granted }: ClaimAnswer,
  statusOf: (id: string) => number | undefined,
  judge: (claim: Claim) => void,
): void {
  for (const { encodeServerId: id } of granted) {
    const asked = request.servers.find(({ encodeServerId }) => encodeServerId === id);
    const claim: Claim = {
      id,
      serverId: asked?.serverId ?? 'none',
      runId: request.lease.runId,
      at: request.now,
      override: asked?.override,
      planned: statusOf(id) === RUNNING && !book.named.has(id),
      by,
      state: 'open',
      posts: 0,
      maybeAccepted: false,
    };
    judge(claim);
    book.claims.push(claim);
  }
}

export function gaveBack(book: Book, runId: string, ids: readonly string[]): void {
  for (const claim of openClaims(book)) {
    if (claim.runId === runId && ids.includes(claim.id)) claim.state = 'given_back';
  }
}

/** A run was written down: what it says came to an end has an outcome. */
export function saved(book: Book, run: Run): void {
  book.runs.set(run.runId, run);
  for (const target of run.targets) {
    if (target.progress.state === 'waiting' || isInFlight(target)) continue;
    for (const claim of openClaims(book)) {
      if (claim.runId === run.runId && claim.id === target.encodeServerId) claim.state = 'concluded';
    }
  }
}

export const RUNNING = 1;
export const ABNORMAL = 2;
