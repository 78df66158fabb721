/** The calls for a function's asynchronous settings: retries, age, and where results go. */
import { iso } from '../../lib/time.ts';
import type { Route } from '../cloud/route.ts';
import { expected, Refused } from './refused.ts';
import { type Deployment, type Fields, fieldsOf, NOTHING, named, ok, route } from './routing.ts';
import type { AsyncConfig, DeployedFunction, Destination } from './state.ts';
import { latest } from './urn.ts';

const PATH = '/functions/:function_urn/async-invoke-config';
const KEYS = [
  'max_async_retry_attempts',
  'max_async_event_age_in_seconds',
  'destination_config',
  'enable_async_status_log',
];
/** What the JSON text of a destination must name. */
const TARGETS: Readonly<Record<string, string>> = {
  SMN: 'topic_urn',
  FunctionGraph: 'func_urn',
  OBS: 'bucket',
  DIS: 'stream_name',
};

export const asyncConfigRoutes = (deployment: Deployment): readonly Route[] => [
  route('UpdateFunctionAsyncInvokeConfig', 'PUT', PATH, (call) => {
    const deployed = named(deployment, call);
    const now = iso(call.now);
    const created_time = deployed.asyncConfig?.created_time ?? now;
    const asyncConfig = { ...readSettings(fieldsOf(call), deployed), created_time, last_modified: now };
    deployment.put({ ...deployed, asyncConfig });
    return ok({ func_urn: latest(deployed.urn), ...asyncConfig });
  }),
  route('ShowFunctionAsyncInvokeConfig', 'GET', PATH, (call) => {
    const { urn, asyncConfig } = named(deployment, call);
    if (asyncConfig === undefined)
      throw new Refused('FSS.0404', 'The function has no asynchronous settings.');
    return ok({ func_urn: latest(urn), ...asyncConfig });
  }),
  route('DeleteFunctionAsyncInvokeConfig', 'DELETE', PATH, (call) => {
    const { asyncConfig, ...rest } = named(deployment, call);
    if (asyncConfig === undefined)
      throw new Refused('FSS.0404', 'The function has no asynchronous settings.');
    deployment.put(rest);
    return NOTHING;
  }),
];

function readSettings(
  fields: Fields,
  deployed: DeployedFunction,
): Omit<AsyncConfig, 'created_time' | 'last_modified'> {
  const unknown = Object.keys(fields).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Refused('FSS.0400', `${unknown}: there is no such field`);
  const { destination_config, enable_async_status_log } = fields;
  if (destination_config !== undefined) checkDestinations(destination_config, deployed);
  return {
    max_async_retry_attempts: within(fields, 'max_async_retry_attempts', 0, 3, 1),
    max_async_event_age_in_seconds: within(fields, 'max_async_event_age_in_seconds', 1, 86_400, 3_600),
    ...(destination_config === undefined ? {} : { destination_config: destination_config as object }),
    ...(enable_async_status_log === undefined
      ? {}
      : { enable_async_status_log: enable_async_status_log === true }),
  };
}

function within(fields: Fields, key: string, least: number, most: number, otherwise: number): number {
  const value = fields[key] ?? otherwise;
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
    throw expected('FSS.0400', key, `a whole number from ${least} to ${most}`, value);
  }
  return Number(value);
}

function checkDestinations(given: unknown, { config }: DeployedFunction): void {
  for (const [when, destination] of Object.entries(given as Fields)) {
    const place = `destination_config.${when}`;
    if (when !== 'on_success' && when !== 'on_failure')
      throw new Refused('FSS.0400', `${place}: there is no such field`);
    const { destination: kind = '', param } = (destination ?? {}) as Partial<Destination>;
    const target = TARGETS[kind];
    if (target === undefined) {
      throw expected('FSS.0400', `${place}.destination`, Object.keys(TARGETS).join(', '), kind);
    }
    if (targetIn(param, target) === undefined) {
      throw expected('FSS.0400', `${place}.param`, `a JSON text with ${target}`, param);
    }
    if (!config.xrole) {
      throw new Refused(
        'FSS.0400',
        `${place}: expected an agency (xrole) on the function, which may call ${kind}`,
      );
    }
  }
}

/** What the JSON text of a destination names under `key`. */
export function targetIn(param: unknown, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(String(param))?.[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
