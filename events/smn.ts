/** The SMN trigger event: what FunctionGraph hands over when a message arrives on a topic. */
import { type EpochMs, parseInstant } from '../lib/time.ts';
import { cut, type EventProblem, isObject, isProblem, openEvent, own, shown } from './event.ts';

/** One message of one topic (SMN user guide, FunctionGraph messages). `message` is always text, often JSON in it. */
export interface SmnRecord {
  readonly topicUrn: string;
  readonly messageId: string;
  readonly subject: string;
  readonly message: string;
  /** When SMN sent it first; a delivery that is tried again carries the same. */
  readonly timestamp?: EpochMs;
}

/** The topic's name alone may have 255 characters. */
const LONGEST_URN = 512;
/** 32 hex digits as far as seen. It becomes a key of the ledger, so it is kept to what is safe in one. */
const MESSAGE_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The records of an event, in order; a record that cannot be read is a problem and no reason to drop others. */
export function readSmnEvent(event: unknown): readonly (SmnRecord | EventProblem)[] {
  const opened = openEvent(event);
  if (!isObject(opened))
    return [{ problem: `event: expected an SMN event {"record":[…]}, got ${shown(opened)}` }];
  const record = own(opened, 'record');
  const records: readonly unknown[] = isObject(record) ? [record] : Array.isArray(record) ? record : [];
  if (records.length > 0) return records.map((one, index) => readRecord(one, `event.record[${index}]`));
  if (isProblem(opened) && typeof opened.problem === 'string') return [{ problem: cut(opened.problem, 200) }];
  return [{ problem: `event.record: expected a list of SMN records, got ${shown(record)}` }];
}

function readRecord(record: unknown, place: string): SmnRecord | EventProblem {
  const smn = isObject(record) ? own(record, 'smn') : undefined;
  if (!isObject(smn)) return { problem: `${place}.smn: expected an SMN message, got ${shown(smn)}` };
  const type = own(smn, 'type');
  if (!isNotification(type)) return unexpected(`${place}.smn.type`, '"notification"', type);
  const topicUrn = own(smn, 'topic_urn');
  if (typeof topicUrn !== 'string' || topicUrn.length > LONGEST_URN) {
    return unexpected(`${place}.smn.topic_urn`, 'a topic URN', topicUrn);
  }
  const messageId = own(smn, 'message_id');
  if (typeof messageId !== 'string' || !MESSAGE_ID.test(messageId)) {
    return unexpected(`${place}.smn.message_id`, 'an id', messageId);
  }
  const given = own(smn, 'message');
  // Some replay what they have parsed before.
  const message = isObject(given) ? JSON.stringify(given) : given;
  if (typeof message !== 'string') return unexpected(`${place}.smn.message`, 'a text', message);
  const subject = own(smn, 'subject');
  const sent = own(smn, 'timestamp');
  const timestamp = typeof sent === 'string' ? parseInstant(sent) : undefined;
  return {
    topicUrn: topicUrn.trim(),
    messageId,
    message,
    subject: typeof subject === 'string' ? subject : '',
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** SMN also sends confirmations of subscriptions; those are no news of a server. Seen in both spellings. */
const isNotification = (type: unknown): boolean =>
  type === undefined || type === null || type === '' || type === 'notification' || type === 'Notification';

const unexpected = (place: string, expected: string, got: unknown): EventProblem => ({
  problem: `${place}: expected ${expected}, got ${shown(got)}`,
});
