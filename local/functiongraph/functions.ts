/** The calls that create, show, change and remove functions. */
import { iso } from '../../lib/time.ts';
import type { Call, Route } from '../cloud/route.ts';
import { codeBody, configBody } from './bodies.ts';
import { MOST_BODY_BYTES, readCode } from './code.ts';
import { readConfig } from './fields.ts';
import { expected, Refused } from './refused.ts';
import { type Deployment, fieldsOf, NOTHING, named, ok, route } from './routing.ts';
import type { DeployedFunction } from './state.ts';
import { readUrn, urnOf } from './urn.ts';

const MOST_FUNCTIONS = 400;
const MOST_LISTED = 400;
const DEFAULT_INSTANCES = 400;
const ONE = '/functions/:function_urn';

export const functionRoutes = (deployment: Deployment): readonly Route[] => [
  route(
    'CreateFunction',
    'POST',
    '/functions',
    (call) => {
      const { model } = deployment;
      const fields = fieldsOf(call);
      const config = readConfig(fields);
      const code = readCode(fields);
      const urn = urnOf(model, config.package, config.func_name);
      if (deployment.find(urn) !== undefined) throw new Refused('FSS.0409', `There is ${urn}.`);
      if (deployment.all().length >= MOST_FUNCTIONS) {
        throw new Refused('FSS.1041', `Expected at most ${MOST_FUNCTIONS}.`);
      }
      const lastModified = iso(call.now);
      const created = { urn, config, code, maxInstances: DEFAULT_INSTANCES, lastModified, triggers: [] };
      deployment.put(created);
      return ok(configBody(deployment.model, created));
    },
    MOST_BODY_BYTES,
  ),
  route('ListFunctions', 'GET', '/functions', ({ query }) => {
    const from = numberIn(query, 'marker', 0, Number.MAX_SAFE_INTEGER);
    const most = numberIn(query, 'maxitems', MOST_LISTED, MOST_LISTED);
    const matching = deployment.all().filter(({ config }) => isAsked(config, query));
    const page = matching.slice(from, from + most);
    return ok({
      functions: page.map((one) => configBody(deployment.model, one)),
      next_marker: from + page.length,
      count: matching.length,
    });
  }),
  route('DeleteFunction', 'DELETE', ONE, (call) => {
    const { urn } = named(deployment, call);
    if (readUrn(call.params['function_urn'] ?? '').version !== undefined) {
      throw new Refused(
        'FSS.0403',
        'The latest version cannot be deleted: expected a URN without a version.',
      );
    }
    deployment.remove(urn);
    return NOTHING;
  }),
  route('ShowFunctionConfig', 'GET', `${ONE}/config`, (call) =>
    ok(configBody(deployment.model, named(deployment, call))),
  ),
  route('UpdateFunctionConfig', 'PUT', `${ONE}/config`, (call) => {
    const deployed = named(deployment, call);
    const fields = fieldsOf(call);
    const config = readConfig({ package: deployed.config.package, ...fields });
    for (const [key, code] of FIXED) {
      if (config[key] !== deployed.config[key]) {
        throw expected(code, key, `${deployed.config[key]}, which cannot be changed`, config[key]);
      }
    }
    const changed = { ...deployed, config, lastModified: iso(call.now) };
    deployment.put(changed);
    return ok(configBody(deployment.model, changed));
  }),
  route('ShowFunctionCode', 'GET', `${ONE}/code`, (call) => {
    const deployed = named(deployment, call);
    return ok({ ...codeBody(deployed), func_code: { file: deployed.code.file, link: '' } });
  }),
  route(
    'UpdateFunctionCode',
    'PUT',
    `${ONE}/code`,
    (call) => {
      const deployed = named(deployment, call);
      const code = readCode(fieldsOf(call));
      if (code.digest === deployed.code.digest)
        throw new Refused('FSS.0409', 'The code is what is deployed.');
      const changed = { ...deployed, code, lastModified: iso(call.now) };
      deployment.put(changed);
      return ok(codeBody(changed));
    },
    MOST_BODY_BYTES,
  ),
  route('UpdateFunctionMaxInstanceConfig', 'PUT', `${ONE}/config-max-instance`, (call) => {
    const deployed = named(deployment, call);
    const { max_instance_num: most } = fieldsOf(call);
    if (!Number.isInteger(most) || Number(most) < -1 || Number(most) > 1_000) {
      throw expected('FSS.0400', 'max_instance_num', 'a whole number from -1 to 1000', most);
    }
    const changed = { ...deployed, maxInstances: Number(most), lastModified: iso(call.now) };
    deployment.put(changed);
    return ok(configBody(deployment.model, changed));
  }),
];

/** What a function keeps for life. */
const FIXED = [
  ['runtime', 'FSS.1005'],
  ['package', 'FSS.1004'],
  ['func_name', 'FSS.1002'],
] as const;

function isAsked({ func_name, package: group }: DeployedFunction['config'], query: Call['query']): boolean {
  return func_name.includes(query.get('func_name') ?? '') && (query.get('package_name') ?? group) === group;
}

function numberIn(query: Call['query'], key: string, otherwise: number, most: number): number {
  const given = query.get(key);
  if (given === null || given === '') return otherwise;
  if (!/^\d{1,9}$/.test(given) || Number(given) > most) {
    throw expected('FSS.1001', key, `a whole number from 0 to ${most}`, given);
  }
  return Number(given);
}
