/** What an alarm means: whether it is for us, and which servers it may be about. Pure. */
import type { CloudEyeAlarm } from '../../events/cloud-eye.ts';
import { cut, type EventProblem } from '../../events/event.ts';
import type { SmnRecord } from '../../events/smn.ts';
import type { Notice } from '../messages.ts';
import type { Settings } from '../settings.ts';
import { after, type EpochMs, iso, minutes } from '../time.ts';
import type { RestartRequest } from '../types.ts';
import { hardwareEventIn, isGoodNews } from './events.ts';
import { NAMESPACE_MISSING, whyForeign } from './namespace.ts';
import { isTestAlarm } from './test-alarm.ts';

/** Something is broken that no restart of an encode server mends. */
type HardwareNotice = Extract<Notice, { readonly code: 'hardware' }>;
/** A notification template leaves `IsAlarm` out: what it sends can never be told from a recovery. */
type TemplateNotice = Extract<Notice, { readonly code: 'template_without_is_alarm' }>;
/** What comes to our topic is no alarm in a shape that can be read, such as the free text of a template. */
type UnreadableNotice = Extract<Notice, { readonly code: 'alarm_unreadable' }>;

export type Meaning =
  | { readonly kind: 'request'; readonly request: RestartRequest }
  /** Somebody tries the way of an alarm: it is told of, and restarts nothing. */
  | { readonly kind: 'test'; readonly request: RestartRequest }
  /** Nothing to restart, but somebody has to know. */
  | { readonly kind: 'notice'; readonly notice: HardwareNotice }
  /** `notice`: what led to this should be told, once a day. */
  | {
      readonly kind: 'ignored';
      readonly reason: string;
      readonly notice?: TemplateNotice | UnreadableNotice;
    };

/** Is the message's topic ours? Whoever may publish to a topic may speak here, so only listed ones count. */
export function isOurTopic(record: SmnRecord, settings: Settings): boolean {
  return settings.alarmTopics.includes(record.topicUrn.trim());
}

/** What the alarm in `record` asks for; `now` stands in when it tells no time that can be. */
export function meaningOf(
  record: SmnRecord,
  alarm: CloudEyeAlarm,
  settings: Settings,
  now: EpochMs,
): Meaning {
  const at = timeOf(record, alarm, now);
  const alarmName = alarm.alarmName ?? '';
  const foreign = whyForeign(alarm, settings);
  if (foreign === NAMESPACE_MISSING) return unreadable(record, { problem: foreign }, now);
  if (foreign !== undefined) return ignored(foreign);
  if (alarm.state === 'unmarked') {
    return {
      ...ignored('a template message without IsAlarm counts as a recovery: nothing is to be restarted'),
      notice: { code: 'template_without_is_alarm', alarmName, at },
    };
  }
  const calm = whyCalm(alarm);
  if (calm !== undefined) return ignored(calm);
  const event = hardwareEventIn(alarm.names);
  if (event !== undefined) {
    return {
      kind: 'notice',
      notice: { code: 'hardware', event, resourceIds: alarm.resourceIds, alarmName, at },
    };
  }
  if (isGoodNews(alarm.names)) return ignored('the event is good news: nothing is to be restarted');
  if (alarm.resourceIds.length === 0) return ignored('the alarm names no resource');
  const request = requestOf(record, alarm, at);
  if (!isTestAlarm(alarm)) return { kind: 'request', request };
  // By its own id, which whoever sent it knows.
  const [deliveryId = record.messageId] = alarm.resourceIds;
  return {
    kind: 'test',
    request: { ...request, deliveryId, requestedBy: 'serverless checkup', dryRun: true },
  };
}

/** What comes to our own topic and cannot be read would restart nothing, night after night: somebody has to know. */
export function unreadable({ topicUrn }: SmnRecord, { problem }: EventProblem, now: EpochMs): Meaning {
  return { ...ignored(problem), notice: { code: 'alarm_unreadable', topicUrn, said: problem, at: now } };
}

/** The same news has the same key: it is told once a day, however often Cloud Eye repeats it. */
export function noticeKey(notice: HardwareNotice | TemplateNotice | UnreadableNotice): string {
  return [notice.code, iso(notice.at).slice(0, 10), ...subjectOf(notice)].join('/');
}

function subjectOf(notice: HardwareNotice | TemplateNotice | UnreadableNotice): readonly string[] {
  switch (notice.code) {
    case 'hardware':
      return [notice.event, ...notice.resourceIds];
    case 'template_without_is_alarm':
      return [notice.alarmName];
    case 'alarm_unreadable':
      return [notice.topicUrn];
  }
}

/** Why nothing is wrong by the alarm's own words. */
function whyCalm({ state, said, event }: CloudEyeAlarm): string | undefined {
  if (state === 'recovered') return 'a recovery: nothing is to be restarted';
  if (state === 'other') return `${said ?? 'its state'} is neither an alarm nor a recovery`;
  // An event rule never sends a recovery: the event that tells of one comes as an alarm.
  if (event.state === 'normal') return 'the event says that all is normal: nothing is to be restarted';
  if (event.level !== undefined && INFORMATIONAL.test(event.level)) {
    return 'the event is informational: nothing is to be restarted';
  }
  return undefined;
}

const INFORMATIONAL = /^info(rmational)?$/i;

function requestOf(record: SmnRecord, alarm: CloudEyeAlarm, at: EpochMs): RestartRequest {
  const said = [alarm.alarmName, alarm.names[0]].filter(Boolean).join(': ') || record.subject;
  const leftOut = alarm.idsLeftOut === 0 ? '' : ` (${alarm.idsLeftOut} more ids left out)`;
  return {
    deliveryId: record.messageId,
    source: 'alarm',
    selector: { kind: 'candidates', ids: alarm.resourceIds },
    reason: cut(said, LONGEST_REASON) + leftOut,
    requestedBy: alarm.alarmId === undefined ? 'Cloud Eye' : `Cloud Eye rule ${cut(alarm.alarmId, 64)}`,
    requestedAt: at,
    dryRun: false,
  };
}

const LONGEST_REASON = 200;
/** Clocks differ by less; what lies further ahead was made up or garbled. */
const FURTHEST_AHEAD = minutes(10);

/** Cloud Eye's own time, else when SMN sent it, else now. */
function timeOf(record: SmnRecord, alarm: CloudEyeAlarm, now: EpochMs): EpochMs {
  const latest = after(now, FURTHEST_AHEAD);
  return [alarm.time, record.timestamp].find((time) => time !== undefined && time <= latest) ?? now;
}

const ignored = (reason: string) => ({ kind: 'ignored', reason }) as const;
