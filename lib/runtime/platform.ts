/** What a function stands on: time, network, memory and a place for its log. The host decides which. */
import { type Transport, undiciTransport } from '../huawei/transport.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory.ts';
import { type Clock, systemClock } from '../time.ts';
import type { WriteLine } from './log.ts';

export interface Platform {
  readonly clock: Clock;
  /** Connections for one invocation: those of a frozen instance are dead when it wakes. */
  readonly transport: () => Transport;
  readonly ledger: Ledger;
  readonly writeLine: WriteLine;
}

/** FunctionGraph itself: this machine's clock and network, and a ledger that lives as long as the instance. */
export const functionGraph = (): Platform => ({
  clock: systemClock,
  transport: undiciTransport,
  ledger: memoryLedger({ shared: false }),
  writeLine: (line) => process.stdout.write(`${line}\n`),
});
