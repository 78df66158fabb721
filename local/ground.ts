/** What functions stand on here. */
import type { Ledger } from '../lib/ledger/ledger.ts';
import type { Platform } from '../lib/runtime/platform.ts';
import type { LocalClock } from './clock.ts';

/** The host limits functions by the clock that they see. */
export interface Ground extends Platform {
  readonly clock: LocalClock;
}

export interface LocalPlatform extends Ground {
  readonly ledger: Ledger;
}
