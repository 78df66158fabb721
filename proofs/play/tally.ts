/** Counts of what was played, and how often a guard said no while a fault was about. */
import type { EpochMs } from '../../lib/time.ts';

export interface Counts {
  histories: number;
  steps: number;
  invocations: number;
  deaths: number;
  freezes: number;
  runs: number;
  claims: number;
  /** Restarts that CPH accepted from us. */
  restarts: number;
  reports: number;
}

export interface Tally {
  readonly counts: Counts;
  /** How often each fault struck. */
  readonly faults: Map<string, number>;
  /** By fault, by guard. */
  readonly met: Map<string, Map<string, number>>;
  struck(fault: string, now: EpochMs): void;
  held(guard: string, now: EpochMs): void;
}

/** A fault is about for so long after it struck. */
const ABOUT_FOR = 600_000;

export function createTally(): Tally {
  const last = new Map<string, EpochMs>();
  const faults = new Map<string, number>();
  const met = new Map<string, Map<string, number>>();
  return {
    counts: {
      histories: 0,
      steps: 0,
      invocations: 0,
      deaths: 0,
      freezes: 0,
      runs: 0,
      claims: 0,
      restarts: 0,
      reports: 0,
    },
    faults,
    met,
    struck(fault, now) {
      last.set(fault, now);
      faults.set(fault, (faults.get(fault) ?? 0) + 1);
    },
    held(guard, now) {
      for (const [fault, at] of last) {
        if (now - at > ABOUT_FOR) continue;
        const guards = met.get(fault) ?? new Map<string, number>();
        met.set(fault, guards.set(guard, (guards.get(guard) ?? 0) + 1));
      }
    },
  };
}

/** What one worker tells another. */
export interface PlainTally {
  readonly counts: Counts;
  readonly faults: readonly (readonly [string, number])[];
  readonly met: readonly (readonly [string, readonly (readonly [string, number])[]])[];
}

export const plainTally = ({ counts, faults, met }: Tally): PlainTally => ({
  counts,
  faults: [...faults],
  met: [...met].map(([fault, guards]) => [fault, [...guards]] as const),
});

export function addTally(sum: Tally, { counts, faults, met }: PlainTally): void {
  for (const [name, count] of Object.entries(counts)) sum.counts[name as keyof Counts] += count;
  for (const [fault, count] of faults) sum.faults.set(fault, (sum.faults.get(fault) ?? 0) + count);
  for (const [fault, guards] of met) {
    const known = sum.met.get(fault) ?? new Map<string, number>();
    for (const [guard, count] of guards) known.set(guard, (known.get(guard) ?? 0) + count);
    sum.met.set(fault, known);
  }
}
