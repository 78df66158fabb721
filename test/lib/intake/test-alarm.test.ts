/** A test alarm is known by the id of a server that there cannot be; nothing that names anything else is one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CloudEyeAlarm, readCloudEyeAlarm } from '../../../events/cloud-eye.ts';
import { isProblem } from '../../../events/event.ts';
import type { SmnRecord } from '../../../events/smn.ts';
import { meaningOf } from '../../../lib/intake/alarm.ts';
import { isTestAlarm, testAlarm, testId } from '../../../lib/intake/test-alarm.ts';
import { parseSettings } from '../../../lib/settings.ts';
import { epochMs } from '../../../lib/time.ts';

const TOPIC = 'urn:smn:cn-north-4:p1:alarms';
const NOW = epochMs(Date.parse('2026-03-01T18:30:00Z'));
const ID = testId('0123456789abcdef');

function read(message: string): CloudEyeAlarm {
  const alarm = readCloudEyeAlarm(message);
  if (isProblem(alarm)) throw new Error(alarm.problem);
  return alarm;
}

function meaning(message: string, more: object = {}) {
  const record: SmnRecord = { topicUrn: TOPIC, messageId: 'm1', subject: 'subject', message };
  const settings = parseSettings({ region: 'cn-north-4', mode: 'active', alarm_topics: [TOPIC], ...more });
  return meaningOf(record, read(message), settings, NOW);
}

const REAL = read(testAlarm('c10d0000000000000000000000000001', 'SYS.CPH', NOW));

describe('the test alarm', () => {
  it('is read as an alarm about the one server that it names', () => {
    expect(read(testAlarm(ID, 'SYS.CPH', NOW))).toMatchObject({
      format: 'default',
      state: 'alarm',
      namespace: 'SYS.CPH',
      time: NOW,
      resourceIds: [ID],
    });
  });

  it('means a dry run in every mode, known by its own id', () => {
    expect(meaning(testAlarm(ID, 'SYS.CPH', NOW))).toMatchObject({
      kind: 'test',
      request: { deliveryId: ID, dryRun: true, requestedBy: 'serverless checkup' },
    });
  });

  it('is for us where its namespace is, as every alarm', () => {
    const more = { alarm_namespaces: ['MY.APP'] };
    expect(meaning(testAlarm(ID, 'MY.APP', NOW), more).kind).toBe('test');
    expect(meaning(testAlarm(ID, 'SYS.CPH', NOW), more).kind).toBe('ignored');
  });

  it('is a usual one beside any other resource, or any that was left out', () => {
    expect(isTestAlarm({ ...REAL, resourceIds: [ID] })).toBe(true);
    expect(isTestAlarm({ ...REAL, resourceIds: [ID, 'h1'] })).toBe(false);
    expect(isTestAlarm({ ...REAL, resourceIds: ['h1', ID] })).toBe(false);
    expect(isTestAlarm({ ...REAL, resourceIds: [ID], idsLeftOut: 1 })).toBe(false);
    expect(isTestAlarm({ ...REAL, resourceIds: [] })).toBe(false);
  });

  it('is no alarm whose ids are as CPH makes them, whatever else it says of tests', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
    const ids = fc.array(fc.oneof(hex, fc.uuid()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(ids, (resourceIds) => {
        const named = { ...REAL, resourceIds, alarmName: 'test alarm of serverless checkup' };
        expect(isTestAlarm(named)).toBe(false);
      }),
    );
  });
});
