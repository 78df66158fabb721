/** For any run and any looks: deciding is a pure function, and what has ended has ended. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Decision, decide } from '../../../lib/run/decide.ts';
import { after, type EpochMs, milliseconds, minutes } from '../../../lib/time.ts';
import { hasEnded, type Progress, type Run } from '../../../lib/types.ts';
import { tries } from '../../support/fuzz.ts';
import { attempt } from './looks.ts';
import { scenes } from './scenes.ts';

type State = Progress['state'];
const OUTCOMES: readonly State[] = ['recovered', 'not_recovered', 'rejected', 'unconfirmed'];
/** Where one look can carry a target; a claim comes from the ledger or from acting. */
const WAYS: Readonly<Record<string, readonly State[]>> = {
  waiting: ['waiting', 'held', 'claimed', 'unknown', 'accepted', 'verifying', ...OUTCOMES],
  claimed: ['claimed', 'unknown', 'accepted', 'verifying', ...OUTCOMES],
  unknown: ['unknown', 'accepted', 'verifying', ...OUTCOMES],
  accepted: ['accepted', 'verifying', ...OUTCOMES],
  verifying: ['verifying', ...OUTCOMES],
};

it('deciding twice comes to the same and leaves what it was given as it was', () => {
  fc.assert(
    fc.property(scenes, ({ run, sight, settings, now }) => {
      const before = structuredClone({ run, sight, settings });
      const first = decide(run, sight, settings, now);
      const copy = structuredClone(before);
      expect(decide(copy.run, copy.sight, copy.settings, now)).toEqual(first);
      expect({ run, sight, settings }).toEqual(before);
    }),
    { numRuns: tries(200) },
  );
});

it('no look carries a target out of an end, or what was restarted back to waiting, or leaves a run without a next look', () => {
  let ends = 0;
  fc.assert(
    fc.property(
      scenes,
      fc.array(step, { minLength: 1, maxLength: 8 }),
      ({ run, settings, now: start }, steps) => {
        let current = run;
        let now = start;
        for (const { sight, pause, hasDenied } of steps) {
          now = after(now, pause);
          const denied = hasDenied ? { denied: { code: 'CPS.0007', message: 'no' } } : {};
          const decision = decide(current, { ...sight, ...denied }, settings, now);
          for (const [index, target] of current.targets.entries()) {
            const next = decision.run.targets[index];
            const { state } = target.progress;
            expect(next?.encodeServerId).toBe(target.encodeServerId);
            if (WAYS[state] === undefined) expect(next).toBe(target);
            else expect(WAYS[state]).toContain(next?.progress.state);
          }
          if (current.stopped !== undefined || now >= current.endsAt) expect(decision.batches).toEqual([]);
          expect(decision.lookAt === undefined).toBe(hasEnded(decision.run));
          if (decision.lookAt !== undefined) expect(decision.lookAt).toBeGreaterThan(now);
          const left = decision.run.targets.filter(({ progress }) => WAYS[progress.state] !== undefined);
          expect(hasEnded(decision.run)).toBe(left.length === 0);
          if (left.length === 0) ends += 1;
          if (hasEnded(decision.run)) break;
          current = acted(decision.run, decision.batches, now);
        }
      },
    ),
    { numRuns: tries(200) },
  );
  expect(ends).toBeGreaterThan(50);
});

const step = fc.record({
  sight: scenes.map(({ sight }) => sight),
  pause: fc.constantFrom(5_000, 60_000, minutes(6), minutes(200)).map(milliseconds),
  hasDenied: fc.integer({ min: 0, max: 15 }).map((draw) => draw === 0),
});

/** As if CPH had accepted every call. */
function acted(run: Run, batches: Decision['batches'], now: EpochMs): Run {
  const called = new Map(batches.flat().map(({ target, planned }) => [target.encodeServerId, planned]));
  const targets = run.targets.map((target) => {
    const planned = called.get(target.encodeServerId);
    if (planned === undefined) return target;
    const progress: Progress = {
      state: 'accepted',
      attempt: attempt({ planned, wasRunning: planned, claimedAt: now }),
      since: now,
    };
    return { ...target, progress };
  });
  return { ...run, targets };
}
