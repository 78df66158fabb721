/** Cloud Eye's side of the model: the message of an alarm on a host, and of its end, in the default format. */
import { type EpochMs, hours } from '../../lib/time.ts';
import type { Host, Mail, Model } from './state.ts';
import { post } from './topics.ts';

/** The metrics of SYS.CPH are not published; this one is made up. */
const METRIC = 'encode_service_available_rate';
const RULE_ID = 'al1700000000000localRule';
const RULE_NAME = 'encode-servers-unwell';

/** Raises the alarm of a host; raised again while it is open, it is the same alarm's next notification. */
export function raiseAlarm(model: Model, topicUrn: string, serverId: string, now: EpochMs): Mail {
  const host = hostOf(model, serverId);
  const recordId = model.alarms.get(serverId) ?? `ah${model.newId('alarm record').slice(0, 22)}`;
  model.alarms.set(serverId, recordId);
  return notify(model, topicUrn, { host, recordId, open: true }, now);
}

/** The alarm of a host is over. */
export function clearAlarm(model: Model, topicUrn: string, serverId: string, now: EpochMs): Mail {
  const host = hostOf(model, serverId);
  const recordId = model.alarms.get(serverId);
  if (recordId === undefined) throw new Error(`Expected an open alarm on host ${serverId}, there is none`);
  model.alarms.delete(serverId);
  return notify(model, topicUrn, { host, recordId, open: false }, now);
}

function hostOf(model: Model, serverId: string): Host {
  const host = model.hosts.get(serverId);
  if (host === undefined) throw new Error(`Expected a host of the local fleet, got ${serverId}`);
  return host;
}

interface Alarm {
  readonly host: Host;
  readonly recordId: string;
  readonly open: boolean;
}

function notify(model: Model, topicUrn: string, alarm: Alarm, now: EpochMs): Mail {
  const what = `The Available Encode Servers of Cloud Phone-Servers "${RULE_NAME}"`;
  const subject = alarm.open
    ? `[Critical Alarm]From Cloud Eye: ${what} has triggered an alarm.`
    : `[Critical Ok]From Cloud Eye: ${what} has changed to OK from Alarm.`;
  const message = JSON.stringify(cloudEyeMessage(model, alarm, now), null, 2);
  return post(model, topicUrn, subject, { default: message }, now);
}

function cloudEyeMessage(model: Model, { host, recordId, open }: Alarm, now: EpochMs): object {
  const { alarmDimension } = model.behaviour;
  const value = open ? 60 : 100;
  const text = `Cloud Phone host "${host.name}" (ID: ${host.server_id}): available encode servers ${value}%.`;
  return {
    message_type: 'alarm',
    alarm_id: RULE_ID,
    alarm_name: RULE_NAME,
    alarm_status: open ? 'alarm' : 'ok',
    time: now,
    namespace: 'SYS.CPH',
    metric_name: METRIC,
    dimension: `${alarmDimension}:${host.server_id}`,
    period: 1,
    filter: 'Raw data',
    comparison_operator: '<',
    value: 100,
    unit: '%',
    count: 1,
    alarmValue: [{ time: now, value }],
    sms_content: `[Cloud Eye]${text}`,
    default_content: text,
    template_variable: {
      AccountName: 'local',
      Namespace: 'Cloud Phone',
      DimensionName: 'Servers',
      ResourceName: host.name,
      ResourceId: host.server_id,
      MetricName: 'Available Encode Servers',
      IsAlarm: open,
      IsCycleTrigger: false,
      AlarmLevel: 'Critical',
      Region: model.region,
      RegionId: model.region,
      PrivateIp: host.address,
      CurrentData: `${value.toFixed(2)}%`,
      AlarmTime: chinaTime(now),
      AlarmRecordID: recordId,
      AlarmRuleName: RULE_NAME,
      AlarmId: RULE_ID,
      MonitoringRange: 'All resources',
      IsOriginalValue: true,
      Filter: 'Raw data',
      ComparisonOperator: '<',
      Value: '100%',
      Unit: '%',
      Count: 1,
      EpName: 'default',
      IsIEC: false,
      IsAgentEvent: false,
      ShowImpactAndSolution: false,
    },
  };
}

/** `2026/01/31 11:00:00 GMT+08:00`. */
function chinaTime(now: EpochMs): string {
  const there = new Date(now + hours(8)).toISOString();
  return `${there.slice(0, 10).replaceAll('-', '/')} ${there.slice(11, 19)} GMT+08:00`;
}
