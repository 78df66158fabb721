/** The engine: look, decide, act, until the run has ended or this invocation must. */
import { after, between, type EpochMs, earliest } from '../time.ts';
import { hasEnded, type Lease, type Run, type Target } from '../types.ts';
import { act } from './act.ts';
import { decide } from './decide.ts';
import { handOver } from './hand-over.ts';
import { keepingLease, keepingPulse } from './keep-lease.ts';
import { ACT_WITHIN, ANSWER_WITHIN, LEASE_RENEWED, SEND_WITHIN } from './limits.ts';
import { look } from './look.ts';
import { resolved } from './resolve.ts';
import type { Sight } from './sight.ts';
import { isOpen } from './target.ts';
import { tellOfTrouble } from './trouble.ts';
import type { Until, World } from './world.ts';

/**
 * Carries a run on as far as there is time. What comes back has ended, or is in the ledger as far as it got. No
 * restart is called that could not be answered in time.
 * @throws LeaseLost when somebody else drives it by now
 */
export async function carry(run: Run, lease: Lease, world: World, until: Until): Promise<Run> {
  const { clock, ledger, log } = world;
  const keeping = <Result>(work: Promise<Result>) => keepingLease(work, lease, world);
  let current = run.state === 'resolving' ? await keeping(resolved(run, world)) : run;
  let sight: Sight | undefined;
  while (!hasEnded(current)) {
    await ledger.renew(lease, clock.now());
    current = withJoined(current, await ledger.joined(lease));
    const looked = await keepingPulse(look(current, world, { previous: sight }), lease, world);
    sight = looked.result;
    const isOld =
      looked.wasFrozen || (await keepingPulse(tellOfTrouble(sight, world), lease, world)).wasFrozen;
    if (isOld) {
      // What an instance saw before it was frozen is not what is there now.
      if (clock.now() < until.work) continue;
      await ledger.save(current, lease);
      return current;
    }
    const decision = decide(current, sight, world.settings, clock.now());
    current = hasEnded(decision.run) ? await keeping(handOver(decision.run, world)) : decision.run;
    await ledger.save(current, lease);
    // A call before may have taken long: each is made on a fresh look, in time, and inside the run.
    const { at: lookedAt } = sight;
    const mayCall = (): boolean => {
      const now = clock.now();
      const isAnswered = after(after(now, SEND_WITHIN), ANSWER_WITHIN) < until.answer;
      if (!isAnswered) log.warn('no restart is called: too little of the invocation is left', {});
      return isAnswered && now < current.endsAt && between(lookedAt, now) <= ACT_WITHIN;
    };
    current = await act(current, lease, decision, sight, world, mayCall);
    if (decision.batches.length > 0 && !current.targets.some(isOpen)) continue;
    if (hasEnded(current)) current = await reopened(current, lease, world);
    else if (decision.lookAt === undefined || decision.lookAt >= until.work) return current;
    else await sleepUntil(decision.lookAt, lease, world);
  }
  await ledger.save(current, lease);
  return current;
}

/** An alarm that joined while the run came to its end is not lost with it, nor with the instance that ended it. */
export async function reopened(run: Run, lease: Lease, { ledger }: World): Promise<Run> {
  const late = withJoined(run, await ledger.joined(lease));
  if (late === run) return run;
  const { endedAt: _, awaitsGathering: __, ...rest } = late;
  return { ...rest, state: 'running' };
}

/** Nobody takes a run for abandoned because its driver waits. */
async function sleepUntil(moment: EpochMs, lease: Lease, { clock, ledger }: World): Promise<void> {
  for (let now = clock.now(); now < moment; now = clock.now()) {
    await clock.sleep(between(now, earliest(moment, after(now, LEASE_RENEWED))));
    if (clock.now() < moment) await ledger.renew(lease, clock.now());
  }
}

/**
 * Targets that alarms added, each server once, however many of them mean it; named if one of them names it. Those that
 * the run has already stay as they are.
 */
function withJoined(run: Run, targets: readonly Target[]): Run {
  const known = new Set(run.targets.map(({ encodeServerId }) => encodeServerId));
  const added = new Map<string, Target>();
  for (const target of targets) {
    const { encodeServerId } = target;
    if (known.has(encodeServerId) || added.get(encodeServerId)?.named === true) continue;
    added.set(encodeServerId, target);
  }
  return added.size === 0 ? run : { ...run, targets: [...run.targets, ...added.values()] };
}
