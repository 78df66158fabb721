/** The objects within an alarm, opened and ready to be asked by key. */
import { cut, isObject, parseJson } from './event.ts';

/**
 * An object's values by key, however the key is spelled: `ResourceId`, `ResourceID`, `resource_id`. The spelling
 * changed between generations of Cloud Eye, and one message may carry several.
 */
export type Part = ReadonlyMap<string, readonly unknown[]>;

/** Where an event's detail lies; `EventContent` and `content` come as text with JSON in it, too. */
const DETAIL_KEYS = ['eventcontent', 'eventdetail', 'detail', 'content'];
/** Cloud Eye nests two or three; whoever nests more is trying something. */
const DEEPEST = 5;
/** Cloud Eye allows 128 characters for a rule's name. */
const LONGEST_NAME = 128;

export function partOf(object: Readonly<Record<string, unknown>>): Part {
  const part = new Map<string, unknown[]>();
  for (const [key, value] of Object.entries(object)) {
    const name = key.toLowerCase().replaceAll('_', '');
    const values = part.get(name);
    if (values === undefined) part.set(name, [value]);
    else values.push(value);
  }
  return part;
}

/** The details of the event that `parts` tell of, outer ones first; none for a metric. */
export function detailsIn(parts: readonly Part[]): readonly Part[] {
  const details: Part[] = [];
  let level = parts;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    level = level
      .flatMap((part) => DETAIL_KEYS.flatMap((key) => part.get(key) ?? []))
      .flatMap(objectsIn)
      .map(partOf);
    details.push(...level);
  }
  return details;
}

function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const opened = typeof value === 'string' ? parseJson(value) : value;
  return (Array.isArray(opened) ? opened : [opened]).filter(isObject);
}

/** The first text under `key` in any of `parts`, trimmed, not empty, and no longer than a name is. */
export function firstText(parts: readonly Part[], key: string): string | undefined {
  return textsIn(parts, key)[0];
}

/** Every text under `key`, likewise. */
export function textsIn(parts: readonly Part[], key: string): readonly string[] {
  return parts
    .flatMap((part) => part.get(key) ?? [])
    .map((value) => (typeof value === 'string' ? cut(value.trim(), LONGEST_NAME) : ''))
    .filter((text) => text !== '');
}
