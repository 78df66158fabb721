/** Everything that touches the world, handed in: what a run can do and nothing else. */
import type { Cph } from '../huawei/cph.ts';
import type { Smn } from '../huawei/smn.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Settings } from '../settings.ts';
import type { Clock } from '../time.ts';
import type { Log } from '../types.ts';

export interface World {
  readonly clock: Clock;
  readonly cph: Cph;
  readonly smn: Smn;
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly projectId: string;
  readonly log: Log;
}
