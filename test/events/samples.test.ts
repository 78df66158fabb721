import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCloudEyeAlarm } from '../../events/cloud-eye.ts';
import { isProblem } from '../../events/event.ts';
import { readSmnEvent } from '../../events/smn.ts';

const FOLDER = new URL('../../events/samples/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const read = (event: unknown) =>
  readSmnEvent(event).map((record) => (isProblem(record) ? record : readCloudEyeAlarm(record.message)));

const HOST_1 = 'c10d0000000000000000000000000001';
const TIME = Date.parse('2026-03-01T18:30:03.250Z');
const usual = {
  state: 'alarm',
  namespace: 'SYS.CPH',
  metricName: 'encode_server_abnormal',
  time: TIME,
  resourceIds: [HOST_1],
};

const READ_AS: Readonly<Record<string, readonly object[]>> = {
  'alarm.json': [{ ...usual, alarmId: 'al1770000000000sampleAA', alarmName: 'encode servers unwell' }],
  'alarm-2022-zh.json': [{ ...usual, alarmName: '编码服务异常' }],
  'recovery.json': [{ ...usual, state: 'recovered' }],
  'foreign-namespace.json': [{ namespace: 'SYS.ECS', resourceIds: ['11112222-3333-4444-5555-666677778888'] }],
  'several-records.json': [
    { problem: expect.stringContaining('expected a Cloud Eye alarm in JSON') },
    usual,
    { problem: 'event.record[2].smn: expected an SMN message, got null' },
    { resourceIds: ['c10d0000000000000000000000000002'] },
  ],
  'alarm-naming-a-server.json': [{ resourceIds: [HOST_1, 'e5c0de00000000000000000000000103'] }],
  'hardware-event.json': [{ metricName: 'gpuAbnormal' }],
};

describe('a sample', () => {
  it('is there for each line of this table, and each has a line', () => {
    expect(new Set(readdirSync(FOLDER))).toEqual(new Set(Object.keys(READ_AS)));
  });

  it.each(Object.entries(READ_AS))(
    '%s is read as what it says, as object, text or Buffer',
    (name, expected) => {
      expect(read(JSON.parse(sample(name)))).toMatchObject(expected);
      expect(read(sample(name))).toMatchObject(expected);
      expect(read(Buffer.from(sample(name)))).toMatchObject(expected);
    },
  );
});

describe('an event that is none', () => {
  it.each([
    [undefined, 'event: expected an SMN event {"record":[…]}, got nothing'],
    ['{"half":', 'event: expected JSON, got'],
    [[], 'event: expected an SMN event'],
    [{}, 'event.record: expected a list of SMN records, got nothing'],
    [{ record: [] }, 'event.record: expected a list of SMN records, got []'],
    [{ record: [{ smn: {} }] }, 'event.record[0].smn.topic_urn: expected a topic URN, got nothing'],
    [
      { record: [{ smn: { topic_urn: 't', message_id: '' } }] },
      'event.record[0].smn.message_id: expected an id, got ""',
    ],
    [
      { record: [{ smn: { topic_urn: 't', message_id: 'm', message: {} } }] },
      'smn.message: expected a text, got {}',
    ],
  ])('%j is a problem that names the place', (event, problem) => {
    expect(readSmnEvent(event)).toMatchObject([{ problem: expect.stringContaining(problem) }]);
  });
});

describe('an alarm', () => {
  const alarm = (body: object) =>
    readCloudEyeAlarm(JSON.stringify({ message_type: 'alarm', alarm_status: 'alarm', ...body }));

  it('whose two marks of its state disagree is taken for recovered', () => {
    expect(alarm({ template_variable: { IsAlarm: false } })).toMatchObject({ state: 'recovered' });
    expect(alarm({ alarm_status: 'ok', template_variable: { IsAlarm: true } })).toMatchObject({
      state: 'recovered',
    });
  });

  it('has its ids from dimensions split at the first colon and from ResourceId before <br>', () => {
    expect(alarm({ dimension: 'a:x1,b:y:2,c:z3' })).toMatchObject({ resourceIds: ['x1', 'z3'] });
    expect(alarm({ template_variable: { ResourceId: 'v1<br>挂载点：<v2>' } })).toMatchObject({
      resourceIds: ['v1'],
    });
    expect(alarm({ dimension: 'a:x1', template_variable: { ResourceId: 'x1' } })).toMatchObject({
      resourceIds: ['x1'],
    });
  });

  it('tells its time by `time` alone, never by AlarmTime', () => {
    expect(alarm({ template_variable: { AlarmTime: '2026/03/02 02:30:03 GMT+08:00' } })).not.toHaveProperty(
      'time',
    );
    expect(alarm({ time: '1772389803250' })).not.toHaveProperty('time');
  });

  it('of an unknown status is a problem, and so is any other message', () => {
    expect(alarm({ alarm_status: 'dancing' })).toMatchObject({
      problem: expect.stringContaining('alarm_status'),
    });
    expect(alarm({ message_type: 'news' })).toMatchObject({
      problem: expect.stringContaining('message_type'),
    });
    expect(readCloudEyeAlarm('your server is unwell')).toMatchObject({ problem: expect.any(String) });
    expect(readCloudEyeAlarm('[]')).toMatchObject({ problem: expect.any(String) });
  });

  it('never throws, and never yields an id that is none, whatever it holds', () => {
    const key = fc.constantFrom(
      'dimension',
      'template_variable',
      'time',
      'alarm_status',
      '__proto__',
      'constructor',
    );
    const body = fc.dictionary(
      key,
      fc.oneof(fc.jsonValue(), fc.string(), fc.constant({ ResourceId: '../../x', IsAlarm: 1 })),
    );
    fc.assert(
      fc.property(body, fc.string(), (given, raw) => {
        const found = [
          alarm(given),
          alarm({ dimension: raw }),
          alarm({ template_variable: { ResourceId: raw } }),
        ];
        for (const one of [...found, readCloudEyeAlarm(raw)]) {
          if (isProblem(one)) continue;
          expect(one.resourceIds.length).toBeLessThanOrEqual(20);
          for (const id of one.resourceIds) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        }
      }),
    );
    fc.assert(fc.property(fc.anything(), (event) => void readSmnEvent(event)));
  });
});
