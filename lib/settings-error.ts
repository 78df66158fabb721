/** What is wrong with settings, in lines for whoever wrote them. */
import type * as z from 'zod/mini';

/** What is wrong with one setting. */
export interface SettingProblem {
  /** `cooldown`, `endpoints.cph`, `exclude[0]`; `settings` for all of it. */
  readonly key: string;
  readonly expected: string;
  readonly got: string;
}

/** A settings text that cannot be used. The message names the first wrong key, what was expected, what was there. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'SETTINGS_INVALID';
  /** All that is wrong; empty where there are no settings to be read. */
  readonly problems: readonly SettingProblem[];

  constructor(message: string, problems: readonly SettingProblem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/** @throws SettingsError */
export function refuse(problems: readonly SettingProblem[]): never {
  const [first = { key: 'settings', expected: 'a valid structure', got: 'something else' }] = problems;
  throw new SettingsError(`${first.key}: expected ${first.expected}, got ${first.got}`, problems);
}

/** What a schema has against `given`. */
export function problemsOf(issue: z.core.$ZodIssue, given: unknown): readonly SettingProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      key: placeOf([...issue.path, key]),
      expected: issue.message,
      got: `the key ${shown(key)}`,
    }));
  }
  const there = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    given,
  );
  const got = there === undefined ? 'nothing' : shown(there);
  return [{ key: placeOf(issue.path) || 'settings', expected: issue.message, got }];
}

/** Words for what a schema says without a message of its own. */
export const expectation: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') return `one of ${keysOf(issue).join(', ')}`;
  if (issue.code !== 'invalid_type') return undefined;
  return `a ${issue.expected === 'object' ? 'map of settings' : issue.expected}`;
};

/** The keys that the schema has where it was given another. */
export function keysOf(issue: object): readonly string[] {
  const { inst } = issue as { inst?: { _zod?: { def?: { shape?: object } } } };
  return Object.keys(inst?._zod?.def?.shape ?? {});
}

/** A value as it may be shown: one line, not endless. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
