/** The events of a history in the shapes in which they come in. */
import { iso } from '../../lib/time.ts';
import type { Happening } from '../history/history.ts';
import { ALARM_TOPIC } from './places.ts';
import { momentOf } from './stage.ts';

export function alarmEvent({ ids, key, at, age }: Extract<Happening, { kind: 'alarm' }>): object {
  const time = momentOf(at - age);
  const message = {
    message_type: 'alarm',
    alarm_id: 'al1',
    alarm_name: 'encode servers unwell',
    alarm_status: 'alarm',
    time,
    namespace: 'SYS.CPH',
    metric_name: 'encode_server_abnormal',
    dimension: ids.map((id) => `server_id:${id}`).join(','),
    template_variable: { IsAlarm: true },
  };
  const smn = {
    topic_urn: ALARM_TOPIC,
    timestamp: iso(time),
    message: JSON.stringify(message),
    type: 'notification',
    message_id: key,
    subject: 'alarm',
  };
  return { record: [{ event_version: '1.0', event_source: 'smn', smn }] };
}

export const timerEvent = ({ userEvent, due }: Extract<Happening, { kind: 'timer' }>): object => ({
  version: 'v2.0',
  time: iso(momentOf(due)),
  trigger_type: 'TIMER',
  trigger_name: 'nightly',
  user_event: userEvent === undefined ? '' : JSON.stringify(userEvent),
});

export const minuteEvent = (moment: Parameters<typeof iso>[0]): object => ({
  version: 'v2.0',
  time: iso(moment),
  trigger_type: 'TIMER',
  trigger_name: 'every-minute',
  user_event: '',
});

export const httpEvent = (
  { method, path, body, key }: Extract<Happening, { kind: 'call' }>,
  requestId: string,
): object => ({
  httpMethod: method,
  path: `/encode-restart/${path}`,
  headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
  queryStringParameters: {},
  pathParameters: {},
  body: body === undefined ? '' : JSON.stringify(body),
  isBase64Encoded: false,
  requestContext: { requestId },
});
