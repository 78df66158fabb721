/** The permission to restart, asked for by an instance that was frozen or not. */
import { expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState } from '../../../lib/ledger/state.ts';
import { claim } from '../../../lib/run/claims.ts';
import type { World } from '../../../lib/run/world.ts';
import { after, type DurationMs, seconds } from '../../../lib/time.ts';
import { NOW, settings, target } from '../guards/support.ts';
import { on, run, sight } from './looks.ts';

/** Asks on a look at s1; the instance is frozen for so long while it renews its lease. */
async function claimed(frozenFor: DurationMs) {
  const state = emptyState();
  const ledger = memoryLedger({ shared: true, state });
  const one = run([target()]);
  await ledger.open(one, NOW);
  const lease = await ledger.lease(one.runId, NOW);
  if (lease === undefined) throw new Error('expected the lease of a new run to be free');
  let now = NOW;
  const renew: typeof ledger.renew = async (...given) => {
    await ledger.renew(...given);
    now = after(now, frozenFor);
  };
  const world = { clock: { now: () => now }, ledger: { ...ledger, renew }, settings: settings() };
  const batch = one.targets.map((waiting) => ({ target: waiting, planned: false }));
  const answer = await claim(
    one,
    lease,
    batch,
    sight([on('h1', 's1', 'abnormal')]),
    world as unknown as World,
  );
  return { granted: [...answer.attempts.keys()], inFlight: [...state.inFlight.keys()] };
}

it('what was looked at a moment ago is claimed', async () => {
  expect(await claimed(seconds(1))).toEqual({ granted: ['s1'], inFlight: ['s1'] });
});

it('an instance that was frozen since it looked claims nothing', async () => {
  expect(await claimed(seconds(90))).toEqual({ granted: [], inFlight: [] });
});
