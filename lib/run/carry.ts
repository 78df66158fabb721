/** The engine: look, decide, act, until the run has ended or this invocation must. */
import { after, between, type EpochMs } from '../time.ts';
import type { Run } from '../types.ts';
import { act } from './act.ts';
import { decide } from './decide.ts';
import { ANSWER_WITHIN, SEND_WITHIN } from './limits.ts';
import { look } from './look.ts';
import type { Sight } from './sight.ts';
import { hasEnded, isOpen } from './target.ts';
import type { World } from './world.ts';

/**
 * Carries a run on as far as it goes before `until`. What comes back has ended, or is in the ledger as far as
 * it got. No restart is called that could not be answered before `until`.
 */
export async function carry(run: Run, world: World, until: EpochMs): Promise<Run> {
  const { clock, ledger } = world;
  let current = run;
  let sight: Sight | undefined;
  for (;;) {
    sight = await look(current, world, sight);
    const decision = decide(current, sight, world.settings, clock.now());
    current = decision.run;
    await ledger.save(current);
    const hasTime = after(after(clock.now(), SEND_WITHIN), ANSWER_WITHIN) < until;
    if (hasTime) current = await act(current, decision.batches, sight, world);
    if (decision.batches.length > 0 && !current.targets.some(isOpen)) continue;
    if (hasEnded(current) || decision.lookAt === undefined || decision.lookAt >= until) return current;
    await clock.sleep(between(clock.now(), decision.lookAt));
  }
}
