/** A Cloud Eye alarm as it stands in an SMN message: the default format, in every generation seen of it. */
import { type EpochMs, epochMs } from '../lib/time.ts';
import { type EventProblem, isObject, own, parseJson, shown } from './event.ts';

/**
 * What is read of an alarm. Only codes and ids are taken from it: names, levels and regions are localised
 * display texts, and `AlarmTime` carries an unreliable offset.
 */
export interface CloudEyeAlarm {
  readonly state: 'alarm' | 'recovered' | 'insufficient_data';
  /** The alarm rule, not the occurrence. */
  readonly alarmId: string;
  readonly alarmName: string;
  /** `SYS.CPH`, `AGT.ECS`, or a namespace of your own; absent in template messages. */
  readonly namespace?: string;
  /** The metric's code; for an event rule the event's name. */
  readonly metricName?: string;
  /** Evaluation time. */
  readonly time?: EpochMs;
  /** Every value that may be the id of a resource, in the order met, each once. Untrusted. */
  readonly resourceIds: readonly string[];
}

/** Ids of all kinds met so far: 32 hex digits or a UUID; the platform allows up to 64 characters. */
const ID_LIKE = /^[A-Za-z0-9_-]{1,64}$/;
/** More ids than any alarm has dimensions are somebody trying something. */
const MOST_IDS = 20;

/** Reads `smn.message`. Its layout, key order and escapes vary; it is parsed, never searched. */
export function readCloudEyeAlarm(message: string): CloudEyeAlarm | EventProblem {
  const body = parseJson(message);
  if (!isObject(body))
    return { problem: `smn.message: expected a Cloud Eye alarm in JSON, got ${shown(message)}` };
  const type = own(body, 'message_type');
  if (type !== 'alarm') return { problem: `smn.message.message_type: expected "alarm", got ${shown(type)}` };
  const variables = objectAt(body, 'template_variable');
  const state = readState(own(body, 'alarm_status'), variables['IsAlarm']);
  if (state === undefined) {
    return {
      problem: `smn.message.alarm_status: expected "alarm" or "ok", got ${shown(own(body, 'alarm_status'))}`,
    };
  }
  const namespace = text(own(body, 'namespace'));
  const metricName = text(own(body, 'metric_name'));
  const time = own(body, 'time');
  return {
    state,
    alarmId: text(own(body, 'alarm_id')) ?? '',
    alarmName: text(own(body, 'alarm_name')) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(metricName === undefined ? {} : { metricName }),
    ...(typeof time === 'number' && Number.isSafeInteger(time) && time > 0 ? { time: epochMs(time) } : {}),
    resourceIds: resourceIds(own(body, 'dimension'), own(variables, 'ResourceId')),
  };
}

/** A recovery comes with `message_type` "alarm" too. Where the two marks disagree, nothing burns: recovered. */
function readState(status: unknown, isAlarm: unknown): CloudEyeAlarm['state'] | undefined {
  if (status === 'ok' || (status === 'alarm' && isAlarm === false)) return 'recovered';
  return status === 'alarm' || status === 'insufficient_data' ? status : undefined;
}

/**
 * `dimension` is "name:value", split at the first colon, perhaps several after commas; `ResourceId` may carry
 * `<br>` and a display text behind the id.
 */
function resourceIds(dimension: unknown, resourceId: unknown): readonly string[] {
  const values = [
    ...(text(dimension) ?? '').split(',').map((pair) => pair.slice(pair.indexOf(':') + 1)),
    ...(text(resourceId) ?? '').split(/<br\s*\/?>|,/i),
  ];
  const ids = values.map((value) => value.trim()).filter((value) => ID_LIKE.test(value));
  return [...new Set(ids)].slice(0, MOST_IDS);
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function objectAt(body: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = own(body, key);
  return isObject(value) ? value : {};
}
