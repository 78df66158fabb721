/** Which servers a timer's `user_event` or an HTTP body means. Nothing said is nothing narrowed; empty is not all. */
import { type EventProblem, own, shown } from './event.ts';

/** As `Selector` of lib/types.ts, without what only an alarm can mean. */
export type EventSelector =
  | { readonly kind: 'ids'; readonly encodeServerIds: readonly string[]; readonly serverId?: string }
  | { readonly kind: 'hosts'; readonly serverIds: readonly string[] }
  | { readonly kind: 'phones'; readonly phoneIds: readonly string[] }
  | { readonly kind: 'abnormal' }
  | { readonly kind: 'all' };

const KINDS = ['encode_server_ids', 'server_ids', 'phone_ids', 'abnormal', 'all'] as const;
/** Every key that `readSelector` reads; what else a body may hold is its reader's to say. */
export const SELECTOR_KEYS: readonly string[] = [...KINDS, 'server_id'];

const MAX_IDS = 1_000;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const AN_ID = 'an id of 1 to 64 letters, digits, "_" or "-"';

/** The selector in `body`; `undefined` when it says nothing of which servers. `place` is what messages call it. */
export function readSelector(
  body: Readonly<Record<string, unknown>>,
  place: string,
): EventSelector | undefined | EventProblem {
  const [kind, another] = KINDS.filter((key) => Object.hasOwn(body, key));
  if (another !== undefined) {
    return { problem: `${place}: expected at most one of ${KINDS.join(', ')}, got ${kind} and ${another}` };
  }
  const serverId = own(body, 'server_id');
  if (serverId !== undefined && kind !== 'encode_server_ids') {
    return unexpected(`${place}.server_id`, 'encode_server_ids beside it', serverId);
  }
  if (kind === undefined) return undefined;
  const given = own(body, kind);
  if (kind === 'all' || kind === 'abnormal') {
    return given === true ? { kind } : unexpected(`${place}.${kind}`, 'true', given);
  }
  const ids = readIds(given, `${place}.${kind}`);
  if ('problem' in ids) return ids;
  if (kind === 'server_ids') return { kind: 'hosts', serverIds: ids };
  if (kind === 'phone_ids') return { kind: 'phones', phoneIds: ids };
  if (serverId === undefined) return { kind: 'ids', encodeServerIds: ids };
  if (!isId(serverId)) return unexpected(`${place}.server_id`, AN_ID, serverId);
  return { kind: 'ids', encodeServerIds: ids, serverId };
}

/** Something is not what it should be: "place: expected …, got …". */
export const unexpected = (place: string, expected: string, got: unknown): EventProblem => ({
  problem: `${place}: expected ${expected}, got ${shown(got)}`,
});

const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

function readIds(given: unknown, place: string): readonly string[] | EventProblem {
  if (!Array.isArray(given)) return unexpected(place, 'a list of ids', given);
  if (given.length === 0 || given.length > MAX_IDS) {
    return { problem: `${place}: expected 1 to ${MAX_IDS} ids, got ${given.length}` };
  }
  const ids = new Set<string>();
  for (const [index, id] of (given as readonly unknown[]).entries()) {
    if (!isId(id)) return unexpected(`${place}[${index}]`, AN_ID, id);
    ids.add(id);
  }
  return [...ids];
}
