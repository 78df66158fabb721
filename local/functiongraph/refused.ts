/** A call that FunctionGraph does not carry out: thrown where it is found, answered where calls come in. */
import type { FssCode } from '../model/codes.ts';

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: FssCode;
  /** What was expected and what was there, behind the platform's words; must hold no secret. */
  readonly detail?: string;
  constructor(code: FssCode, detail?: string) {
    super(`${code}: ${detail ?? 'refused'}`);
    this.code = code;
    if (detail !== undefined) this.detail = detail;
  }
}

/** What was there, short enough for one line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export const expected = (code: FssCode, key: string, wanted: string, got: unknown): Refused =>
  new Refused(code, `${key}: expected ${wanted}, got ${shown(got)}`);
