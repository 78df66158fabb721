/** Those who drive runs in a random history, the first of each run included, who may not know that it lost it. */
import { expect } from 'vitest';
import { LeaseLost, type Ledger } from '../../../lib/ledger/ledger.ts';
import { after, type EpochMs, seconds } from '../../../lib/time.ts';
import type { Lease } from '../../../lib/types.ts';
import { agree } from './given.ts';
import type { Step } from './steps.ts';

export interface Drivers {
  lease(step: Step, now: EpochMs): Promise<void>;
  renew(step: Step, now: EpochMs): Promise<void>;
  release(step: Step, now: EpochMs): Promise<void>;
  /** Does what needs the lease; a driver who lost it must learn so, and `undefined` comes back. */
  drive<Done>(step: Step, now: EpochMs, act: (lease: Lease) => Promise<Done>): Promise<Done | undefined>;
}

export function driversOf(ledger: Ledger, met: Set<string>): Drivers {
  /** Of every run, all leases there ever were, and until when nobody else may have it. */
  const known = new Map<string, { readonly leases: Lease[]; until: EpochMs }>();

  async function lease({ runId }: Pick<Step, 'runId'>, now: EpochMs): Promise<void> {
    const run = known.get(runId);
    const isFree = run === undefined || run.until <= now;
    const taken = await ledger.lease(runId, now);
    agree(taken !== undefined, isFree, 'a run has one driver at a time');
    if (taken === undefined) {
      met.add('not driven');
      return;
    }
    const last = run?.leases.at(-1);
    expect(taken.token, 'tokens grow').toBeGreaterThan(last?.token ?? Number.NEGATIVE_INFINITY);
    known.set(runId, { leases: [...(run?.leases ?? []), taken], until: after(now, seconds(30)) });
  }
  async function pick({ runId, byFirstDriver }: Step, now: EpochMs) {
    if ((known.get(runId)?.until ?? 0) === 0) await lease({ runId }, now);
    const run = known.get(runId);
    const current = run?.leases.at(-1);
    const first = run?.leases[0];
    if (run === undefined || current === undefined || first === undefined)
      throw new Error('nobody drives it');
    return { run, current, used: byFirstDriver ? first : current };
  }
  async function drive<Done>(step: Step, now: EpochMs, act: (lease: Lease) => Promise<Done>) {
    const { current, used } = await pick(step, now);
    if (used === current) return act(used);
    await expect(act(used), 'a driver who lost its run learns it').rejects.toThrow(LeaseLost);
    met.add('lease lost');
    return undefined;
  }

  return {
    lease,
    drive,
    renew: (step, now) =>
      drive(step, now, async (held) => {
        await ledger.renew(held, now);
        const run = known.get(step.runId);
        if (run !== undefined) run.until = after(now, seconds(30));
      }),
    async release(step, now) {
      const { run, current, used } = await pick(step, now);
      await ledger.release(used);
      if (used === current) run.until = 0 as EpochMs;
    },
  };
}
