/**
 * The test alarm of `serverless checkup`: what a rule on a metric of an encode server sends, about a server that there
 * cannot be. It is known by that server's id and by nothing else. So whatever is taken for a test names no other
 * resource and could restart nothing; and where it is not known as one, as by older code, nothing is found of that id.
 */
import type { CloudEyeAlarm } from '../../events/cloud-eye.ts';
import { type EpochMs, iso } from '../time.ts';

/** CPH's own ids are 32 hexadecimal digits or a UUID. */
const TEST_ID = /^encode-restart-checkup-[0-9a-f]{16}$/;

/** To people who get it: whoever is subscribed to the topic of alarms. */
export const TEST_ALARM_SAYS = 'This is a test alarm of "serverless checkup". Nothing has to be done.';

/** @param nonce 16 hexadecimal digits, others each time */
export const testId = (nonce: string): string => `encode-restart-checkup-${nonce}`;

export function isTestAlarm({ resourceIds, idsLeftOut }: CloudEyeAlarm): boolean {
  const [only = '', ...others] = resourceIds;
  return TEST_ID.test(only) && others.length === 0 && idsLeftOut === 0;
}

/** As text of an SMN message. @param namespace one that the functions listen to */
export function testAlarm(id: string, namespace: string, at: EpochMs): string {
  return JSON.stringify({
    message_type: 'alarm',
    alarm_id: 'al0000000000000checkup0',
    alarm_name: 'test alarm of serverless checkup',
    alarm_status: 'alarm',
    time: at,
    namespace,
    metric_name: 'encode_server_abnormal',
    dimension: `encode_server_id:${id}`,
    period: 1,
    filter: 'Raw data',
    comparison_operator: '>=',
    value: 1,
    unit: '',
    count: 1,
    alarmValue: [{ time: at, value: 2 }],
    sms_content: TEST_ALARM_SAYS,
    default_content: TEST_ALARM_SAYS,
    template_variable: {
      Namespace: namespace,
      ResourceName: id,
      ResourceId: id,
      MetricName: 'test',
      IsAlarm: true,
      AlarmLevel: 'Informational',
      AlarmTime: iso(at),
      AlarmRuleName: 'test alarm of serverless checkup',
    },
  });
}
