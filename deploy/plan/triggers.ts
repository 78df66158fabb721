/**
 * Which triggers of a function go and which come. FunctionGraph can change nothing of a trigger but its status, so
 * what says something else is deleted and made anew. Pure.
 */
import type { DeployedTrigger } from '../cloud/deployed.ts';
import type { WantedTrigger } from '../compose.ts';
import { type DeploymentRecord, triggerKey, triggerMark } from './record.ts';

export interface TriggerPlan {
  readonly remove: readonly DeployedTrigger[];
  readonly create: readonly WantedTrigger[];
  readonly status: readonly { readonly is: DeployedTrigger; readonly wanted: WantedTrigger['status'] }[];
  /** Not ours: neither wanted nor in the record. */
  readonly left: readonly DeployedTrigger[];
}

export function planTriggers(
  wanted: readonly WantedTrigger[],
  deployed: readonly DeployedTrigger[],
  record: DeploymentRecord | undefined,
): TriggerPlan {
  const keyOf = ({ type, identity }: { type: string; identity: string }) => triggerKey(type, identity);
  const recorded = record?.triggers ?? {};
  const wantedKeys = new Set(wanted.map(keyOf));
  const stays = new Map<DeployedTrigger, WantedTrigger>();
  for (const one of wanted) {
    const mark = recorded[keyOf(one)];
    if (mark !== undefined && mark !== triggerMark(one)) continue;
    const same = deployed.find((is) => keyOf(is) === keyOf(one) && !stays.has(is) && saysTheSame(one, is));
    if (same !== undefined) stays.set(same, one);
  }
  const kept = new Set(stays.values());
  const others = deployed.filter((is) => !stays.has(is));
  const isOurs = (is: DeployedTrigger) => wantedKeys.has(keyOf(is)) || Object.hasOwn(recorded, keyOf(is));
  return {
    remove: others.filter(isOurs),
    create: wanted.filter((one) => !kept.has(one)),
    status: [...stays].flatMap(([is, { status }]) =>
      is.status === '' || is.status === status ? [] : [{ is, wanted: status }],
    ),
    left: others.filter((is) => !isOurs(is)),
  };
}

/** What is compared where FunctionGraph shows it; the rest it fills in or leaves out as it likes. */
const COMPARED = [
  ...['topic_urn', 'name', 'schedule', 'schedule_type', 'user_event'],
  ...['path', 'protocol', 'req_method', 'group_id', 'match_mode', 'env_name', 'auth', 'instance_id'],
] as const;

function saysTheSame({ event_data: wanted }: WantedTrigger, { event_data: is }: DeployedTrigger): boolean {
  const timeoutOf = (data: Readonly<Record<string, unknown>>) =>
    (data['func_info'] as { timeout?: unknown } | undefined)?.timeout;
  const same = (one: unknown, other: unknown) =>
    other === undefined || other === null || String(one ?? '') === String(other);
  return COMPARED.every((key) => same(wanted[key], is[key])) && same(timeoutOf(wanted), timeoutOf(is));
}
