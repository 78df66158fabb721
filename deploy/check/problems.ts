/** What is wrong with serverless.yml, as lines: the key, what was expected, what was there. */
import type * as z from 'zod/mini';
import { shown as inLine, keysOf } from '../../lib/settings-error.ts';

/** A mistake at a place. */
export interface Problem {
  /** From the top of serverless.yml: `['functions', 'alarm', 'events', 0]`. */
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  /** Ready to be shown; `nothing` where nothing is. */
  readonly got: string;
}

export const NOTHING = 'nothing';

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `functions.alarm.events[0].eventData`. */
export const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');

/** A value in one line; what was left open is nothing. */
export const shown = (value: unknown): string =>
  value === undefined || value === null || value === '' ? NOTHING : inLine(value);

/** As `shown`, but of a variable that is to be encrypted nothing is shown. */
const shownAt = (path: readonly PropertyKey[], value: unknown): string =>
  path.includes('encryptedUserData') && typeof value !== 'object' && shown(value) !== NOTHING
    ? `a ${typeof value} (not shown)`
    : shown(value);

/** What stands at a place below `root`; `undefined` where nothing does. */
export const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );

/**
 * All problems that a schema has with `given`, which stands at `path`.
 * @returns the value as the schema reads it, or what is wrong
 */
export function checked<Out>(
  schema: z.ZodMiniType<Out>,
  given: unknown,
  path: readonly PropertyKey[],
): { readonly value: Out } | { readonly problems: readonly Problem[] } {
  const result = schema.safeParse(given, { error: expectation });
  if (result.success) return { value: result.data };
  const problems = result.error.issues.flatMap((issue): Problem[] => {
    const place = [...path, ...issue.path];
    if (issue.code === 'invalid_key') {
      // Of a map whose names have a form.
      return [{ path: place, expected: issue.issues[0]?.message ?? issue.message, got: 'that name' }];
    }
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: place, expected: issue.message, got: shownAt(place, valueAt(given, issue.path)) }];
    }
    return issue.keys.map((key) => ({
      path: [...place, key],
      expected: issue.message,
      got: `the key ${JSON.stringify(key)}`,
    }));
  });
  return { problems };
}

/** Words for what a schema says without a message of its own. */
const expectation: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(issue);
    return known.length === 0 ? 'no such key' : `one of the keys ${known.join(', ')}`;
  }
  if (issue.code !== 'invalid_type') return undefined;
  const kinds: Readonly<Record<string, string>> = { object: 'a map', array: 'a list', string: 'a text' };
  return kinds[issue.expected] ?? `a ${issue.expected}`;
};
