/** What a fault of the local cloud is, and what can be seen of a play under it. */
import type { LedgerState } from '../../lib/ledger/state.ts';
import type { RunFacts } from '../../lib/report/facts.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { Intercept } from '../cloud/answer.ts';
import type { Behaviour, FleetRow, Model, RestartAsk, Ruling } from '../model/state.ts';

/** One use of a fault: it remembers what it has already spoiled. */
export interface FaultInstance {
  /** Steps between a call and its answer. */
  readonly intercept?: Intercept;
  /** Decides how a server's restart goes. */
  readonly ruling?: (ask: RestartAsk) => Ruling | undefined;
  /** How the cloud behaves from the start. */
  readonly behaviour?: Partial<Behaviour>;
  /** Where the functions look for the services, given where the cloud really is. */
  readonly endpoints?: (url: string) => { readonly cph?: string; readonly smn?: string };
  /** How far the gateway's clock is ahead of the functions'. */
  readonly clockSkew?: DurationMs;
  /** The platform ends every invocation this long after its beginning, whatever limit it was told. */
  readonly killedAfter?: DurationMs;
  /** What the operator has changed in the settings by now; an invocation reads them when it begins. */
  readonly settings?: (now: EpochMs) => Readonly<Record<string, unknown>>;
}

export interface Fault {
  readonly name: string;
  /** What happens. */
  readonly does: string;
  /** What encode-restart promises under it. */
  readonly promise: string;
  readonly create: () => FaultInstance;
  /** What differs from the usual setting; made anew for every play. */
  readonly setting?: () => Partial<Setting>;
  /** The promises that were broken, each in a sentence, when the fault is played in its setting. */
  readonly holds: (seen: Seen) => readonly string[];
}

/** The stage on which a fault is shown. */
export interface Setting {
  readonly fleet: readonly FleetRow[];
  /** For the function `alarm`, each an invocation, in this order; the play begins at the time of the first. */
  readonly events: readonly unknown[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly happenings?: readonly {
    readonly after: DurationMs;
    readonly does: (model: Model, now: EpochMs) => void;
  }[];
  readonly ledger?: LedgerState;
  /** Another time limit than the function usually has. */
  readonly timeoutSeconds?: number;
}

/** What can be seen of a play: by the cloud itself, and in what the functions said. */
export interface Seen {
  readonly model: Model;
  readonly calls: Readonly<Record<string, number>>;
  readonly runs: readonly RunFacts[];
  readonly ignored: readonly { readonly event: number; readonly reason: string }[];
  readonly reports: readonly {
    readonly subject: string;
    readonly messages: Readonly<Record<string, string>>;
  }[];
  /** Invocations that failed, so that the platform delivers their event again. */
  readonly failed?: readonly { readonly event: number; readonly error: string }[];
  /** What the functions logged, line by line. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}
