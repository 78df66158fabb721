/** A deliberately broken engine or ledger. The simulation has to find it, or proves nothing. */
import type { Change } from '../run/bundle.ts';

export interface Planted {
  readonly name: string;
  /** What it does wrong, in one line. */
  readonly does: string;
  readonly changes: readonly Change[];
}

/** In one file of the engine or the ledger. */
export const inFile =
  (file: string) =>
  (anchor: string, instead: string): Change => ({ file, anchor, instead });
