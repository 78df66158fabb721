/** What is on FunctionGraph, as its API answers, read into what a plan compares. */
import * as z from 'zod/mini';
import type { WantedAsync } from '../compose.ts';

export interface Deployed {
  readonly config: DeployedConfig;
  readonly triggers: readonly DeployedTrigger[];
  readonly asyncInvoke?: DeployedAsync;
}

export interface DeployedConfig {
  readonly urn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memory_size: number;
  readonly timeout: number;
  readonly description: string;
  readonly app_xrole: string;
  readonly xrole: string;
  readonly vpc_id: string;
  readonly subnet_id: string;
  /** Absent: it does not say. */
  readonly max_instances?: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Names; absent: it does not say. */
  readonly encrypted?: readonly string[];
  /** FunctionGraph's own digest of the code; empty where it shows none. */
  readonly digest: string;
  readonly last_modified: string;
  /** Fields that we have no opinion on, to be sent back with the next update. */
  readonly kept: Readonly<Record<string, unknown>>;
}

export interface DeployedTrigger {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  /** As `WantedTrigger`'s; empty where the type is not one of ours. */
  readonly identity: string;
  readonly event_data: Readonly<Record<string, unknown>>;
}

export interface DeployedAsync extends WantedAsync {
  /** Told of more, or in another way, than we would say it. */
  readonly isOther: boolean;
}

const text = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => value ?? ''),
);
const map = z.record(z.string(), z.unknown());

/**
 * What an update must repeat, or it is gone: the API wants the full set.
 * Source: UpdateFunctionConfig, request body (SDK 3.1.209).
 */
const KEPT = [
  'initializer_handler',
  'initializer_timeout',
  'log_config',
  'enable_lts_log',
  'lts_custom_tag',
  'mount_config',
  'network_controller',
  'peering_cidr',
  'domain_names',
  'ephemeral_storage',
  'enterprise_project_id',
  'enable_dynamic_memory',
] as const;

const configAnswer = z.looseObject({
  func_urn: z.string(),
  runtime: z.string(),
  handler: z.string(),
  memory_size: z.number(),
  timeout: z.number(),
  description: text,
  app_xrole: text,
  xrole: text,
  func_vpc: z.optional(z.nullable(z.looseObject({ vpc_id: text, subnet_id: text }))),
  strategy_config: z.optional(z.nullable(z.looseObject({ concurrency: z.optional(z.nullable(z.number())) }))),
  user_data: text,
  encrypted_user_data: z.optional(z.nullable(z.string())),
  digest: text,
  last_modified: text,
});

const triggerAnswer = z.looseObject({
  trigger_id: z.string(),
  trigger_type_code: z.string(),
  trigger_status: text,
  event_data: z.pipe(
    z.unknown(),
    z.transform((given): Readonly<Record<string, unknown>> => mapOf(given)),
  ),
});

const destination = z.optional(z.nullable(z.looseObject({ destination: text, param: z.unknown() })));
const asyncAnswer = z.looseObject({
  max_async_retry_attempts: z.number(),
  max_async_event_age_in_seconds: z.number(),
  destination_config: z.optional(
    z.nullable(z.looseObject({ on_success: destination, on_failure: destination })),
  ),
});

export const configOf = z.pipe(
  configAnswer,
  z.transform((said): DeployedConfig => {
    const encrypted = said.encrypted_user_data;
    const max = said.strategy_config?.concurrency;
    return {
      urn: said.func_urn,
      runtime: said.runtime,
      handler: said.handler,
      memory_size: said.memory_size,
      timeout: said.timeout,
      description: said.description,
      app_xrole: said.app_xrole,
      xrole: said.xrole,
      vpc_id: said.func_vpc?.vpc_id ?? '',
      subnet_id: said.func_vpc?.subnet_id ?? '',
      ...(max === undefined || max === null ? {} : { max_instances: max }),
      variables: textsOf(mapOf(said.user_data)),
      ...(typeof encrypted === 'string' ? { encrypted: Object.keys(mapOf(encrypted)) } : {}),
      digest: said.digest,
      last_modified: said.last_modified,
      kept: Object.fromEntries(KEPT.flatMap((key) => (said[key] ? [[key, said[key]]] : []))),
    };
  }),
);

/** A row of a list; whether it shows variables, and as what, is not sure. */
export const listedOf = z.pipe(
  z.looseObject({
    func_urn: z.string(),
    func_name: z.string(),
    user_data: z.optional(z.unknown()),
  }),
  z.transform(({ func_urn: urn, func_name: name, user_data }) => ({
    urn,
    name,
    ...(typeof user_data === 'string' && user_data !== '' ? { variables: textsOf(mapOf(user_data)) } : {}),
  })),
);

export const triggerOf = z.pipe(
  triggerAnswer,
  z.transform(
    ({ trigger_id, trigger_type_code, trigger_status, event_data }): DeployedTrigger => ({
      id: trigger_id,
      type: trigger_type_code,
      status: trigger_status,
      identity: identityOf(trigger_type_code, event_data),
      event_data,
    }),
  ),
);

export const asyncOf = z.pipe(
  asyncAnswer,
  z.transform((said): DeployedAsync => {
    const { on_failure, on_success } = said.destination_config ?? {};
    const topic = on_failure?.destination === 'SMN' ? mapOf(on_failure.param)['topic_urn'] : undefined;
    const isTold = Boolean(on_failure?.destination);
    return {
      max_async_retry_attempts: said.max_async_retry_attempts,
      max_async_event_age_in_seconds: said.max_async_event_age_in_seconds,
      on_failure: typeof topic === 'string' ? topic : '',
      isOther: Boolean(on_success?.destination) || (isTold && typeof topic !== 'string'),
    };
  }),
);

/** Of an API, both names occur: the public plugin reads `api_name`. */
function identityOf(type: string, data: Readonly<Record<string, unknown>>): string {
  const said = { SMN: data['topic_urn'], TIMER: data['name'] }[type] ?? data['name'] ?? data['api_name'];
  return typeof said === 'string' ? said : '';
}

/** A map, or one as JSON text; what is neither is empty. */
function mapOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'string') {
    const read = map.safeParse(given);
    return read.success ? read.data : {};
  }
  try {
    const read = map.safeParse(JSON.parse(given));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}

const textsOf = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
