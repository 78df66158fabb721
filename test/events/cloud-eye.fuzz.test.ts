import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCloudEyeAlarm } from '../../events/cloud-eye.ts';
import { isProblem } from '../../events/event.ts';
import { readSmnEvent } from '../../events/smn.ts';
import { tries } from '../support/fuzz.ts';

const KEYS = [
  'message_type',
  'alarm_status',
  'alarm_name',
  'time',
  'namespace',
  'dimension',
  'dimensions',
  'template_variable',
  'version',
  'data',
  'IsAlarm',
  'ResourceId',
  'resource_id',
  'EventContent',
  'detail',
  'content',
  'value',
  '__proto__',
  'constructor',
];
const leaf = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[\w:,<>/ -]{0,100}$/),
  fc.constantFrom(
    'alarm',
    'ok',
    'v1',
    true,
    false,
    1e308,
    '../../x',
    'a:b,c:d',
    'id<br>x',
    '{"resource_id":"r"}',
  ),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value')),
    tie('value').map((inner) => JSON.stringify(inner)),
  ),
}));
const body = fc.dictionary(fc.constantFrom(...KEYS), value);
const likely = fc.oneof(
  body,
  body.map((more) => ({ ...more, message_type: 'alarm', alarm_status: 'alarm' })),
  body.map((data) => ({ version: 'v1', data })),
);

function check(message: string): void {
  const alarm = readCloudEyeAlarm(message);
  if (isProblem(alarm)) {
    expect(alarm.problem.length).toBeLessThanOrEqual(300);
    return;
  }
  expect(alarm.resourceIds.length).toBeLessThanOrEqual(20);
  for (const id of alarm.resourceIds) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  for (const text of [...alarm.names, alarm.alarmName ?? '', alarm.alarmId ?? '', alarm.namespace ?? '']) {
    expect(text.length).toBeLessThanOrEqual(128);
  }
  if (alarm.time !== undefined) expect(() => new Date(alarm.time ?? 0).toISOString()).not.toThrow();
}

it('no message makes the reader throw, yield an id that is none, or more than it should', () => {
  fc.assert(
    fc.property(likely, (given) => check(JSON.stringify(given))),
    { numRuns: tries(100) },
  );
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), check), { numRuns: tries(100) });
});

it('no event makes the reader throw, and every record is one or a problem', () => {
  const smn = fc.record({
    topic_urn: fc.string(),
    message_id: fc.string(),
    message: likely.map((given) => JSON.stringify(given)),
  });
  const event = fc.record({ record: fc.array(fc.oneof(fc.record({ smn }), fc.anything())) });
  fc.assert(
    fc.property(fc.oneof(event, fc.anything(), fc.string(), fc.json()), (given) => {
      for (const record of readSmnEvent(given)) if (!isProblem(record)) check(record.message);
    }),
  );
});
