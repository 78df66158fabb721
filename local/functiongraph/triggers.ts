/** The calls that create, show, switch and remove triggers. */
import { randomUUID } from 'node:crypto';
import { iso } from '../../lib/time.ts';
import type { Call, Route } from '../cloud/route.ts';
import { expected, Refused } from './refused.ts';
import { type Deployment, type Fields, fieldsOf, NOTHING, named, ok, route } from './routing.ts';
import type { DeployedFunction, Trigger, TriggerStatus } from './state.ts';
import { CHECKS, isGateway } from './trigger-data.ts';
import { latest } from './urn.ts';

const MOST_TRIGGERS = 10;
const ALL = '/triggers/:function_urn';
const ONE = `${ALL}/:trigger_type_code/:trigger_id`;
const TYPES = [
  ...[
    'TIMER',
    'APIG',
    'CTS',
    'DDS',
    'DMS',
    'DIS',
    'LTS',
    'OBS',
    'SMN',
    'KAFKA',
    'RABBITMQ',
    'DEDICATEDGATEWAY',
  ],
  ...['OPENSOURCEKAFKA', 'APIC', 'GAUSSMONGO', 'EVENTGRID', 'IOTDA'],
];
const CAN_BE_DISABLED = ['TIMER', 'DDS', 'DMS', 'KAFKA', 'LTS'];
const BEGIN_DISABLED = ['DDS', 'KAFKA'];

/** `origin`: where APIs are called. */
export const triggerRoutes = (deployment: Deployment, origin: string): readonly Route[] => [
  route('CreateFunctionTrigger', 'POST', ALL, (call) => {
    const deployed = named(deployment, call);
    const { trigger_type_code: type, trigger_status, event_data } = fieldsOf(call);
    if (typeof type !== 'string' || !TYPES.includes(type)) {
      throw expected('FSS.1101', 'trigger_type_code', `one of ${TYPES.join(', ')}`, type);
    }
    if (typeof event_data !== 'object' || event_data === null || Array.isArray(event_data)) {
      throw expected('FSS.0400', 'event_data', 'an object', event_data);
    }
    const status = statusOf(trigger_status ?? (BEGIN_DISABLED.includes(type) ? 'DISABLED' : 'ACTIVE'), type);
    if (deployed.triggers.length >= MOST_TRIGGERS) {
      throw new Refused('FSS.1306', `Expected at most ${MOST_TRIGGERS} for a function.`);
    }
    CHECKS[type]?.(event_data as Fields, deployed, deployment);
    const now = iso(call.now);
    const trigger: Trigger = {
      trigger_id: randomUUID(),
      trigger_type_code: type,
      trigger_status: status,
      event_data: event_data as Fields,
      last_updated_time: now,
      created_time: now,
    };
    deployment.put({ ...deployed, triggers: [...deployed.triggers, trigger] });
    return ok(triggerBody(trigger, deployed, origin), 201);
  }),
  route('ListFunctionTriggers', 'GET', ALL, (call) => {
    const deployed = named(deployment, call);
    return ok(deployed.triggers.map((trigger) => triggerBody(trigger, deployed, origin)));
  }),
  route('BatchDeleteFunctionTriggers', 'DELETE', ALL, (call) => {
    deployment.put({ ...named(deployment, call), triggers: [] });
    return NOTHING;
  }),
  route('ShowFunctionTrigger', 'GET', ONE, (call) => {
    const { deployed, trigger } = meant(deployment, call);
    return ok(triggerBody(trigger, deployed, origin));
  }),
  route('UpdateTrigger', 'PUT', ONE, (call) => {
    const { deployed, trigger, others } = meant(deployment, call);
    const { trigger_status, ...rest } = fieldsOf(call);
    const [other] = Object.keys(rest);
    if (other !== undefined) {
      throw new Refused(
        'FSS.1318',
        `${other}: only trigger_status can be changed. Delete the trigger and create it anew.`,
      );
    }
    const changed = {
      ...trigger,
      trigger_status: statusOf(trigger_status, trigger.trigger_type_code),
      last_updated_time: iso(call.now),
    };
    const triggers = deployed.triggers.map((one) => (others.includes(one) ? one : changed));
    deployment.put({ ...deployed, triggers });
    return ok(triggerBody(changed, deployed, origin));
  }),
  route('DeleteFunctionTrigger', 'DELETE', ONE, (call) => {
    const { deployed, others } = meant(deployment, call);
    deployment.put({ ...deployed, triggers: others });
    return NOTHING;
  }),
];

function meant(
  deployment: Deployment,
  call: Pick<Call, 'params'>,
): { deployed: DeployedFunction; trigger: Trigger; others: readonly Trigger[] } {
  const deployed = named(deployment, call);
  const { trigger_id, trigger_type_code } = call.params;
  const trigger = deployed.triggers.find(
    (one) => one.trigger_id === trigger_id && one.trigger_type_code === trigger_type_code,
  );
  if (trigger === undefined) throw new Refused('FSS.1131');
  return { deployed, trigger, others: deployed.triggers.filter((one) => one !== trigger) };
}

function statusOf(status: unknown, type: string): TriggerStatus {
  if (status !== 'ACTIVE' && status !== 'DISABLED') {
    throw expected('FSS.0400', 'trigger_status', 'ACTIVE or DISABLED', status);
  }
  if (status === 'DISABLED' && !CAN_BE_DISABLED.includes(type)) {
    throw new Refused('FSS.1318', `A trigger of type ${type} cannot be disabled: delete it.`);
  }
  return status;
}

function triggerBody(trigger: Trigger, { urn }: DeployedFunction, origin: string): object {
  if (!isGateway(trigger.trigger_type_code)) return trigger;
  const { event_data: given, trigger_id } = trigger;
  const func_info = {
    timeout: 5_000,
    ...(given['func_info'] as Fields | undefined),
    function_urn: latest(urn),
  };
  return {
    ...trigger,
    event_data: {
      ...given,
      triggerid: trigger_id,
      api_id: apiIdOf(trigger),
      api_name: given['name'],
      invoke_url: `${origin}${given['path']}`,
      func_info,
    },
  };
}

export const apiIdOf = ({ trigger_id }: Trigger): string => trigger_id.replaceAll('-', '');
