/** What a fault of the local cloud is. */
import type { Intercept } from '../cloud/answer.ts';
import type { RestartAsk, Ruling } from '../model/state.ts';

/** One use of a fault: it remembers what it has already spoiled. */
export interface FaultInstance {
  /** Steps between a call and its answer. */
  readonly intercept?: Intercept;
  /** Decides how a server's restart goes. */
  readonly ruling?: (ask: RestartAsk) => Ruling | undefined;
}

export interface Fault {
  readonly name: string;
  /** What happens. */
  readonly does: string;
  /** What encode-restart promises under it. */
  readonly promise: string;
  readonly create: () => FaultInstance;
}
