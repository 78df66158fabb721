import { describe, expect, it } from 'vitest';
import { readCloudEyeAlarm } from '../../../events/cloud-eye.ts';
import { isProblem } from '../../../events/event.ts';
import type { SmnRecord } from '../../../events/smn.ts';
import { meaningOf } from '../../../lib/intake/alarm.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { epochMs } from '../../../lib/time.ts';
import { defaultFormat, eventAlarm, HOST, nested, SERVER, TIME, template } from '../../events/shapes.ts';

const SENT = epochMs(TIME + 2_000);
const NOW = epochMs(TIME + 3_000);
const settings = parseSettings({ region: 'cn-north-4', mode: 'observe' });

/** What comes of a message: the meaning of what can be read, or the problem with it. */
function outcome(message: string) {
  const alarm = readCloudEyeAlarm(message);
  if (isProblem(alarm)) return { kind: 'ignored', reason: alarm.problem };
  const record: SmnRecord = { topicUrn: 't', messageId: 'm1', subject: 's', message, timestamp: SENT };
  return meaningOf(record, alarm, settings, NOW);
}

const request = (...ids: string[]) => ({
  kind: 'request',
  request: { deliveryId: 'm1', selector: { kind: 'candidates', ids } },
});
const ignored = (reason: string) => ({ kind: 'ignored', reason: expect.stringContaining(reason) });
const noticeOf = (event: string) => ({
  kind: 'notice',
  notice: { code: 'hardware', event, resourceIds: [HOST], alarmName: 'encode servers unwell', at: TIME },
});
const ok = { alarm_status: 'ok', template_variable: { IsAlarm: false } };
const custom = { namespace: 'EVENT.CUSTOM', dimension: '' };

describe('asks for a look at what it names', () => {
  it.each<[string, string, object]>([
    ['an alarm in the default format', defaultFormat(), request(HOST)],
    [
      'an alarm that names a server too',
      defaultFormat({ dimension: `h:${HOST},e:${SERVER}` }),
      request(HOST, SERVER),
    ],
    ['an alarm that names a phone', defaultFormat({ dimension: 'phone_id:p-1' }), request('p-1')],
    [
      'an alarm whose severity changed',
      defaultFormat({ template_variable: { AlarmLevel: 'Minor', LastAlarmLevel: 'Critical' } }),
      request(HOST),
    ],
    [
      'an alarm of level Informational',
      defaultFormat({ template_variable: { AlarmLevel: '提示' } }),
      request(HOST),
    ],
    [
      'an alarm that is repeated',
      defaultFormat({ template_variable: { IsCycleTrigger: true } }),
      request(HOST),
    ],
    [
      'an alarm whose namespace stands among its variables',
      defaultFormat({ namespace: undefined, template_variable: { Namespace: 'SYS.CPH' } }),
      request(HOST),
    ],
    ['an alarm of a namespace of your own', defaultFormat({ namespace: 'acme.encoders' }), request(HOST)],
    [
      'an alarm in a template',
      template({ IsAlarm: true, ResourceId: HOST, Namespace: '云手机' }),
      request(HOST),
    ],
    [
      'an alarm in a template of 2025',
      template({ IsAlarm: 'true', ResourceID: HOST, EPName: 'default' }),
      request(HOST),
    ],
    [
      'an event of your own',
      eventAlarm('encode_server_hung', { detail: { resource_id: SERVER } }, custom),
      request(SERVER),
    ],
    [
      'an event with its detail as text',
      eventAlarm('hung', JSON.stringify({ resource_id: SERVER }), custom),
      request(SERVER),
    ],
    [
      'an event that is called an event',
      eventAlarm('hung', undefined, { message_type: 'event' }),
      request(HOST),
    ],
    ['an event of CPH that nobody knows', eventAlarm('phoneStreamLost'), request(HOST)],
  ])('%s', (_what, message, expected) => {
    expect(outcome(message)).toMatchObject(expected);
  });

  it('since when Cloud Eye saw it, or a template since when it was sent', () => {
    expect(outcome(defaultFormat())).toMatchObject({ request: { requestedAt: TIME } });
    const inTemplate = template({
      IsAlarm: true,
      ResourceId: HOST,
      AlarmTime: '2020/01/01 00:00:00 GMT+08:00',
    });
    expect(outcome(inTemplate)).toMatchObject({ request: { requestedAt: SENT } });
  });
});

describe('restarts nothing', () => {
  it.each<[string, string, object]>([
    ['a recovery in the default format', defaultFormat(ok), ignored('a recovery')],
    ['a recovery whose IsAlarm is wrong', defaultFormat({ alarm_status: 'ok' }), ignored('a recovery')],
    [
      'a recovery whose alarm_status is wrong',
      defaultFormat({ template_variable: { IsAlarm: false } }),
      ignored('a recovery'),
    ],
    ['a recovery in a template', template({ IsAlarm: false, ResourceId: HOST }), ignored('a recovery')],
    [
      'a recovery in a template with an empty IsAlarm',
      template({ IsAlarm: '', ResourceId: HOST }),
      ignored('a recovery'),
    ],
    [
      'insufficient data',
      defaultFormat({ alarm_status: 'insufficient_data' }),
      ignored('alarm_status "insufficient_data" is neither'),
    ],
    [
      'an alarm that a person ended',
      defaultFormat({ alarm_status: 'ok_manual' }),
      ignored('alarm_status "ok_manual" is neither'),
    ],
    [
      'a rule that expired',
      defaultFormat({ alarm_status: 'invalid' }),
      ignored('alarm_status "invalid" is neither'),
    ],
    [
      'an alarm_status that is empty',
      defaultFormat({ alarm_status: '' }),
      ignored('alarm_status "" is neither'),
    ],
    [
      'an alarm_status of 50,000 lists',
      `{"message_type":"alarm","namespace":"a","alarm_status":${nested('[', ']')}}`,
      ignored('alarm_status a list is neither'),
    ],
    [
      'an IsAlarm that says neither',
      template({ IsAlarm: '是', ResourceId: HOST }),
      ignored('IsAlarm "是" is neither'),
    ],
    [
      'an alarm of another service',
      defaultFormat({ namespace: ' SYS.ECS ' }),
      ignored('namespace "SYS.ECS" is not ours'),
    ],
    [
      'an event of another service',
      eventAlarm('reboot', { event_source: 'SYS.ECS' }, { namespace: 'EVENT.SYS' }),
      ignored('"SYS.ECS" is not ours'),
    ],
    ['an alarm that names nothing', defaultFormat({ dimension: '' }), ignored('names no resource')],
    [
      'an alarm whose ids are none',
      defaultFormat({ dimension: 'server_id:../../x' }),
      ignored('names no resource'),
    ],
    ['a GPU that is well again', eventAlarm('gpuNormal'), ignored('good news')],
    [
      'an event whose state is normal',
      eventAlarm('hung', { event_state: 'normal' }),
      ignored('all is normal'),
    ],
    [
      'an event of level Info',
      eventAlarm('hung', { detail: { event_level: 'Info' } }),
      ignored('informational'),
    ],
    ['a text', '云手机服务器异常，请处理', ignored('a text cannot say whether it is an alarm or a recovery')],
    [
      'a page of HTML',
      `<html><body>IsAlarm: true, ${HOST}</body></html>`,
      ignored('expected a Cloud Eye alarm in JSON'),
    ],
    [
      'JSON of somebody else',
      '{"AlarmName":"x","NewStateValue":"ALARM"}',
      ignored('expected "message_type"'),
    ],
  ])('%s', (_what, message, expected) => {
    expect(outcome(message)).toEqual(expected);
  });

  it('a template without IsAlarm, and that it lacks it is to be told', () => {
    expect(outcome(template({ ResourceId: HOST }))).toEqual({
      ...ignored('without IsAlarm'),
      notice: { code: 'template_without_is_alarm', alarmName: 'encode servers unwell', at: SENT },
    });
  });
});

describe('is told to a person and restarts nothing', () => {
  it.each<[string, string, object]>([
    ['a GPU failure', eventAlarm('gpuAbnormal'), noticeOf('gpuAbnormal')],
    [
      'a GPU failure by its kind',
      eventAlarm('gpuAbnormal', { content: 'hard_hang' }),
      noticeOf('gpuAbnormal'),
    ],
    ['a lost GPU', eventAlarm('cphServerGpuOffline'), noticeOf('cphServerGpuOffline')],
    ['a disk', eventAlarm('cphServerDiskError'), noticeOf('cphServerDiskError')],
    [
      'a kernel crash under the code of good news',
      eventAlarm('gpuNormal', { event_name: 'Kernel crash' }),
      noticeOf('Kernel crash'),
    ],
    [
      'an event whose code lies in its detail',
      eventAlarm('event', { event_name: 'scsiError' }),
      noticeOf('scsiError'),
    ],
  ])('%s', (_what, message, expected) => {
    expect(outcome(message)).toEqual(expected);
  });

  it('a GPU failure in a template, by its display name', () => {
    const message = template({ IsAlarm: true, MetricName: 'GPU故障', ResourceId: HOST });
    expect(outcome(message)).toEqual({
      kind: 'notice',
      notice: { ...noticeOf('GPU故障').notice, at: SENT },
    });
  });

  it('but not once it is over', () => {
    expect(outcome(eventAlarm('gpuAbnormal', undefined, { alarm_status: 'ok' }))).toEqual(
      ignored('a recovery'),
    );
  });
});
