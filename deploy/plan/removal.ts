/** What goes when a function goes: what it is ours by, and which of its triggers. Pure. */
import type { Deployed } from '../cloud/deployed.ts';
import { nameOf } from './describe.ts';
import { type DeploymentRecord, placeMark, readRecord } from './record.ts';
import { planTriggers, type TriggerPlan } from './triggers.ts';

export interface Removal {
  readonly name: string;
  /** With `:latest`. */
  readonly urn: string;
  readonly triggers: TriggerPlan;
}

export const planRemoval = (name: string, urn: string, { triggers, config }: Deployed): Removal => ({
  name,
  urn,
  triggers: planTriggers([], triggers, readRecord(config.variables)),
});

/** A function with somebody else's trigger stays. */
export const goes = ({ triggers }: Removal): boolean => triggers.left.length === 0;

/** Whether it is there to be done, and not done before. */
export const isWork = (removal: Removal): boolean => goes(removal) || removal.triggers.remove.length > 0;

export function describeRemoval(removal: Removal): readonly string[] {
  const { name, triggers } = removal;
  const ours = triggers.remove.map((trigger) => `  - ${nameOf(trigger)}`);
  if (goes(removal)) return [`- ${name}`, ...ours];
  const theirs = triggers.left.map((trigger) => `  left alone: ${nameOf(trigger)}, which is not ours`);
  return [`${name} stays, for the sake of what is not ours`, ...ours, ...theirs];
}

/** What is said of it where nobody has asked for it to go. */
export function describeStaying(removal: Removal): readonly string[] {
  if (!isWork(removal)) return describeRemoval(removal);
  const what = goes(removal) ? 'it' : 'those of its triggers that are ours';
  return [`${stillThere(removal)}: "${PRUNE}" deletes ${what}`];
}

export const stillThere = ({ name }: Pick<Removal, 'name'>): string =>
  `${name} is deployed and no longer in serverless.yml, and still runs`;

export const PRUNE = 'serverless deploy --prune';

/**
 * Whether a function that serverless.yml does not name is this deployment's. `copy`: its record was written for
 * another function. `unsure`: it is of a deployment that did not write down for which, and has no name that we give.
 * `ours` with such a record rests on the name alone: it goes only where somebody has asked for that.
 *
 * @param usual the names that functions of the deployment have unless serverless.yml gives others
 */
export function whoseIs(
  { urn, name }: { readonly urn: string; readonly name: string },
  record: DeploymentRecord | undefined,
  of: string,
  usual: ReadonlySet<string>,
): 'ours' | 'unsure' | 'copy' | 'not ours' {
  if (record?.of !== of) return 'not ours';
  if (record.at !== '') return record.at === placeMark(urn) ? 'ours' : 'copy';
  return usual.has(name) ? 'ours' : 'unsure';
}
