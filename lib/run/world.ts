/** Everything that touches the world, handed in: what a run can do and nothing else. */
import type { Cph } from '../huawei/cph.ts';
import type { FunctionGraph } from '../huawei/functiongraph.ts';
import type { Smn } from '../huawei/smn.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Settings } from '../settings.ts';
import type { Clock, EpochMs } from '../time.ts';
import type { Log } from '../types.ts';

/** How long an invocation has. */
export interface Until {
  /** Nothing new is waited for after this. */
  readonly work: EpochMs;
  /** A restart that could not be answered by then is not called: what follows is for the report. */
  readonly answer: EpochMs;
  /** The last word is spoken here. */
  readonly word: EpochMs;
}

export interface World {
  readonly clock: Clock;
  readonly cph: Cph;
  readonly smn: Smn;
  readonly functionGraph: FunctionGraph;
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly projectId: string;
  readonly log: Log;
}
