/** Functions that were deployed and are no longer in serverless.yml. */
import { HuaweiError } from '../lib/huawei/errors.ts';
import { type Service, TRIGGERS_OF } from './check/service.ts';
import type { Listed, Management } from './cloud/management.ts';
import { urnOf } from './compose.ts';
import { readRecord } from './plan/record.ts';
import { planRemoval, type Removal, whoseIs } from './plan/removal.ts';

export interface TakenOut {
  readonly ours: readonly Removal[];
  /** Most likely ours, but nobody can know. */
  readonly unsure: readonly Removal[];
  /** Names of functions that have the record of another: they are somebody's copies. */
  readonly copies: readonly string[];
  /** Why they could not be looked for. */
  readonly unknown?: string;
}

export async function lookForTakenOut(service: Service, management: Management): Promise<TakenOut> {
  const listed = await listedIn(management);
  if (typeof listed === 'string') return { ours: [], unsure: [], copies: [], unknown: listed };
  const of = `${service.name}/${service.stage}`;
  const prefix = `${service.name}-${service.stage}-`;
  const usual = new Set(Object.keys(TRIGGERS_OF).map((key) => `${prefix}${key}`));
  const wanted = new Set(service.functions.map(({ config }) => placeOf(urnOf(service, config.name))));
  const mayBeOurs = ({ urn, name, variables }: Listed) =>
    !wanted.has(placeOf(urn)) &&
    (variables === undefined ? name.startsWith(prefix) : readRecord(variables)?.of === of);
  const found = await Promise.all(
    listed.filter(mayBeOurs).map(async ({ name, urn: shown }) => {
      const urn = latest(shown);
      return { name, urn, deployed: await management.look(urn) };
    }),
  );
  const judged = found.flatMap(({ name, urn, deployed }) => {
    if (deployed === undefined) return [];
    const record = readRecord(deployed.config.variables);
    return [{ whose: whoseIs({ urn, name }, record, of, usual), removal: planRemoval(name, urn, deployed) }];
  });
  const those = (which: (typeof judged)[number]['whose']) =>
    judged.filter(({ whose }) => whose === which).map(({ removal }) => removal);
  return { ours: those('ours'), unsure: those('unsure'), copies: those('copy').map(({ name }) => name) };
}

/** What else there is, in words: it is left alone, or could not be looked for. */
export const describeOthers = ({ unsure, copies, unknown }: TakenOut): readonly string[] => [
  ...unsure.map(
    ({ name }) =>
      `left alone: ${name} is deployed and no longer in serverless.yml, and may be a copy. Delete it in the console, or with "serverless remove", which takes all away`,
  ),
  ...copies.map((name) => `left alone: ${name}, a copy of a function of ours`),
  ...(unknown === undefined ? [] : [`Not looked for: functions taken out of serverless.yml. ${unknown}`]),
];

/** Who may not list functions can still deploy those that serverless.yml names. */
async function listedIn(management: Management): Promise<readonly Listed[] | string> {
  try {
    return await management.list();
  } catch (error) {
    if (!(error instanceof HuaweiError) || !isForbidden(error)) throw error;
    return `Allow functiongraph:function:list: ${error.message}`;
  }
}

const isForbidden = ({ kind, httpStatus }: HuaweiError): boolean =>
  kind === 'not_authorised' || httpStatus === 403;

/** Region, project, group and name: neither its prefix nor its version. */
const placeOf = (urn: string): string => urn.split(':').slice(2, 7).join(':');
const latest = (urn: string): string => (urn.split(':').length > 7 ? urn : `${urn}:latest`);
