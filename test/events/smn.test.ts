import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, shown } from '../../events/event.ts';
import { readSmnEvent } from '../../events/smn.ts';
import { nested } from './shapes.ts';

const TOPIC = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';
const smn = { topic_urn: TOPIC, message_id: 'm1', message: 'text', type: 'notification' };
const read = { topicUrn: TOPIC, messageId: 'm1', message: 'text', subject: '' };
const eventOf = (more: object) => ({ record: [{ smn: { ...smn, ...more } }] });

describe('an SMN event', () => {
  it.each<[string, unknown]>([
    ['with everything that is optional left out', { record: [{ smn: { ...smn, type: undefined } }] }],
    ['with type "Notification" as over HTTP', eventOf({ type: 'Notification' })],
    ['with a type that is null', eventOf({ type: null })],
    ['with a type that is empty', eventOf({ type: '' })],
    ['with message_attributes null', eventOf({ message_attributes: null })],
    ['with message_attributes ""', eventOf({ message_attributes: '' })],
    ['with message_attributes as a map', eventOf({ message_attributes: { a: { type: 'STRING' } } })],
    ['with a subject that is none', eventOf({ subject: null })],
    ['with a timestamp that is none', eventOf({ timestamp: 'Tue Jan 09 2018 15:11:40 GMT+0800 (CST)' })],
    ['with a space around the topic', eventOf({ topic_urn: ` ${TOPIC}\n` })],
    [
      'of the console template, with more keys at the top',
      { ...eventOf({}), functionname: 'f', requestId: 'r', timestamp: 'Tue Jan 09 2018', problem: 'none' },
    ],
    ...['urn:fss:', 'urn:cff:'].map((prefix): [string, unknown] => [
      `of a subscription ${prefix}`,
      { record: [{ event_source: 'smn', event_subscription_urn: `${prefix}r:p:function:d:f:latest`, smn }] },
    ]),
    ['with one record instead of a list', { record: { smn } }],
  ])('%s is read', (_what, event) => {
    expect(readSmnEvent(event)).toEqual([read]);
    expect(readSmnEvent(JSON.stringify(event))).toEqual([read]);
  });

  it('tells when the message was sent first', () => {
    expect(readSmnEvent(eventOf({ timestamp: '2026-03-01T18:30:05Z' }))).toMatchObject([
      { timestamp: Date.parse('2026-03-01T18:30:05Z') },
    ]);
  });

  it('is read with a message that somebody has parsed already', () => {
    const [record] = readSmnEvent(eventOf({ message: { message_type: 'alarm' } }));
    expect(record).toMatchObject({ message: '{"message_type":"alarm"}' });
  });

  it('is read around a record that cannot be read', () => {
    const event = { record: [{ smn }, null, 'x', { smn: [] }, { smn }] };
    expect(readSmnEvent(event).map((one) => 'messageId' in one)).toEqual([true, false, false, false, true]);
  });
});

describe('an event that is none', () => {
  it.each<[unknown, string]>([
    [undefined, 'event: expected an SMN event {"record":[…]}, got nothing'],
    ['{"half":', 'event: expected JSON, got'],
    ['null', 'event: expected JSON, got'],
    [[], 'event: expected an SMN event'],
    [{}, 'event.record: expected a list of SMN records, got nothing'],
    [{ problem: 5 }, 'event.record: expected a list of SMN records, got nothing'],
    [{ Records: [{ smn }] }, 'event.record: expected a list of SMN records, got nothing'],
    [{ record: [] }, 'event.record: expected a list of SMN records, got []'],
    [{ record: [{ smn: {} }] }, 'event.record[0].smn.topic_urn: expected a topic URN, got nothing'],
    [
      eventOf({ topic_urn: 'u'.repeat(513) }),
      'event.record[0].smn.topic_urn: expected a topic URN, got "uuu',
    ],
    [eventOf({ message_id: '' }), 'event.record[0].smn.message_id: expected an id, got ""'],
    [eventOf({ message_id: 'a}b' }), 'event.record[0].smn.message_id: expected an id, got "a}b"'],
    [eventOf({ message: [] }), 'event.record[0].smn.message: expected a text, got []'],
    [
      eventOf({ type: 'SubscriptionConfirmation' }),
      'event.record[0].smn.type: expected "notification", got "SubscriptionConfirmation"',
    ],
    [
      eventOf({ type: 'UnsubscribeConfirmation' }),
      'smn.type: expected "notification", got "UnsubscribeConfirm',
    ],
  ])('%j is a problem that names the place', (event, problem) => {
    expect(readSmnEvent(event)).toEqual([{ problem: expect.stringContaining(problem) }]);
  });

  it('never throws, and says so in a line', () => {
    const record = fc.record({ smn: fc.record({ topic_urn: fc.anything(), type: fc.anything() }) });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.record({ record: fc.array(record) })), (event) => {
        for (const one of readSmnEvent(event)) {
          if ('problem' in one) expect(one.problem.length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  it('of 50,000 lists within each other is a problem like any other', () => {
    expect(readSmnEvent(JSON.parse(nested('[', ']')))).toEqual([
      { problem: expect.stringContaining('got a list') },
    ]);
    expect(readSmnEvent(`{"record":${nested('[', ']')}}`)).toEqual([{ problem: expect.any(String) }]);
  });
});

describe('a value in a message', () => {
  it('is shown in a line, whatever it is, and no character is cut in half', () => {
    expect(shown('x'.repeat(300_000))).toHaveLength(80);
    expect(shown(10n)).toBe('a value of type bigint');
    expect(cut('ab😀', 3)).toBe('ab…');
    expect(cut('abc', 3)).toBe('abc');
  });
});
