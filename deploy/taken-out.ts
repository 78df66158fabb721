/** Functions that were deployed and are no longer in serverless.yml. */
import { HuaweiError } from '../lib/huawei/errors.ts';
import { type Service, TRIGGERS_OF } from './check/service.ts';
import type { Deployed } from './cloud/deployed.ts';
import type { Listed, Management } from './cloud/management.ts';
import { urnOf } from './compose.ts';
import { placeOf, readRecord } from './plan/record.ts';
import { planRemoval, type Removal, whoseIs } from './plan/removal.ts';

export interface TakenOut {
  /** Deleted where somebody asks for it: by `deploy --prune`, or by `remove`. */
  readonly ours: readonly Removal[];
  /** Names of functions that may be ours, or somebody's copies: nobody can know, and they are left alone. */
  readonly unsure: readonly string[];
  /** Names of functions that have the record of another: they are somebody's copies. */
  readonly copies: readonly string[];
  /** What could not be looked for or at, and why: a line each. */
  readonly unknown: readonly string[];
}

type Found = Pick<Listed, 'name' | 'urn'> & { readonly deployed: Deployed | undefined };

export async function lookForTakenOut(service: Service, management: Management): Promise<TakenOut> {
  const listed = await orWhy(management.list(), notListed);
  if (typeof listed === 'string') return { ours: [], unsure: [], copies: [], unknown: [listed] };
  const of = `${service.name}/${service.stage}`;
  const prefix = `${service.name}-${service.stage}-`;
  const usual = new Set(Object.keys(TRIGGERS_OF).map((key) => `${prefix}${key}`));
  const wanted = new Set(service.functions.map(({ config }) => placeOf(urnOf(service, config.name))));
  const mayBeOurs = ({ urn, name, variables }: Listed) => {
    if (wanted.has(placeOf(urn))) return false;
    // The list need not show variables, nor all of them: then the function itself is looked at.
    const record = variables && readRecord(variables);
    return record === undefined ? name.startsWith(prefix) : record.of === of;
  };
  const looked = await Promise.all(
    listed.filter(mayBeOurs).map(({ name, urn: shown }) => {
      const urn = latest(shown);
      const found = management.look(urn).then((deployed): Found => ({ name, urn, deployed }));
      return orWhy(found, (error) => notLookedAt(name, error));
    }),
  );
  const judged = looked.flatMap((found) => {
    if (typeof found === 'string' || found.deployed === undefined) return [];
    const { name, urn, deployed } = found;
    const record = readRecord(deployed.config.variables);
    return [{ whose: whoseIs({ urn, name }, record, of, usual), removal: planRemoval(name, urn, deployed) }];
  });
  const those = (which: (typeof judged)[number]['whose']) =>
    judged.filter(({ whose }) => whose === which).map(({ removal }) => removal);
  return {
    ours: those('ours'),
    unsure: those('unsure').map(({ name }) => name),
    copies: those('copy').map(({ name }) => name),
    unknown: looked.filter((found) => typeof found === 'string'),
  };
}

/** What else there is, in words: it is left alone, or could not be looked for. */
export const describeOthers = ({ unsure, copies, unknown }: TakenOut): readonly string[] => [
  ...unsure.map(
    (name) =>
      `left alone: ${name} is deployed and no longer in serverless.yml, and may be a copy. If nobody needs it, delete it in the console`,
  ),
  ...copies.map((name) => `left alone: ${name}, a copy of a function of ours`),
  ...unknown,
];

/** What serverless.yml names is deployed and removed also where nobody can see what else there is. */
async function orWhy<Value>(
  asked: Promise<Value>,
  say: (error: HuaweiError) => string,
): Promise<Value | string> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof HuaweiError)) throw error;
    return say(error);
  }
}

function notListed({ kind, httpStatus, message }: HuaweiError): string {
  const isForbidden = kind === 'not_authorised' || httpStatus === 403;
  const todo = isForbidden ? 'Allow functiongraph:function:list: ' : '';
  return `Functions taken out of serverless.yml were not looked for. ${todo}${message}`;
}

const notLookedAt = (name: string, { message }: HuaweiError): string =>
  `${name} could not be looked at, and may be a function taken out of serverless.yml. ${message}`;

const latest = (urn: string): string => (urn.split(':').length > 7 ? urn : `${urn}:latest`);
