import { describe, expect, it } from 'vitest';
import type { CloudEyeAlarm } from '../../../events/cloud-eye.ts';
import type { SmnRecord } from '../../../events/smn.ts';
import { isOurTopic, meaningOf } from '../../../lib/intake/alarm.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { epochMs } from '../../../lib/time.ts';

const TOPIC = 'urn:smn:cn-north-4:p1:alarms';
const MINUTE = 60_000;
const NOW = epochMs(1_000 * MINUTE);
const settings = (more: object = {}) =>
  parseSettings({ region: 'cn-north-4', mode: 'observe', alarm_topics: [TOPIC], ...more });
const record: SmnRecord = {
  topicUrn: TOPIC,
  messageId: 'm1',
  message: '',
  subject: 'subject',
  timestamp: epochMs(NOW - MINUTE),
};
const alarm: CloudEyeAlarm = {
  format: 'default',
  state: 'alarm',
  alarmId: 'al1',
  alarmName: 'unwell',
  namespace: 'SYS.CPH',
  names: ['metric', 'Metric'],
  event: {},
  time: epochMs(NOW - 2 * MINUTE),
  resourceIds: ['h1'],
  idsLeftOut: 0,
};
const { namespace: _, time: __, alarmId: ___, alarmName: ____, ...bare } = alarm;
const template: CloudEyeAlarm = { ...bare, format: 'template', names: [] };
const meaning = (of: CloudEyeAlarm, more: object = {}, by: SmnRecord = record) =>
  meaningOf(by, of, settings(more), NOW);

describe('an alarm that is for us', () => {
  it('becomes a request with its candidates, why, by whom and when', () => {
    expect(meaning(alarm)).toEqual({
      kind: 'request',
      request: {
        deliveryId: 'm1',
        source: 'alarm',
        selector: { kind: 'candidates', ids: ['h1'] },
        reason: 'unwell: metric',
        requestedBy: 'Cloud Eye rule al1',
        requestedAt: NOW - 2 * MINUTE,
        dryRun: false,
      },
    });
  });

  it('without names of its own takes those of its message', () => {
    expect(meaning(template)).toMatchObject({ request: { reason: 'subject', requestedBy: 'Cloud Eye' } });
  });

  it('says how many ids were left out', () => {
    expect(meaning({ ...alarm, idsLeftOut: 5 })).toMatchObject({
      request: { reason: 'unwell: metric (5 more ids left out)' },
    });
  });

  it('has no more text than a line holds', () => {
    const long = { ...alarm, alarmName: 'n'.repeat(500), alarmId: 'i'.repeat(500) };
    const { request } = meaning(long) as { request: { reason: string; requestedBy: string } };
    expect(request.reason).toHaveLength(200);
    expect(request.requestedBy).toHaveLength('Cloud Eye rule '.length + 64);
  });
});

describe('the time of a request is', () => {
  const at = (time: number | undefined, timestamp: number | undefined) => {
    const timed: CloudEyeAlarm = time === undefined ? bare : { ...bare, time: epochMs(time) };
    const { timestamp: _sent, ...unsent } = record;
    return meaning(
      { ...timed, namespace: 'SYS.CPH' },
      {},
      timestamp === undefined ? unsent : { ...unsent, timestamp: epochMs(timestamp) },
    );
  };
  it.each<[string, number | undefined, number | undefined, number]>([
    ['that of the alarm', NOW - 5, NOW - 4, NOW - 5],
    ['that of the alarm, should our clock be ten minutes late', NOW + 10 * MINUTE, NOW, NOW + 10 * MINUTE],
    ['that of the message where the alarm tells none', undefined, NOW - 4, NOW - 4],
    ['that of the message where the alarm lies further ahead', NOW + 10 * MINUTE + 1, NOW - 4, NOW - 4],
    ['now where neither tells one', undefined, undefined, NOW],
    ['now where both lie far ahead', NOW + 99 * MINUTE, NOW + 11 * MINUTE, NOW],
    ['an old one, as it is', 1, NOW, 1],
  ])('%s', (_what, time, timestamp, expected) => {
    expect(at(time, timestamp)).toMatchObject({ request: { requestedAt: expected } });
  });
});

describe('a topic is ours', () => {
  it('when it is listed, and by its whole name', () => {
    expect(isOurTopic(record, settings())).toBe(true);
    expect(isOurTopic({ ...record, topicUrn: ` ${TOPIC} ` }, settings())).toBe(true);
    expect(isOurTopic({ ...record, topicUrn: `${TOPIC}2` }, settings())).toBe(false);
    expect(isOurTopic({ ...record, topicUrn: TOPIC.toUpperCase() }, settings())).toBe(false);
    expect(isOurTopic(record, settings({ alarm_topics: [] }))).toBe(false);
  });
});

describe('a namespace', () => {
  const from = (namespace: string | undefined, source?: string): CloudEyeAlarm => ({
    ...bare,
    ...(namespace === undefined ? {} : { namespace }),
    event: source === undefined ? {} : { source },
  });
  const only = (...alarm_namespaces: string[]) => ({ alarm_namespaces });

  it.each<[string, CloudEyeAlarm, object]>([
    ['SYS.CPH', from('SYS.CPH'), {}],
    ['of your own', from('acme.encoders'), {}],
    ['EVENT.CUSTOM', from('EVENT.CUSTOM'), {}],
    ['EVENT.SYS without a source', from('EVENT.SYS'), {}],
    ['EVENT.SYS from SYS.CPH', from('EVENT.SYS', 'SYS.CPH'), {}],
    ['EVENT.SYS from CPH', from('EVENT.SYS', 'CPH'), only('SYS.CPH')],
    ['EVENT.CUSTOM from a source in alarm_namespaces', from('EVENT.CUSTOM', 'MY.APP'), only('MY.APP')],
    ['EVENT.CUSTOM from a source of one word', from('EVENT.CUSTOM', 'watchdog'), only('watchdog')],
    ['SYS.CPH, whatever reported it', from('SYS.CPH', 'SYS.ECS'), {}],
    ['untold, of a template', template, only('MY.APP')],
  ])('%s is ours', (_what, one, more) => {
    expect(meaning(one, more).kind).toBe('request');
  });

  it.each<[string, CloudEyeAlarm, object, string]>([
    ['of another service', from('SYS.ECS'), {}, 'namespace "SYS.ECS" is not ours (setting alarm_namespaces)'],
    ['of an agent', from('AGT.ECS'), {}, '"AGT.ECS" is not ours'],
    ['of SERVICE', from('SERVICE.BMS'), {}, '"SERVICE.BMS" is not ours'],
    ['not among alarm_namespaces', from('SYS.CPH'), only('MY.APP'), '"SYS.CPH" is not ours'],
    ['in another case', from('MY.app'), only('MY.APP'), '"MY.app" is not ours'],
    ['EVENT.SYS from another service', from('EVENT.SYS', 'SYS.ECS'), {}, '"SYS.ECS" is not ours'],
    [
      'EVENT.SYS from another service by its bare name',
      from('EVENT.SYS', 'ECS'),
      {},
      '"SYS.ECS" is not ours',
    ],
    [
      'untold, of an event from another service',
      { ...template, event: { source: 'SYS.ECS' } },
      {},
      '"SYS.ECS" is not',
    ],
  ])('%s is not, and the alarm is ignored', (_what, one, more, reason) => {
    expect(meaning(one, more)).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
  });

  it('untold in the default format is not, and that is to be told: such a rule would restart nothing', () => {
    expect(meaning(from(undefined), {})).toMatchObject({
      kind: 'ignored',
      reason: expect.stringContaining('smn.message.namespace: expected the namespace'),
      notice: { code: 'alarm_unreadable' },
    });
  });
});
