/**
 * What this driver saved of a run last, so that a run of ten thousand targets need not be told whole at every step.
 * Only what the holder of the same lease saved itself counts: nobody else can have changed it since.
 */
import type { Lease, Target } from '../../types.ts';

interface Saved {
  readonly token: number;
  /** The number of the save: if Redis knows another as the last, it does not have what this one left there. */
  readonly save: number;
  readonly targets: readonly Target[];
  /** Claimed since: whatever is said of them is news. */
  readonly claimed: Set<string>;
}

export function savedRuns() {
  const runs = new Map<string, Saved>();
  return {
    /** Whether this very target stands at this place in what was saved. */
    isThere({ runId, token }: Lease) {
      const saved = runs.get(runId);
      return (target: Target, index: number): boolean =>
        saved?.token === token &&
        saved.targets[index] === target &&
        !saved.claimed.has(target.encodeServerId);
    },
    /** What `isThere` builds on, if on anything. */
    basis({ runId, token }: Lease): number | undefined {
      const saved = runs.get(runId);
      return saved?.token === token ? saved.save : undefined;
    },
    claimed({ runId }: Lease, encodeServerIds: readonly string[]): void {
      for (const id of encodeServerIds) runs.get(runId)?.claimed.add(id);
    },
    saved({ runId, token }: Lease, save: number, targets: readonly Target[]): void {
      runs.set(runId, { token, save, targets, claimed: new Set() });
    },
    /** Nobody knows what is there: the answer was lost. */
    forget({ runId }: Lease): void {
      runs.delete(runId);
    },
  };
}
