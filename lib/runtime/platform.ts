/** What a function stands on: time, network, memory and a place for its log. The host decides which. */
import { type Transport, undiciTransport } from '../huawei/transport.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory.ts';
import type { OpenLedger } from '../ledger/opened.ts';
import { type Clock, milliseconds, systemClock } from '../time.ts';
import type { WriteLine } from './log.ts';

export interface Platform {
  readonly clock: Clock;
  /** Connections for one invocation: those of a frozen instance are dead when it wakes. */
  readonly transport: () => Transport;
  /** One that this host hands to all functions, or how to open the one that an invocation's variables name. */
  readonly ledger: Ledger | ((place: LedgerPlace) => Promise<OpenLedger>);
  readonly writeLine: WriteLine;
}

export interface LedgerPlace {
  readonly variable: (name: string) => string | undefined;
  /** `<region>:<project>:<stage>`: deployments beside each other keep their ledgers apart by it. */
  readonly tag: string;
}

/**
 * FunctionGraph itself: this machine's clock and network; the Redis that LEDGER_URL names, connected to for each
 * invocation as everything is, or a ledger that lives as long as the instance.
 */
export const functionGraph = (): Platform => {
  const own = memoryLedger({ shared: false });
  return {
    clock: systemClock,
    transport: undiciTransport,
    ledger: ({ variable, tag }) => openLedger(variable, tag, own),
    writeLine: (line) => process.stdout.write(`${line}\n`),
  };
};

async function openLedger(variable: LedgerPlace['variable'], tag: string, own: Ledger): Promise<OpenLedger> {
  const url = variable('LEDGER_URL');
  if (url === undefined) return given(own);
  const ca = variable('LEDGER_CA');
  // A file of its own in the bundle (scripts/build.ts): without Redis nothing of it is loaded.
  const redis = await import('../ledger/redis/index.ts');
  return redis.openLedger(url, { tag, now: systemClock.now, ...(ca === undefined ? {} : { ca }) });
}

/** A ledger that needs no opening: its time is this machine's. */
export const given = (ledger: Ledger): OpenLedger => ({
  ledger,
  ahead: milliseconds(0),
  close: async () => undefined,
});
