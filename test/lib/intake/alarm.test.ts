import { describe, expect, it } from 'vitest';
import type { CloudEyeAlarm } from '../../../events/cloud-eye.ts';
import type { SmnRecord } from '../../../events/smn.ts';
import { isOurTopic, meaningOf } from '../../../lib/intake/alarm.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { epochMs } from '../../../lib/time.ts';

const TOPIC = 'urn:smn:cn-north-4:p1:alarms';
const NOW = epochMs(3_000);
const settings = (more: object = {}) =>
  parseSettings({ region: 'cn-north-4', mode: 'observe', alarm_topics: [TOPIC], ...more });
const record: SmnRecord = {
  topicUrn: TOPIC,
  messageId: 'm1',
  message: '',
  subject: 'subject',
  timestamp: epochMs(2_000),
};
const alarm: CloudEyeAlarm = {
  state: 'alarm',
  alarmId: 'al1',
  alarmName: 'unwell',
  namespace: 'SYS.CPH',
  metricName: 'metric',
  time: epochMs(1_000),
  resourceIds: ['h1'],
};
const { namespace: _, time: __, metricName: ___, ...bare } = alarm;

describe('an alarm that is for us', () => {
  it('becomes a request with its candidates, why, by whom and when', () => {
    expect(meaningOf(record, alarm, settings(), NOW)).toEqual({
      kind: 'request',
      request: {
        deliveryId: 'm1',
        source: 'alarm',
        selector: { kind: 'candidates', ids: ['h1'] },
        reason: 'unwell: metric',
        requestedBy: 'Cloud Eye rule al1',
        requestedAt: 1_000,
        dryRun: false,
      },
    });
  });

  it('without names or a time of its own takes those of its message', () => {
    const meaning = meaningOf(record, { ...bare, alarmId: '', alarmName: '' }, settings(), NOW);
    expect(meaning).toMatchObject({
      request: { reason: 'subject', requestedBy: 'Cloud Eye', requestedAt: 2_000 },
    });
  });

  it.each(['SYS.CPH', 'MY.APP', 'acme.encoders'])('may be of namespace %s', (namespace) => {
    expect(meaningOf(record, { ...alarm, namespace }, settings(), NOW).kind).toBe('request');
  });
});

describe('an alarm that is not for us is ignored with a reason', () => {
  it.each([
    ['a recovery', { state: 'recovered' }, {}, 'a recovery'],
    ['no data', { state: 'insufficient_data' }, {}, 'insufficient data'],
    ['of another service', { namespace: 'SYS.ECS' }, {}, 'SYS.ECS is not ours'],
    ['of an agent', { namespace: 'AGT.ECS' }, {}, 'AGT.ECS is not ours'],
    ['of SERVICE', { namespace: 'SERVICE.BMS' }, {}, 'SERVICE.BMS is not ours'],
    ['not among alarm_namespaces', {}, { alarm_namespaces: ['MY.APP'] }, 'SYS.CPH is not ours'],
    ['a hardware event', { metricName: 'gpuAbnormal' }, {}, 'hardware event gpuAbnormal'],
    ['without an id', { resourceIds: [] }, {}, 'names no resource'],
  ] as const)('%s', (_what, change, more, reason) => {
    const meaning = meaningOf(record, { ...alarm, ...change }, settings(more), NOW);
    expect(meaning).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
  });

  it('when its topic is not listed, and when none is', () => {
    expect(isOurTopic(record, settings())).toBe(true);
    expect(isOurTopic({ ...record, topicUrn: `${TOPIC}2` }, settings())).toBe(false);
    expect(isOurTopic(record, settings({ alarm_topics: [] }))).toBe(false);
  });
});
