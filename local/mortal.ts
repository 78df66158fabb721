/**
 * An instance of a function that can die where it meets the world. What has left it arrives; from then on nothing
 * it waits for comes, and nothing it does reaches the cloud, the ledger or the log.
 */
import { setMaxListeners } from 'node:events';
import type { HttpRequest, HttpResponse, Transport } from '../lib/huawei/transport.ts';
import type { Ledger } from '../lib/ledger/ledger.ts';
import type { Deadline } from '../lib/time.ts';
import type { LocalClock } from './clock.ts';
import type { LocalPlatform } from './ground.ts';

/** Does what is asked for when it is its turn. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** In one process there is no other way to stop a handler than to let it wait. */
const forEver = (): Promise<never> => new Promise(() => undefined);

/** Strikes an instance down before or after something it does: a step of the ledger by its name, or an HTTP call. */
export interface Strikes<Effect> {
  begin(does: string | HttpRequest): Effect;
  isStruck(effect: Effect, side: 'before' | 'after'): boolean;
}

/** It dies of nothing but its time limit. */
export const nothingStrikes: Strikes<undefined> = { begin: () => undefined, isStruck: () => false };

export function mortal<Effect>(
  platform: LocalPlatform,
  strikes: Strikes<Effect>,
  takeTurn: InTurn = (work) => work(),
): LocalPlatform {
  const death = new AbortController();
  // Everything that an invocation waits for at once listens for it.
  setMaxListeners(0, death.signal);
  const isDead = () => death.signal.aborted;
  const onTheWay = new Set<Promise<unknown>>();
  const deadlines = new Set<Deadline>();
  const transports = new Set<Transport>();

  function die(): void {
    if (isDead()) return;
    death.abort();
    void Promise.allSettled(onTheWay).then(async () => {
      for (const deadline of deadlines) deadline.clear();
      for (const transport of transports) await transport.close();
    });
  }

  async function meet<Result>(does: string | HttpRequest, work: () => Promise<Result>): Promise<Result> {
    if (isDead()) return forEver();
    const effect = strikes.begin(does);
    const dies = (side: 'before' | 'after') => {
      if (!isDead() && strikes.isStruck(effect, side)) die();
      return isDead();
    };
    if (dies('before')) return forEver();
    const working = work();
    onTheWay.add(working);
    try {
      const result = await working;
      return dies('after') ? await forEver() : result;
    } catch (error) {
      if (dies('after')) await forEver();
      throw error;
    } finally {
      onTheWay.delete(working);
    }
  }

  return {
    clock: mortalClock(platform.clock, death.signal, deadlines, die),
    ledger: new Proxy(platform.ledger, {
      get(ledger, step: keyof Ledger) {
        const does = ledger[step] as unknown;
        if (typeof does !== 'function') return does;
        return (...args: readonly unknown[]) =>
          meet(`ledger ${step}`, () => does.apply(ledger, args) as Promise<unknown>);
      },
    }),
    transport() {
      const transport = platform.transport();
      transports.add(transport);
      // One that still waits for its turn has not left.
      const sent = (request: HttpRequest): Promise<HttpResponse> =>
        takeTurn(() => (isDead() ? Promise.reject(new Error('never sent')) : transport.send(request)));
      return {
        send: (request) => meet(request, () => sent(request)),
        close: () => (isDead() ? forEver() : transport.close()),
      };
    },
    writeLine: (line) => (isDead() ? undefined : platform.writeLine(line)),
  };
}

function mortalClock(
  clock: LocalClock,
  death: AbortSignal,
  deadlines: Set<Deadline>,
  die: () => void,
): LocalClock {
  return {
    now: clock.now,
    hang: clock.hang,
    async sleep(span, signal) {
      if (death.aborted) return forEver();
      await clock.sleep(span, signal === undefined ? death : AbortSignal.any([signal, death]));
      return death.aborted ? forEver() : undefined;
    },
    deadline(span) {
      // Nothing of the dead is waited for: nor may it stop the clock.
      if (death.aborted) return { signal: new AbortController().signal, clear: () => undefined };
      const deadline = clock.deadline(span);
      deadlines.add(deadline);
      return {
        signal: deadline.signal,
        clear() {
          deadlines.delete(deadline);
          deadline.clear();
        },
      };
    },
    limit(span) {
      const limit = clock.limit(span);
      // The platform ends the process of an invocation whose time is up.
      limit.signal.addEventListener('abort', die, { once: true });
      return { signal: AbortSignal.any([limit.signal, death]), clear: () => limit.clear() };
    },
  };
}
