/** Lets the platform kill an invocation between two lines: from then on nothing it waits for ever comes. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { between, type DurationMs, type EpochMs, milliseconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';

export interface MortalClock extends LocalClock {
  /** Does `work`; what it waits for after `killedAt` never comes, and its time limit ends then. */
  until<Result>(killedAt: EpochMs, work: () => Promise<Result>): Promise<Result>;
}

export function mortalClock(clock: LocalClock): MortalClock {
  const lives = new AsyncLocalStorage<EpochMs>();
  /** In one process there is no other way to stop a handler than to let it wait. */
  const isDead = (): boolean => (lives.getStore() ?? Number.POSITIVE_INFINITY) <= clock.now();
  const forEver = (): Promise<never> => new Promise(() => undefined);

  return {
    now: clock.now,
    deadline: clock.deadline,
    hang: clock.hang,
    async sleep(span, signal) {
      if (isDead()) return forEver();
      await clock.sleep(span, signal);
      return isDead() ? forEver() : undefined;
    },
    limit(span) {
      const killedAt = lives.getStore();
      return clock.limit(killedAt === undefined ? span : shorter(span, between(clock.now(), killedAt)));
    },
    until: (killedAt, work) => lives.run(killedAt, work),
  };
}

const shorter = (one: DurationMs, other: DurationMs): DurationMs => milliseconds(Math.min(one, other));
