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
const GROUPS: readonly Readonly<Record<string, Fault>>[] = [
  restartCall,
  refusals,
  answers,
  items,
  jobs,
  lists,
  network,
  smn,
  deliveries,
];

export const FAULTS: ReadonlyMap<string, Fault> = new Map(
  GROUPS.flatMap((group) => Object.values(group)).map((fault) => [fault.name, fault]),
);

/** The fault of that name; an error that lists the known ones when there is none. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.get(name);
  if (fault === undefined) {
    throw new Error(`Expected a fault to be one of ${[...FAULTS.keys()].join(', ')}, got ${name}`);
  }
  return fault;
}
