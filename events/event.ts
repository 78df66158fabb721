/** What every event shares: how it is opened, and what is said when it is not what was expected. */

/** An event, or a part of it, that cannot be read. The message names the place and what was expected there. */
export interface EventProblem {
  readonly problem: string;
}

export const isProblem = (value: object): value is EventProblem => 'problem' in value;

/**
 * The event as a value. FunctionGraph hands an event function a parsed object; older pages and local tools
 * hand it text, and some a Buffer, so all three are taken.
 */
export function openEvent(event: unknown): unknown {
  const text =
    typeof event === 'string'
      ? event
      : event instanceof Uint8Array
        ? new TextDecoder().decode(event)
        : undefined;
  if (text === undefined) return event;
  return parseJson(text) ?? { problem: `event: expected JSON, got ${shown(text)}` };
}

/** The value of a JSON text, also behind a byte order mark; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/** A value in a message: JSON, cut to a length that fits a line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return cut(typeof value === 'string' ? JSON.stringify(cut(value, 80)) : json(value), 80);
}

/** Values nested too deep, or in a circle, have no JSON. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  }
}

/** At most so many characters; never half of one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A plain object whose keys can be read without meeting a prototype. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own value: `__proto__` and `constructor` are keys like any other. */
export function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
