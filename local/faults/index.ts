/** The faults that can be asked for by name. */
import * as answers from './answers.ts';
import * as deliveries from './deliveries.ts';
import type { Fault } from './fault.ts';
import * as items from './items.ts';
import * as jobs from './jobs.ts';
import * as lists from './lists.ts';
import * as network from './network.ts';
import * as refusals from './refusals.ts';
import * as restartCall from './restart-call.ts';
import * as smn from './smn.ts';

export type { Fault, FaultInstance, Seen, Setting } from './fault.ts';
export { OPENS_AT, settingOf } from './setting.ts';

/** Grouped by where they strike. */
export const FAULT_GROUPS: ReadonlyMap<string, readonly Fault[]> = new Map(
  Object.entries({
    'The restart call does not arrive, or its answer is lost': restartCall,
    'CPH or the gateway refuses the restart call': refusals,
    'The answer to the restart call is not as documented': answers,
    'CPH refuses single servers': items,
    'Jobs fail, lie or are lost': jobs,
    'Lists and states mislead': lists,
    'Network, credentials and clocks': network,
    'SMN does not take the report': smn,
    'Events and invocations': deliveries,
  }).map(([title, group]) => [title, Object.values<Fault>(group)]),
);

export const FAULTS: ReadonlyMap<string, Fault> = new Map(
  [...FAULT_GROUPS.values()].flat().map((fault) => [fault.name, fault]),
);

/** The fault of that name; an error that lists the known ones when there is none. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.get(name);
  if (fault === undefined) {
    throw new Error(`Expected a fault to be one of ${[...FAULTS.keys()].join(', ')}, got ${name}`);
  }
  return fault;
}
