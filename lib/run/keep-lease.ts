/** Keeps a run's lease while its driver waits for the platform: nobody takes a slow run for an abandoned one. */
import type { Lease } from '../types.ts';
import { LEASE_RENEWED } from './limits.ts';
import type { World } from './world.ts';

/**
 * What `work` comes to; meanwhile the lease is renewed.
 * @throws LeaseLost, when `work` has ended, if somebody else drives the run by now
 */
export async function keepingLease<Result>(
  work: Promise<Result>,
  lease: Lease,
  { clock, ledger }: World,
): Promise<Result> {
  const over = new AbortController();
  const [done, kept] = await Promise.allSettled([work.finally(() => over.abort()), renewing(over.signal)]);
  if (kept.status === 'rejected') throw kept.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;

  async function renewing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(LEASE_RENEWED, signal);
      if (!signal.aborted) await ledger.renew(lease, clock.now());
    }
  }
}
