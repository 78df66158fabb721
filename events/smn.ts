/** The SMN trigger event: what FunctionGraph hands over when a message arrives on a topic. */
import { type EpochMs, parseInstant } from '../lib/time.ts';
import { type EventProblem, isObject, isProblem, openEvent, own, shown } from './event.ts';

/** One message of one topic (SMN user guide, FunctionGraph messages). `message` is always text, often JSON in it. */
export interface SmnRecord {
  readonly topicUrn: string;
  readonly messageId: string;
  readonly subject: string;
  readonly message: string;
  /** When SMN sent it first; a delivery that is tried again carries the same. */
  readonly timestamp?: EpochMs;
}

/** The records of an event, in order; a record that cannot be read is a problem and no reason to drop others. */
export function readSmnEvent(event: unknown): readonly (SmnRecord | EventProblem)[] {
  const opened = openEvent(event);
  if (!isObject(opened))
    return [{ problem: `event: expected an SMN event {"record":[…]}, got ${shown(opened)}` }];
  if (isProblem(opened)) return [opened];
  const records = own(opened, 'record');
  if (!Array.isArray(records) || records.length === 0) {
    return [{ problem: `event.record: expected a list of SMN records, got ${shown(records)}` }];
  }
  return records.map((record: unknown, index) => readRecord(record, `event.record[${index}]`));
}

function readRecord(record: unknown, place: string): SmnRecord | EventProblem {
  const smn = isObject(record) ? own(record, 'smn') : undefined;
  if (!isObject(smn)) return { problem: `${place}.smn: expected an SMN message, got ${shown(smn)}` };
  const topicUrn = own(smn, 'topic_urn');
  if (typeof topicUrn !== 'string') return missing(`${place}.smn.topic_urn`, 'a topic URN', topicUrn);
  const messageId = own(smn, 'message_id');
  if (typeof messageId !== 'string' || messageId === '') {
    return missing(`${place}.smn.message_id`, 'an id', messageId);
  }
  const message = own(smn, 'message');
  if (typeof message !== 'string') return missing(`${place}.smn.message`, 'a text', message);
  const subject = own(smn, 'subject');
  const sent = own(smn, 'timestamp');
  const timestamp = typeof sent === 'string' ? parseInstant(sent) : undefined;
  return {
    topicUrn,
    messageId,
    message,
    subject: typeof subject === 'string' ? subject : '',
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

const missing = (place: string, expected: string, got: unknown): EventProblem => ({
  problem: `${place}: expected ${expected}, got ${shown(got)}`,
});
