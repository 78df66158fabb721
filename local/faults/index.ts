/** The faults that can be asked for by name. */
import type { Fault } from './fault.ts';
import { itemErrorFault, jobFailed, jobStuck } from './jobs.ts';
import { cphAway, listInvalid, lostAnswer, refusedAnswer, serverBusy, throttled } from './restart-call.ts';

export type { Fault, FaultInstance } from './fault.ts';

const ALL: readonly Fault[] = [
  lostAnswer,
  refusedAnswer,
  throttled,
  itemErrorFault,
  jobFailed,
  jobStuck,
  listInvalid,
  serverBusy,
  cphAway,
];

export const FAULTS: ReadonlyMap<string, Fault> = new Map(ALL.map((fault) => [fault.name, fault]));

/** The fault of that name; an error that lists the known ones when there is none. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.get(name);
  if (fault === undefined) {
    throw new Error(`Expected a fault to be one of ${[...FAULTS.keys()].join(', ')}, got ${name}`);
  }
  return fault;
}
