/** What an alarm means: whether it is for us, and which servers it may be about. Pure. */
import type { CloudEyeAlarm } from '../../events/cloud-eye.ts';
import type { SmnRecord } from '../../events/smn.ts';
import type { Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type { RestartRequest } from '../types.ts';

export type Meaning =
  | { readonly kind: 'request'; readonly request: RestartRequest }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Is the message's topic ours? Whoever may publish to a topic may speak here, so only listed ones count. */
export function isOurTopic(record: SmnRecord, settings: Settings): boolean {
  return settings.alarmTopics.includes(record.topicUrn);
}

/** What the alarm in `record` asks for; `now` stands in when it tells no time. */
export function meaningOf(
  record: SmnRecord,
  alarm: CloudEyeAlarm,
  settings: Settings,
  now: EpochMs,
): Meaning {
  const reason = reasonToIgnore(alarm, settings);
  if (reason !== undefined) return { kind: 'ignored', reason };
  return {
    kind: 'request',
    request: {
      deliveryId: record.messageId,
      source: 'alarm',
      selector: { kind: 'candidates', ids: alarm.resourceIds },
      reason: [alarm.alarmName, alarm.metricName].filter(Boolean).join(': ') || record.subject,
      requestedBy: alarm.alarmId === '' ? 'Cloud Eye' : `Cloud Eye rule ${alarm.alarmId}`,
      requestedAt: alarm.time ?? record.timestamp ?? now,
      dryRun: false,
    },
  };
}

function reasonToIgnore(alarm: CloudEyeAlarm, settings: Settings): string | undefined {
  if (alarm.state === 'recovered') return 'a recovery: nothing is to be restarted';
  if (alarm.state === 'insufficient_data')
    return 'insufficient data: Cloud Eye does not say that anything is wrong';
  if (alarm.namespace !== undefined && !isOurNamespace(alarm.namespace, settings)) {
    return `namespace ${alarm.namespace} is not ours (setting alarm_namespaces)`;
  }
  if (alarm.metricName !== undefined && HARDWARE_EVENTS.has(alarm.metricName)) {
    return `hardware event ${alarm.metricName}: a restart of encode servers cannot mend it`;
  }
  if (alarm.resourceIds.length === 0) return 'the alarm names no resource';
  return undefined;
}

/** Without a setting: `SYS.CPH`, and whatever does not belong to another cloud service. */
function isOurNamespace(namespace: string, { alarmNamespaces }: Settings): boolean {
  if (alarmNamespaces !== undefined) return alarmNamespaces.includes(namespace);
  return namespace === 'SYS.CPH' || !/^(SYS|AGT|SERVICE)\./.test(namespace);
}

/** Faults of a host that no restart of an encode service mends (CPH user guide, "CPH Events"). */
const HARDWARE_EVENTS: ReadonlySet<string> = new Set([
  'gpuAbnormal',
  'gpuNormal',
  'kernelCrash',
  'kernelOom',
  'hardwareError',
  'pcieAer',
  'scsiError',
  'partReadOnly',
]);
