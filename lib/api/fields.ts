/** Reads the fields of a call. What is not what was expected is refused with its place. */
import type { HttpRequest } from '../../events/apig.ts';
import { isObject, own, shown } from '../../events/event.ts';
import { misfit, refusalOf } from './problem.ts';

export interface Fields {
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Controls, breaks and halves of characters: nothing that makes more than one line of a text. */
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** An object with no other keys than these; `__proto__` and `constructor` are keys like any other. */
export function fieldsOf(value: unknown, place: string, keys: readonly string[]): Fields {
  if (!isObject(value)) throw misfit(place, 'an object', value);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw unknownKey(place, keys, unknown);
  return { place, values: value };
}

/** One line of text that says something, at most `most` characters long. */
export function textIn({ place, values }: Fields, key: string, most: number): string | undefined {
  const value = own(values, key);
  if (value === undefined) return undefined;
  const isText = typeof value === 'string' && value.trim() !== '' && !NOT_ONE_LINE.test(value);
  if (!isText || [...value].length > most) {
    throw misfit(`${place}.${key}`, `one line of 1 to ${most} characters`, value);
  }
  return value.trim();
}

export function neededText(fields: Fields, key: string, most: number): string {
  const text = textIn(fields, key, most);
  if (text === undefined)
    throw misfit(`${fields.place}.${key}`, `one line of 1 to ${most} characters`, undefined);
  return text;
}

export function flagIn({ place, values }: Fields, key: string): boolean | undefined {
  const value = own(values, key);
  if (value !== undefined && typeof value !== 'boolean')
    throw misfit(`${place}.${key}`, 'true or false', value);
  return value;
}

/** The part of a path that stands for an id. */
export function idIn(segment: string, place: string): string {
  const id = decoded(segment);
  if (!ID.test(id)) throw misfit(place, 'an id of 1 to 64 letters, digits, "_" or "-"', id);
  return id;
}

/** A header that may be there once. */
export function headerIn({ headers }: HttpRequest, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  if (values.length > 1) throw misfit(`header ${name}`, 'one value', values);
  return values[0];
}

/** Query parameters, none but these and each at most once. */
export function queryOf({ query }: HttpRequest, keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...query].map(([key, values]) => {
      if (!keys.includes(key)) throw unknownKey('query', keys, key);
      const [value] = values;
      if (value === undefined || values.length > 1) throw misfit(`query.${key}`, 'one value', values);
      return [key, value];
    }),
  );
}

/** A whole number in a query, `otherwise` when it is not there. */
export function countIn(
  query: Readonly<Record<string, string>>,
  key: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const text = query[key];
  if (text === undefined) return otherwise;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw misfit(`query.${key}`, `a whole number from ${least} to ${most}`, text);
}

const unknownKey = (place: string, keys: readonly string[], key: string) =>
  refusalOf({
    place,
    expected: keys.length === 0 ? 'no keys' : `no other keys than ${keys.join(', ')}`,
    got: `the key ${shown(key)}`,
  });

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
