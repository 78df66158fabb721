/** Clocks for the local cloud: one whose waiting costs no real time, one that runs faster than the world, and the world's. */
import {
  after,
  type Clock,
  type Deadline,
  type DurationMs,
  type EpochMs,
  epochMs,
  milliseconds,
  onAbort,
  systemClock,
} from '../lib/time.ts';

/** What the local cloud and the function host need beyond a `Clock`. */
export interface LocalClock extends Clock {
  /** Says that a call which holds a deadline will never be answered; the result says that it no longer hangs. */
  hang(): () => void;
  /** A limit on work that itself waits and calls: a function's time limit. It does not stop time. */
  limit(span: DurationMs): Deadline;
}

interface Wait {
  readonly kind: 'sleep' | 'deadline' | 'limit';
  readonly askedAt: EpochMs;
  readonly due: EpochMs;
  readonly ring: () => void;
}

/** A chain of promises may hop over the event loop a few times before it asks for its next wait. */
const QUIET_TURNS = 4;

/**
 * A clock that jumps to the next thing waited for as soon as nobody works any more.
 *
 * A deadline that is not cleared is a real call in flight: time stands still, unless all such calls are known to
 * `hang`. When only a `limit` is left, whatever it limits is idle or busy in a way that the clock cannot see; it
 * gets `patience` of real time before its limit comes.
 */
export function virtualClock(start: EpochMs, patience: DurationMs = milliseconds(2_000)): LocalClock {
  /** In the order of asking. */
  const waits = new Set<Wait>();
  let now = start;
  let hanging = 0;
  /** Hanging calls whose deadline has passed, but whose end the server has not yet noticed. */
  let givenUp = 0;
  let quietTurns = 0;
  let looking = false;
  let patienceTimer: NodeJS.Timeout | undefined;

  const count = (kind: Wait['kind']): number => [...waits].filter((wait) => wait.kind === kind).length;

  function earliest(): Wait | undefined {
    let first: Wait | undefined;
    for (const wait of waits) if (first === undefined || wait.due < first.due) first = wait;
    return first;
  }

  /** Something changed: look again once everything that can run without time has run. */
  function stir(): void {
    clearTimeout(patienceTimer);
    quietTurns = 0;
    if (looking || waits.size === 0) return;
    looking = true;
    setImmediate(look);
  }

  function look(): void {
    const next = earliest();
    if (next !== undefined && ++quietTurns < QUIET_TURNS) {
      setImmediate(look);
      return;
    }
    looking = false;
    if (next === undefined) return;
    const callInFlight = count('deadline') !== hanging;
    if (next.due > now && callInFlight) return;
    if (next.due > now && count('limit') === waits.size) {
      patienceTimer = setTimeout(() => pass(next), patience);
      return;
    }
    pass(next);
  }

  function pass(wait: Wait): void {
    waits.delete(wait);
    if (wait.due > now) now = wait.due;
    // Time moves only while all calls hang, so a deadline that was waited for belonged to a hanging call.
    if (wait.kind === 'deadline' && wait.due > wait.askedAt && hanging > 0) {
      hanging -= 1;
      givenUp += 1;
    }
    wait.ring();
    stir();
  }

  function wait(kind: Wait['kind'], span: DurationMs, ring: () => void): Wait {
    const added: Wait = { kind, askedAt: now, due: after(now, span), ring };
    waits.add(added);
    stir();
    return added;
  }

  function abortAfter(kind: 'deadline' | 'limit', span: DurationMs): Deadline {
    const controller = new AbortController();
    const pending = wait(kind, span, () => controller.abort());
    return {
      signal: controller.signal,
      clear() {
        if (waits.delete(pending)) stir();
      },
    };
  }

  return {
    now: () => now,
    sleep: (span, signal) =>
      new Promise((resolve) => {
        const pending = wait('sleep', span, resolve);
        onAbort(signal, () => {
          if (waits.delete(pending)) stir();
          resolve();
        });
      }),
    deadline: (span) => abortAfter('deadline', span),
    limit: (span) => abortAfter('limit', span),
    hang() {
      hanging += 1;
      stir();
      let hangs = true;
      return function release() {
        if (!hangs) return;
        hangs = false;
        if (givenUp > 0) givenUp -= 1;
        else hanging -= 1;
        stir();
      };
    },
  };
}

/** The time of this machine, also after it slept. */
export const realClock: LocalClock = {
  ...systemClock,
  limit: systemClock.deadline,
  hang: () => () => undefined,
};

/** What a call over loopback may need on a busy machine, in real time. */
const LOOPBACK = 1_000;

/** Real time, `factor` times as fast. */
export function fastClock(factor: number, start: EpochMs = epochMs(Date.now())): LocalClock {
  const begun = performance.now();

  function abortAfter(real: number): Deadline {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), Math.max(0, real));
    return { signal: controller.signal, clear: () => clearTimeout(timer) };
  }

  return {
    now: () => epochMs(start + Math.floor((performance.now() - begun) * factor)),
    sleep: (span, signal) => systemClock.sleep(milliseconds(span / factor), signal),
    deadline: (span) => abortAfter(Math.max(LOOPBACK, span / factor)),
    limit: (span) => abortAfter(span / factor),
    hang: () => () => undefined,
  };
}
