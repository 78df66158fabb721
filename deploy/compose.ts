/**
 * What is wanted on FunctionGraph, made of serverless.yml: each function with its variables, its asynchronous
 * settings and its triggers, in the platform's words. Pure.
 */
import type { Service, ServiceFunction } from './check/service.ts';
import type { Trigger } from './check/trigger.ts';

/** A function as FunctionGraph is told of it. Variables are still apart, and `DEPLOYMENT` is not among them. */
export interface Wanted {
  readonly key: ServiceFunction['key'];
  readonly name: string;
  /** With `:latest`. */
  readonly urn: string;
  readonly config: WantedConfig;
  readonly asyncInvoke?: WantedAsync;
  readonly triggers: readonly WantedTrigger[];
}

export interface WantedConfig {
  readonly runtime: string;
  readonly handler: string;
  /** MB. */
  readonly memory_size: number;
  /** Seconds. */
  readonly timeout: number;
  readonly description: string;
  readonly app_xrole: string;
  readonly xrole: string;
  readonly vpc_id: string;
  readonly subnet_id: string;
  /** Absent: as it is. */
  readonly max_instances?: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly encrypted: Readonly<Record<string, string>>;
}

export interface WantedAsync {
  readonly max_async_retry_attempts: number;
  readonly max_async_event_age_in_seconds: number;
  /** URN of a topic; empty: nobody is told. */
  readonly on_failure: string;
}

export interface WantedTrigger {
  readonly type: string;
  /** What tells it from its neighbours on the function: topic, name of the timer, name of the API. */
  readonly identity: string;
  readonly status: 'ACTIVE' | 'DISABLED';
  readonly event_data: Readonly<Record<string, unknown>>;
}

/** What serverless.yml cannot say. */
export interface Moment {
  /** When this was deployed first, as in `2026-01-31T03:00:00Z`. */
  readonly deployedAt: string;
}

export const urnOf = ({ provider }: Service, name: string): string =>
  `urn:fss:${provider.region}:${provider.projectId}:function:default:${name}:latest`;

/** The topics whose alarms set us off: those of the triggers, and those that the settings name beside them. */
export function alarmTopics({ functions, settings }: Service): readonly string[] {
  const listed = (settings['alarm_topics'] ?? []) as readonly string[];
  const triggering = functions.flatMap(({ triggers }) =>
    triggers.flatMap((one) => (one.triggerTypeCode === 'SMN' ? [one.eventData.topicUrn] : [])),
  );
  return [...new Set([...triggering, ...listed])];
}

/** A variable of all functions, or of one: the function's own comes first. */
export const encryptedOf = ({ provider }: Service, { config }: ServiceFunction) => ({
  ...provider.encryptedUserData,
  ...config.encryptedUserData,
});

/** Whether all functions share a ledger. */
export const isShared = (service: Service): boolean =>
  service.functions.length > 0 &&
  service.functions.every((one) => encryptedOf(service, one)['LEDGER_URL'] !== undefined);

/** How callers of the webhook prove who they are: the same at each of its doors; absent where there is none. */
export function webhookAuth({ functions }: Service): 'IAM' | 'APP' | 'NONE' | undefined {
  return functions.find(({ key }) => key === 'webhook')?.triggers.flatMap(authOf)[0];
}

/** None for what is no API. */
export const authOf = (trigger: Trigger): readonly ('IAM' | 'APP' | 'NONE')[] =>
  trigger.triggerTypeCode === 'APIG' || trigger.triggerTypeCode === 'DEDICATEDGATEWAY'
    ? [trigger.eventData.auth]
    : [];

/** The settings as the functions get them: those of serverless.yml, and what the deployment knows. */
export function composeSettings(service: Service, { deployedAt }: Moment): Readonly<Record<string, unknown>> {
  const { provider, functions, stage, settings } = service;
  const auth = webhookAuth(service);
  const patrol = functions.find(({ key }) => key === 'patrol');
  const shared = isShared(service);
  return {
    region: provider.region,
    stage,
    ...(auth === 'IAM' || auth === 'APP' ? { webhook_auth: auth } : {}),
    // Without a shared ledger patrol carries nothing on, and no ledger can have been emptied.
    ...(shared && patrol !== undefined ? { patrol_urn: urnOf(service, patrol.config.name) } : {}),
    ...(shared ? { deployed_at: deployedAt } : {}),
    ...settings,
    alarm_topics: alarmTopics(service),
  };
}

export function compose(service: Service, moment: Moment): readonly Wanted[] {
  const settings = JSON.stringify(composeSettings(service, moment));
  return service.functions.map((one) => composeFunction(service, one, settings));
}

function composeFunction(service: Service, one: ServiceFunction, settings: string): Wanted {
  const { provider } = service;
  const { key, config } = one;
  const vpc = config.funcVpc ?? provider.funcVpc;
  const urn = urnOf(service, config.name);
  // Patrol refuses to work without a shared ledger: its timer would fail every minute.
  const triggers = key === 'patrol' && !isShared(service) ? [] : one.triggers;
  return {
    key,
    name: config.name,
    urn,
    config: {
      runtime: provider.runtime,
      handler: config.handler,
      memory_size: config.memorySize ?? provider.memorySize,
      timeout: config.timeout ?? provider.timeout,
      description: config.description ?? '',
      app_xrole: config.appXrole ?? provider.appXrole,
      xrole: config.xrole ?? provider.xrole ?? '',
      vpc_id: vpc?.vpcId ?? '',
      subnet_id: vpc?.subnetId ?? '',
      ...(config.maxInstanceNum === undefined ? {} : { max_instances: config.maxInstanceNum }),
      variables: { ...provider.userData, ...config.userData, SETTINGS: settings },
      encrypted: encryptedOf(service, one),
    },
    ...(config.asyncInvokeConfig === undefined
      ? {}
      : { asyncInvoke: composeAsync(config.asyncInvokeConfig) }),
    triggers: triggers.map((trigger) => composeTrigger(trigger, urn)),
  };
}

function composeAsync(given: NonNullable<ServiceFunction['config']['asyncInvokeConfig']>): WantedAsync {
  return {
    max_async_retry_attempts: given.maxAsyncRetryAttempts,
    max_async_event_age_in_seconds: given.maxAsyncEventAgeInSeconds,
    on_failure: given.onFailure?.topicUrn ?? '',
  };
}

/** What tells a trigger from its neighbours on the function. */
export const identityOf = ({ triggerTypeCode, eventData }: Trigger): string =>
  triggerTypeCode === 'SMN' ? eventData.topicUrn : eventData.name;

function composeTrigger(trigger: Trigger, urn: string): WantedTrigger {
  switch (trigger.triggerTypeCode) {
    case 'SMN': {
      const { topicUrn } = trigger.eventData;
      return {
        type: 'SMN',
        identity: identityOf(trigger),
        status: trigger.status,
        event_data: { topic_urn: topicUrn },
      };
    }
    case 'TIMER': {
      const { name, scheduleType, schedule, userEvent } = trigger.eventData;
      const event_data = {
        name,
        schedule_type: scheduleType,
        schedule,
        ...(userEvent === undefined ? {} : { user_event: userEvent }),
      };
      return { type: 'TIMER', identity: identityOf(trigger), status: trigger.status, event_data };
    }
    case 'APIG':
    case 'DEDICATEDGATEWAY': {
      const { eventData: api } = trigger;
      const event_data = {
        name: api.name,
        type: 1,
        path: api.path,
        protocol: api.protocol,
        req_method: api.reqMethod,
        group_id: api.groupId,
        match_mode: api.matchMode,
        env_name: api.envName,
        env_id: api.envId,
        auth: api.auth,
        func_info: { function_urn: urn, invocation_type: 'sync', timeout: api.timeout, version: 'latest' },
        backend_type: 'FUNCTION',
        ...(api.slDomain === undefined ? {} : { sl_domain: api.slDomain }),
        ...(api.instanceId === undefined ? {} : { instance_id: api.instanceId }),
      };
      const type = api.instanceId === undefined ? 'APIG' : 'DEDICATEDGATEWAY';
      return { type, identity: identityOf(trigger), status: trigger.status, event_data };
    }
  }
}
