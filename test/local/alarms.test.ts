/** Alarms of the local cloud: the default Cloud Eye message on the topic, and its recovery. */
import { expect, test } from 'vitest';
import { after, seconds } from '../../lib/time.ts';
import { readFleet } from '../../local/fleet.ts';
import {
  addTopic,
  clearAlarm,
  createModel,
  type Model,
  type Notification,
  raiseAlarm,
  subscribe,
  topicUrn,
} from '../../local/model/index.ts';
import { aServer, PROJECT, START } from './support/world.ts';

interface Heard {
  readonly model: Model;
  readonly urn: string;
  readonly heard: Notification[];
}

function listen(alarmDimension?: string): Heard {
  const model = createModel({
    fleet: readFleet([aServer('es-1')]),
    region: 'cn-north-4',
    projectId: PROJECT,
    ...(alarmDimension === undefined ? {} : { behaviour: { alarmDimension } }),
  });
  const urn = topicUrn(model, 'alarms');
  const heard: Notification[] = [];
  addTopic(model, urn);
  subscribe(model, urn, { name: 'alarm', deliver: (notification) => heard.push(notification) });
  return { model, urn, heard };
}

test('an alarm on a host is published in the default format of Cloud Eye', () => {
  const { model, urn, heard } = listen();
  raiseAlarm(model, urn, 'host-a', START);
  const [notification] = heard;
  expect(notification?.subject).toMatch(/^\[Critical Alarm\]From Cloud Eye: .* has triggered an alarm\.$/);
  const message = JSON.parse(notification?.message ?? '');
  expect(message).toMatchObject({
    message_type: 'alarm',
    alarm_status: 'alarm',
    time: START,
    namespace: 'SYS.CPH',
    dimension: 'server_id:host-a',
    template_variable: {
      IsAlarm: true,
      ResourceId: 'host-a',
      RegionId: 'cn-north-4',
      AlarmTime: '2026/01/31 11:00:00 GMT+08:00',
    },
  });
  expect(message.alarm_id).toHaveLength(24);
  expect(message.template_variable.AlarmRecordID).toHaveLength(24);
});

test('a repeated alarm and its recovery belong to the same record, the next alarm to a new one', () => {
  const { model, urn, heard } = listen('cph_server_id');
  raiseAlarm(model, urn, 'host-a', START);
  raiseAlarm(model, urn, 'host-a', after(START, seconds(300)));
  clearAlarm(model, urn, 'host-a', after(START, seconds(400)));
  raiseAlarm(model, urn, 'host-a', after(START, seconds(900)));
  const messages = heard.map(({ message }) => JSON.parse(message));
  const records = messages.map(({ template_variable }) => template_variable.AlarmRecordID);
  expect(records[1]).toBe(records[0]);
  expect(records[2]).toBe(records[0]);
  expect(records[3]).not.toBe(records[0]);
  expect(messages[2]).toMatchObject({
    message_type: 'alarm',
    alarm_status: 'ok',
    dimension: 'cph_server_id:host-a',
    template_variable: { IsAlarm: false, AlarmLevel: 'Critical' },
  });
  expect(heard[2]?.subject).toMatch(/^\[Critical Ok\]From Cloud Eye: /);
  expect(new Set(heard.map(({ message_id }) => message_id)).size).toBe(4);
});

test('alarms on unknown hosts, recoveries of none, and unknown topics are refused', () => {
  const { model, urn } = listen();
  expect(() => raiseAlarm(model, urn, 'host-z', START)).toThrow('host-z');
  expect(() => clearAlarm(model, urn, 'host-a', START)).toThrow('open alarm');
  expect(() => subscribe(model, 'urn:none', { name: 'f', deliver: () => undefined })).toThrow('urn:none');
});
