/** Whose alarms are answered: cloud phones' own, and those that the operator defined. */
import type { CloudEyeAlarm } from '../../events/cloud-eye.ts';
import { shown } from '../../events/event.ts';
import type { Settings } from '../settings.ts';

/** Every alarm has a namespace, so its message was changed by somebody, or is of a kind that nobody has seen. */
export const NAMESPACE_MISSING =
  'smn.message.namespace: expected the namespace of a metric or an event, got nothing';

/** Why an alarm is not for us by where it comes from; nothing where it is. */
export function whyForeign(alarm: CloudEyeAlarm, settings: Settings): string | undefined {
  const namespace = namespaceOf(alarm);
  if (namespace === undefined) {
    // A template carries display names only: that it came to our topic decides.
    return alarm.format === 'template' ? undefined : NAMESPACE_MISSING;
  }
  return isOurs(namespace, settings)
    ? undefined
    : `namespace ${shown(namespace)} is not ours (setting alarm_namespaces)`;
}

/**
 * `EVENT.SYS` and `EVENT.CUSTOM` say of what kind an event is; where it comes from, its source says. One that tells no
 * source is let in, since no body of an event alarm was ever seen: whether its ids are cloud phones', CPH tells.
 */
function namespaceOf({ namespace, event }: CloudEyeAlarm): string | undefined {
  const isEventKind = namespace === undefined || namespace.startsWith('EVENT.');
  if (!isEventKind || event.source === undefined) return namespace;
  // A service reports its events under its bare name as well: "CPH" in the user guide, "SYS.CPH" in the API.
  const isBare = namespace === 'EVENT.SYS' && !event.source.includes('.');
  return isBare ? `SYS.${event.source}` : event.source;
}

/** Without a setting: `SYS.CPH`, and whatever does not belong to another cloud service. */
function isOurs(namespace: string, { alarmNamespaces }: Settings): boolean {
  if (alarmNamespaces !== undefined) return alarmNamespaces.includes(namespace);
  return /^SYS\.CPH$/i.test(namespace) || !/^(SYS|AGT|SERVICE)\./i.test(namespace);
}
