/** Says how far a long run is: in place on a terminal, else a line every few seconds. */
import type { Tally } from '../play/tally.ts';
import { figure } from './summary.ts';

const EVERY_MS = { terminal: 200, file: 5_000 } as const;

export interface Progress {
  readonly tell: (sum: Tally) => void;
  /** Leaves the line free for what comes next. */
  readonly end: () => void;
}

export function progressOf(name: string, total: number, out: NodeJS.WriteStream = process.stderr): Progress {
  const every = out.isTTY ? EVERY_MS.terminal : EVERY_MS.file;
  let toldAt = performance.now();
  let isOpen = false;
  return {
    tell({ counts: { histories, steps } }) {
      const now = performance.now();
      if (now - toldAt < every) return;
      toldAt = now;
      const text = `${name}: ${figure(histories)} of ${figure(total)} histories, ${figure(steps)} steps`;
      out.write(out.isTTY ? `\r${text}\u001b[K` : `${text}\n`);
      isOpen = out.isTTY;
    },
    end() {
      if (isOpen) out.write('\r\u001b[K');
    },
  };
}
