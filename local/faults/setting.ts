/** The stage on which faults are shown: a host, its encode servers, and an alarm on it. */
import { type DurationMs, epochMs, iso, milliseconds } from '../../lib/time.ts';
import type { FleetRow } from '../model/state.ts';
import type { Fault, Setting } from './fault.ts';

/** When the first event comes. */
export const OPENS_AT = epochMs(Date.parse('2026-03-01T18:30:00Z'));
const TOPIC = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:encode-alarms';

export const server = (
  server_id: string,
  encode_server_id: string,
  status: number,
  more: Partial<FleetRow> = {},
): FleetRow => ({
  encode_server_id,
  server_id,
  status,
  type: 1,
  phones: [],
  recovers: true,
  host_status: 5,
  ...more,
});

/** One host with four servers, three of them abnormal. */
export const usualFleet = (more: Partial<FleetRow> = {}): readonly FleetRow[] => [
  server('h1', 's1', 1, more),
  ...['s2', 's3', 's4'].map((id) => server('h1', id, 2, more)),
];

/** The event of a Cloud Eye alarm about `dimension`, so long after the opening. */
export function alarm(
  dimension: string,
  {
    after = milliseconds(0),
    status = 'alarm',
    padding = 0,
  }: { after?: DurationMs; status?: 'alarm' | 'ok'; padding?: number } = {},
): object {
  const time = epochMs(OPENS_AT + after);
  const message = {
    message_type: 'alarm',
    alarm_id: 'al1770000000000faultAA',
    alarm_name: 'encode servers unwell',
    alarm_status: status,
    time,
    namespace: 'SYS.CPH',
    metric_name: 'encode_server_abnormal',
    dimension,
    default_content: 'x'.repeat(padding),
    template_variable: { IsAlarm: status === 'alarm' },
  };
  const smn = {
    topic_urn: TOPIC,
    timestamp: iso(time),
    message_id: `${status}-${dimension}-${after}`,
    subject: `Cloud Eye: ${status}`,
    type: 'notification',
    message: JSON.stringify(message),
    message_attributes: null,
  };
  return { record: [{ event_version: '1.0', event_source: 'smn', smn }] };
}

/** The whole setting of a fault. */
export const settingOf = (fault: Pick<Fault, 'setting'>): Setting => ({
  fleet: usualFleet(),
  events: [alarm('server_id:h1')],
  ...fault.setting?.(),
});
