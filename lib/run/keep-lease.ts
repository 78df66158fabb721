/** Keeps a run's lease while its driver waits for the platform: nobody takes a slow run for an abandoned one. */
import { after } from '../time.ts';
import type { Lease } from '../types.ts';
import { FROZEN_AFTER, LEASE_RENEWED } from './limits.ts';
import type { World } from './world.ts';

/**
 * What `work` comes to; meanwhile the lease is renewed.
 * @throws LeaseLost, when `work` has ended, if somebody else drives the run by now
 */
export async function keepingLease<Result>(
  work: Promise<Result>,
  lease: Lease,
  world: World,
): Promise<Result> {
  return (await keepingPulse(work, lease, world)).result;
}

/**
 * As `keepingLease`, and whether the instance stood still meanwhile: it was frozen, or its process was held up. What
 * `work` showed may then be of before.
 */
export async function keepingPulse<Result>(
  work: Promise<Result>,
  lease: Lease,
  { clock, ledger }: World,
): Promise<{ readonly result: Result; readonly wasFrozen: boolean }> {
  const over = new AbortController();
  const [done, kept] = await Promise.allSettled([work.finally(() => over.abort()), renewing(over.signal)]);
  if (kept.status === 'rejected') throw kept.reason;
  if (done.status === 'rejected') throw done.reason;
  return { result: done.value, wasFrozen: kept.value };

  async function renewing(signal: AbortSignal): Promise<boolean> {
    let wasFrozen = false;
    while (!signal.aborted) {
      const began = clock.now();
      await clock.sleep(LEASE_RENEWED, signal);
      if (!signal.aborted) await ledger.renew(lease, clock.now());
      wasFrozen ||= clock.now() > after(began, FROZEN_AFTER);
    }
    return wasFrozen;
  }
}
