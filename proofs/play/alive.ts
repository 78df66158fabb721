/** What an instance is, for whatever befalls it. */
import type { EpochMs } from '../../lib/time.ts';
import type { Witness } from '../book/book.ts';

export interface Instance {
  readonly name: string;
  readonly witness: Witness;
  isDead: boolean;
  /** Until then nothing of it goes on. */
  thawAt: EpochMs;
  onDeath: () => void;
}
