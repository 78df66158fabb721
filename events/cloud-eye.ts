/** A Cloud Eye alarm as it stands in an SMN message, in every shape that carries enough to act on. */
import { type EpochMs, epochMs } from '../lib/time.ts';
import { type AlarmState, stateOfDefault, stateOfTemplate } from './alarm-state.ts';
import { type EventProblem, isObject, own, parseJson, shown } from './event.ts';
import { detailsIn, firstText, type Part, partOf, textsIn } from './parts.ts';
import { resourceIdsIn } from './resource-ids.ts';

/**
 * What is read of an alarm. Whether and where something is wrong is taken from codes and ids alone: levels and
 * regions are localised display texts, and `AlarmTime` carries an unreliable offset.
 */
export interface CloudEyeAlarm extends AlarmState {
  /** What a rule sends by itself, or a notification template of format JSON. */
  readonly format: 'default' | 'template';
  /** The alarm rule, not the occurrence. */
  readonly alarmId?: string;
  readonly alarmName?: string;
  /** `SYS.CPH`, `AGT.ECS`, `EVENT.CUSTOM`, or one of your own; templates have display names only. */
  readonly namespace?: string;
  /** What the alarm is about, by every name it has: the code first, if there is one, then display texts. */
  readonly names: readonly string[];
  /** What the detail of an event says. */
  readonly event: EventDetail;
  /** Evaluation time. */
  readonly time?: EpochMs;
  /** Every value that may be the id of a resource, in the order met, each once. Untrusted. */
  readonly resourceIds: readonly string[];
  /** How many more ids there were than anybody needs. */
  readonly idsLeftOut: number;
}

export interface EventDetail {
  /** Who reported it: `SYS.CPH`, `CPH`, or "service.item" of your own. */
  readonly source?: string;
  /** `normal`, `warning`, `incident`. */
  readonly state?: string;
  /** `Critical`, `Major`, `Minor`, `Info`. */
  readonly level?: string;
}

/** Reads `smn.message`. Its layout, key order and escapes vary; it is parsed, never searched. */
export function readCloudEyeAlarm(message: string): CloudEyeAlarm | EventProblem {
  const body = parseJson(message);
  if (!isObject(body)) {
    return {
      problem: `smn.message: expected a Cloud Eye alarm in JSON, got ${shown(message)}: a text cannot say whether it is an alarm or a recovery, nor of which resource`,
    };
  }
  if (own(body, 'message_type') !== undefined) return readDefault(body);
  const wrapper = partOf(body);
  const data = wrapper.get('data')?.find(isObject);
  if (data !== undefined) return readTemplate(wrapper, data);
  return {
    problem: `smn.message: expected "message_type" (default format) or "version" and "data" (template), got the keys ${shown(Object.keys(body))}`,
  };
}

/** The message of an event alarm was never seen; should its type be its own, it is most likely this one. */
const TYPES: readonly unknown[] = ['alarm', 'event'];

function readDefault(body: Readonly<Record<string, unknown>>): CloudEyeAlarm | EventProblem {
  const type = own(body, 'message_type');
  if (!TYPES.includes(typeof type === 'string' ? type.toLowerCase() : type)) {
    return { problem: `smn.message.message_type: expected "alarm", got ${shown(type)}` };
  }
  const given = own(body, 'template_variable');
  const variables = partOf(isObject(given) ? given : {});
  const head = partOf(body);
  const namespace = firstText([head, variables], 'namespace');
  return {
    format: 'default',
    ...stateOfDefault(body, variables),
    ...known({ namespace, time: readTime(own(body, 'time')) }),
    ...readShared([head, variables]),
  };
}

function readTemplate(wrapper: Part, data: Readonly<Record<string, unknown>>): CloudEyeAlarm | EventProblem {
  const version = firstText([wrapper], 'version');
  if (version?.toLowerCase() !== 'v1') {
    return { problem: `smn.message.version: expected "v1", got ${shown(version)}` };
  }
  const variables = partOf(data);
  return { format: 'template', ...stateOfTemplate(variables), ...readShared([variables]) };
}

/** What both formats tell, in `parts` or in the detail of the event if it is one. */
function readShared(parts: readonly Part[]) {
  const details = detailsIn(parts);
  const all = [...parts, ...details];
  const { ids, leftOut } = resourceIdsIn(all);
  const names = new Set([...textsIn(all, 'metricname'), ...textsIn(all, 'eventname')]);
  return {
    ...known({
      alarmId: firstText(parts, 'alarmid'),
      alarmName: firstText(parts, 'alarmname') ?? firstText(parts, 'alarmrulename'),
    }),
    names: [...names].slice(0, MOST_NAMES),
    event: known({
      source: firstText(details, 'eventsource'),
      state: firstText(details, 'eventstate'),
      level: firstText(details, 'eventlevel'),
    }),
    resourceIds: ids,
    idsLeftOut: leftOut,
  };
}

const MOST_NAMES = 8;
/** The last moment whose year has four digits. */
const LAST = Date.parse('9999-12-31T23:59:59Z');

/** Milliseconds since 1970; a figure too small for any year since 1973 is in seconds. */
function readTime(time: unknown): EpochMs | undefined {
  if (typeof time !== 'number' || time <= 0) return undefined;
  const moment = Math.trunc(time < 1e11 ? time * 1_000 : time);
  return moment <= LAST ? epochMs(moment) : undefined;
}

/** What is known of `fields`: an absent value is no key. */
function known<Fields extends object>(fields: Fields) {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}
