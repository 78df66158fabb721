import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCloudEyeAlarm } from '../../events/cloud-eye.ts';
import { isProblem } from '../../events/event.ts';
import { readSmnEvent } from '../../events/smn.ts';
import { HOST, SERVER } from './shapes.ts';

const FOLDER = new URL('../../events/samples/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const read = (event: unknown) =>
  readSmnEvent(event).map((record) => (isProblem(record) ? record : readCloudEyeAlarm(record.message)));

const usual = {
  format: 'default',
  state: 'alarm',
  alarmId: 'al1770000000000sampleAA',
  namespace: 'SYS.CPH',
  names: ['encode_server_abnormal', 'Abnormal encode servers'],
  event: {},
  time: Date.parse('2026-03-01T18:30:03.250Z'),
  resourceIds: [HOST],
};
const template = { format: 'template', names: ['Abnormal encode servers'], resourceIds: [HOST] };

const READ_AS: Readonly<Record<string, readonly object[]>> = {
  'alarm.json': [{ ...usual, alarmName: 'encode servers unwell' }],
  'alarm-2022-zh.json': [
    { ...usual, alarmName: '编码服务异常', names: ['encode_server_abnormal', '异常编码服务'] },
  ],
  'alarm-otc-2022.json': [{ ...usual, alarmName: 'encode servers unwell' }],
  'alarm-brazil-2024.json': [{ ...usual, alarmName: 'encode & stream unwell' }],
  'alarm-africa-2026.json': [{ ...usual, resourceIds: [HOST, SERVER] }],
  'alarm-naming-a-server.json': [{ ...usual, resourceIds: [HOST, SERVER] }],
  'recovery.json': [{ ...usual, state: 'recovered' }],
  'foreign-namespace.json': [{ namespace: 'SYS.ECS', resourceIds: ['11112222-3333-4444-5555-666677778888'] }],
  'several-records.json': [
    { problem: expect.stringContaining('expected a Cloud Eye alarm in JSON') },
    usual,
    { problem: 'event.record[2].smn: expected an SMN message, got null' },
    { resourceIds: ['c10d0000000000000000000000000002'] },
  ],
  'hardware-event.json': [{ names: ['gpuAbnormal', 'Abnormal encode servers'], resourceIds: [HOST] }],
  'event-custom.json': [
    {
      state: 'alarm',
      namespace: 'EVENT.CUSTOM',
      names: ['encode_server_hung'],
      event: { source: 'STREAM.WATCHDOG', state: 'incident', level: 'Major' },
      resourceIds: [HOST, SERVER],
    },
  ],
  'event-gpu-normal.json': [{ state: 'alarm', names: ['gpuNormal', 'GPU恢复正常'] }],
  'template-alarm-zh.json': [
    { ...template, state: 'alarm', alarmName: '编码服务异常', names: ['异常编码服务'] },
  ],
  'template-recovery.json': [{ ...template, state: 'recovered' }],
  'template-without-is-alarm.json': [{ ...template, state: 'unmarked' }],
  'free-text-zh.json': [
    { problem: expect.stringMatching(/^smn\.message: expected a Cloud Eye alarm in JSON, got "【告警】/) },
  ],
  'subscription-confirmation.json': [
    {
      problem: 'event.record[0].smn.type: expected "notification", got "SubscriptionConfirmation"',
    },
  ],
};

describe('a sample', () => {
  it('is there for each line of this table, and each has a line', () => {
    const alarms = readdirSync(FOLDER).filter((file) =>
      readFileSync(new URL(file, FOLDER), 'utf8').includes('"record"'),
    );
    expect(new Set(alarms)).toEqual(new Set(Object.keys(READ_AS)));
  });

  it.each(Object.entries(READ_AS))(
    '%s is read as what it says, as object, text or Buffer',
    (name, expected) => {
      expect(read(JSON.parse(sample(name)))).toMatchObject(expected);
      expect(read(sample(name))).toMatchObject(expected);
      expect(read(Buffer.from(sample(name)))).toMatchObject(expected);
    },
  );

  it('of a template has neither namespace nor time: those it tells are for people', () => {
    const [alarm] = read(sample('template-alarm-zh.json'));
    expect(alarm).not.toHaveProperty('namespace');
    expect(alarm).not.toHaveProperty('time');
  });
});
