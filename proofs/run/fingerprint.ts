/** Plays a history with its trace kept. */
import { createHash } from 'node:crypto';
import type { History } from '../history/history.ts';
import { type Played, play } from '../play/play.ts';
import type { StoreKind } from '../play/store.ts';

export interface Traced {
  readonly played: Played;
  readonly lines: readonly string[];
}

export async function playTraced(history: History, store: StoreKind = 'memory'): Promise<Traced> {
  const lines: string[] = [];
  const played = await play(history, { store, trace: (line) => void lines.push(line) });
  return { played, lines };
}

/** The same for the same history, down to the last step. */
export const fingerprint = ({ lines }: Traced): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
