/** The ids of resources in an alarm. Untrusted: what passes has the form of an id, and that is all it is. */
import { isObject, own } from './event.ts';
import type { Part } from './parts.ts';

export interface ResourceIds {
  /** In the order met, each once. */
  readonly ids: readonly string[];
  /** How many more there were. */
  readonly leftOut: number;
}

/** Ids of all kinds met so far: 32 hex digits or a UUID; the platform allows up to 64 characters. */
const ID_LIKE = /^[A-Za-z0-9_-]{1,64}$/;
/** More ids than any alarm has dimensions are somebody trying something; each costs calls to CPH. */
const MOST_IDS = 20;
/** A dimension is a text, a list or an object; lists in lists were never seen. */
const DEEPEST = 3;

/**
 * Where ids of resources lie. Other keys end in "id" as well (rule, record, event, project); to try those
 * would be to ask CPH for things that cannot be servers.
 */
const DIMENSION = /^dimensions?$/;
const RESOURCE_ID = /^(resource|(cph|cloudphone|encode)?server|host|(cloud)?phone|instance)ids?$/;

/** Every id-like value of a dimension, a `ResourceId` or an event's detail. */
export function resourceIdsIn(parts: readonly Part[]): ResourceIds {
  const found = new Set(
    parts.flatMap((part) => [...valuesUnder(DIMENSION, part), ...valuesUnder(RESOURCE_ID, part)]),
  );
  const ids = [...found].filter((id) => ID_LIKE.test(id));
  return { ids: ids.slice(0, MOST_IDS), leftOut: Math.max(0, ids.length - MOST_IDS) };
}

function valuesUnder(name: RegExp, part: Part): readonly string[] {
  return [...part].flatMap(([key, values]) =>
    name.test(key) ? values.flatMap((value) => valuesIn(value)) : [],
  );
}

/** `"name:value"`, several after commas or semicolons, a list of either, `{name, value}`, or `{name: value}`. */
function valuesIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return valuesInText(value);
  if (depth === DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((one) => valuesIn(one, depth + 1));
  if (!isObject(value)) return [];
  const named = own(value, 'value');
  const values = named === undefined ? Object.values(value) : [named];
  return values.flatMap((one) => valuesIn(one, depth + 1));
}

/** Behind `<br>`, escaped or not, stands a text for people; a pair is split at its first colon. */
function valuesInText(text: string): readonly string[] {
  const [ids = ''] = text.split(/(?:<|&lt;)br\b/i, 1);
  return ids.split(/[,;]/).map((pair) => pair.slice(pair.indexOf(':') + 1).trim());
}
