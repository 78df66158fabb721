/**
 * An instance of a function: it lives from its invocation to its end, unless it dies or is frozen where it meets the
 * world. Before and after every effect is such a place.
 */
import { after, type Clock, epochMs, milliseconds, onAbort } from '../../lib/time.ts';
import { createWitness, type Witness } from '../book/book.ts';
import type { Op } from '../history/history.ts';
import type { Instance } from './alive.ts';
import { strikeDown } from './blows.ts';
import type { Stage } from './stage.ts';

export function createInstance(
  stage: Stage,
  given: Pick<Witness, 'name' | 'settings' | 'asked' | 'said'>,
): Instance {
  const { skew } = stage.history.platform;
  const off = skew === 0 ? 0 : stage.dice.int(-skew, skew);
  const begunAt = stage.scheduler.now();
  return {
    name: given.name,
    witness: createWitness({ ...given, skew: off, begunAt }),
    isDead: false,
    thawAt: begunAt,
    onDeath: () => undefined,
  };
}

export interface Effect<Result> {
  readonly op: Op;
  /** How long it takes to get there and back. */
  readonly takes: number;
  /** What it does when it arrives; a promise only where somebody outside has to answer. */
  readonly does: () => Promise<Result> | Result;
  /** Whom a blow beside it is about. */
  readonly ids?: readonly string[];
}

/** One meeting with the world. What has left arrives, also when its sender has died by then. */
export function meet<Result>(stage: Stage, instance: Instance, effect: Effect<Result>): Promise<Result> {
  const { scheduler, tally } = stage;
  const { op, takes, does, ids } = effect;
  return new Promise((resolve, reject) => {
    if (instance.isDead) return;
    tally.counts.steps += 1;
    strikeDown(stage, instance, op, 'before', ids);
    if (instance.isDead) return;
    const leavesAt = Math.max(scheduler.now(), instance.thawAt);
    scheduler.at(epochMs(leavesAt + takes), () => {
      stage.trace?.(() => `${instance.name} ${op}`);
      let done: Promise<Result> | Result;
      try {
        done = does();
      } catch (error) {
        answer(() => reject(error));
        return;
      }
      if (!(done instanceof Promise)) {
        const value = done;
        answer(() => resolve(value));
        return;
      }
      const settled = done.then(
        (value) => answer(() => resolve(value)),
        (error: unknown) => answer(() => reject(error)),
      );
      scheduler.during(settled);
    });
    function answer(goOn: () => void): void {
      if (instance.isDead) return;
      strikeDown(stage, instance, op, 'after', ids);
      goOnAwake(stage, instance, goOn);
    }
  });
}

/** Goes on now, or when it thaws; never when it has died. */
function goOnAwake({ scheduler }: Stage, instance: Instance, goOn: () => void): void {
  if (instance.isDead) return;
  if (instance.thawAt <= scheduler.now()) goOn();
  else
    scheduler.at(instance.thawAt, function awake() {
      if (instance.isDead) return;
      if (instance.thawAt > scheduler.now()) scheduler.at(instance.thawAt, awake);
      else goOn();
    });
}

/** Its own clock: a little ahead or behind, and it stands still for nobody. */
export function clockOf(stage: Stage, instance: Instance): Clock {
  const { scheduler } = stage;
  const now = () => epochMs(scheduler.now() + instance.witness.skew);
  return {
    now,
    sleep: (span, signal) =>
      new Promise((resolve) => {
        const dueAt = after(scheduler.now(), milliseconds(Math.max(0, span)));
        const cancel = scheduler.at(dueAt, () => goOnAwake(stage, instance, resolve));
        onAbort(signal, () => {
          cancel();
          resolve();
        });
      }),
    deadline() {
      throw new Error('expected no deadline: the calls of a played world bring their own');
    },
  };
}
