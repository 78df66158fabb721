/** Planned work: is this the time for it? */
import { type EpochMs, epochMs } from '../time.ts';
import { windowState } from '../window.ts';
import type { Guard } from './guard.ts';

export const window: Guard = {
  name: 'window',
  check({ planned, windows, now }) {
    if (!planned) return undefined;
    const closed = windows.filter((choice) => !windowState(choice, now).open);
    if (closed.length === 0) return undefined;
    const opens = closed.map((choice) => opensAt(windowState(choice, now)));
    const known = opens.filter((moment): moment is EpochMs => moment !== undefined);
    return {
      reason: { code: 'outside_window', windows: closed.flat().map(({ text }) => text) },
      ...(known.length === opens.length ? { until: epochMs(Math.max(...known)) } : {}),
    };
  },
};

const opensAt = (state: ReturnType<typeof windowState>): EpochMs | undefined =>
  state.open ? undefined : state.opensAt;
