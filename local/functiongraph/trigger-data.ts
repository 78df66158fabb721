/** `event_data` of the triggers that are played: what it must be, and what two of them may not have in common. */
import { epochMs } from '../../lib/time.ts';
import type { FssCode } from '../model/codes.ts';
import type { Model } from '../model/state.ts';
import { expected, Refused } from './refused.ts';
import type { Deployment, Fields } from './routing.ts';
import { readSchedule } from './schedule.ts';
import type { DeployedFunction } from './state.ts';

/** Of the regions in mainland China; a region's zone is that of a Cron without CRON_TZ. */
export const REGION_ZONE = 'Asia/Shanghai';

type Check = (data: Fields, deployed: DeployedFunction, deployment: Deployment) => void;

export const isGateway = (type: string): boolean => type === 'APIG' || type === 'DEDICATEDGATEWAY';

/** Throws `Refused` when a new trigger cannot be like this. */
export const CHECKS: Readonly<Partial<Record<string, Check>>> = {
  SMN: smn,
  TIMER: timer,
  APIG: (data, _deployed, deployment) => gateway(data, deployment),
  DEDICATEDGATEWAY(data, _deployed, deployment) {
    must('FSS.1107', data, 'instance_id', 'the id of a dedicated gateway', isText);
    gateway(data, deployment);
  },
};

function smn(data: Fields, { triggers }: DeployedFunction, { model }: Deployment): void {
  only('FSS.1102', data, ['topic_urn']);
  const urn = must('FSS.1102', data, 'topic_urn', 'the URN of a topic', isTopic(model));
  if (!model.topics.has(String(urn))) throw new Refused('FSS.1171', `There is no ${urn}.`);
  if (triggers.some((one) => one.trigger_type_code === 'SMN' && one.event_data['topic_urn'] === urn)) {
    throw new Refused('FSS.1141', `The function has one on ${urn}.`);
  }
}

const isTopic =
  ({ region, projectId }: Model) =>
  (value: unknown): boolean =>
    typeof value === 'string' && new RegExp(`^urn:smn:${region}:${projectId}:[\\w-]{1,255}$`).test(value);

function timer(data: Fields, { triggers }: DeployedFunction): void {
  only('FSS.1109', data, ['name', 'schedule_type', 'schedule', 'user_event', 'sync_execution']);
  const name = must(
    'FSS.1109',
    data,
    'name',
    '1 to 64 letters, digits, - and _, a letter first',
    isTimerName,
  );
  const kinds = (value: unknown) => value === 'Rate' || value === 'Cron';
  const type = must('FSS.1109', data, 'schedule_type', 'Rate or Cron', kinds) as 'Rate' | 'Cron';
  const wanted =
    type === 'Rate'
      ? '1m to 60m, 1h to 24h or 1d to 30d'
      : '[CRON_TZ=Area/City ]second minute hour day month [weekday], or @every 1h30m';
  const isSchedule = (value: unknown) =>
    readSchedule({ type, text: String(value) }, epochMs(0), REGION_ZONE) !== undefined;
  const schedule = must('FSS.1109', data, 'schedule', wanted, isSchedule);
  if (data['user_event'] !== undefined)
    must('FSS.1109', data, 'user_event', 'a text', (it) => typeof it === 'string');
  const same = triggers.some(
    ({ trigger_type_code, event_data }) =>
      trigger_type_code === 'TIMER' &&
      event_data['name'] === name &&
      event_data['schedule'] === schedule &&
      event_data['schedule_type'] === type,
  );
  if (same) throw new Refused('FSS.1148', `The function has the timer ${name} with this schedule.`);
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTimerName = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Za-z][\w-]{0,63}$/.test(value);
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'];

function gateway(data: Fields, { all }: Deployment): void {
  const code = 'FSS.1107';
  must(code, data, 'name', '3 to 64 letters, digits and _', (value) => /^\w[\w-]{2,63}$/.test(String(value)));
  must(code, data, 'group_id', 'the id of an API group', isText);
  const path = must(code, data, 'path', 'a path that begins with /', (value) =>
    /^\/\S*$/.test(String(value)),
  );
  must(code, data, 'protocol', 'HTTP or HTTPS', oneOf('HTTP', 'HTTPS'));
  const method = must(code, data, 'req_method', `one of ${METHODS.join(', ')}`, oneOf(...METHODS));
  must(code, data, 'match_mode', 'SWA or NORMAL', oneOf('SWA', 'NORMAL'));
  must(code, data, 'auth', 'IAM, APP or NONE', oneOf('IAM', 'APP', 'NONE'));
  must(code, data, 'env_name', 'the name of an environment', isText);
  must(code, data, 'env_id', 'the id of an environment', isText);
  const timeout = (data['func_info'] as Fields | undefined)?.['timeout'] ?? 5_000;
  if (!Number.isInteger(timeout) || Number(timeout) < 1 || Number(timeout) > 60_000) {
    throw expected(code, 'func_info.timeout', '1 to 60000 milliseconds', timeout);
  }
  const taken = all().some(({ triggers }) =>
    triggers.some(
      ({ trigger_type_code, event_data }) =>
        isGateway(trigger_type_code) &&
        event_data['group_id'] === data['group_id'] &&
        event_data['path'] === path &&
        (event_data['req_method'] === method || [event_data['req_method'], method].includes('ANY')),
    ),
  );
  if (taken) throw new Refused('FSS.1147', `${method} ${path} is taken in group ${data['group_id']}.`);
}

function must(
  code: FssCode,
  data: Fields,
  key: string,
  wanted: string,
  holds: (value: unknown) => boolean,
): unknown {
  const value = data[key];
  if (value === undefined || !holds(value)) throw expected(code, `event_data.${key}`, wanted, value);
  return value;
}

function only(code: FssCode, data: Fields, keys: readonly string[]): void {
  const other = Object.keys(data).find((key) => !keys.includes(key));
  if (other !== undefined) throw expected(code, 'event_data', `no other keys than ${keys.join(', ')}`, other);
}
