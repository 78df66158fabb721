/** Why a call is refused, as problem details (RFC 9457) that name the place. */
import type { HttpResponse } from '../../events/apig.ts';
import { type EventProblem, shown } from '../../events/event.ts';
import { problemJson } from './respond.ts';

const PROBLEMS = {
  'invalid-request': [400, 'The call is not what was expected'],
  unauthorized: [401, 'The caller is not known'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'This path does not take this method'],
  'being-accepted': [409, 'This call is known but cannot be shown'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body is not JSON'],
  'key-used-before': [422, 'This Idempotency-Key was used for another request'],
  failed: [500, 'The call failed'],
  'no-shared-ledger': [503, 'No shared ledger'],
  'ledger-unavailable': [503, 'The ledger does not answer'],
  'not-configured': [503, 'The function refuses to work as it is set up'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A place in the call, what was expected there, and what was there. */
export interface Misfit {
  readonly place: string;
  readonly expected: string;
  readonly got: string;
}

/** The call is answered with a problem and changes nothing. Thrown by whoever finds out, caught in `answer`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly response: HttpResponse;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { headers?: Readonly<Record<string, string>>; errors?: readonly Misfit[] } = {},
  ) {
    super(detail);
    this.code = code;
    const [status, title] = PROBLEMS[code];
    const errors = more.errors === undefined ? {} : { errors: more.errors };
    const problem = { type: `urn:encode-restart:problem:${code}`, title, status, detail, ...errors };
    this.response = problemJson(status, problem, more.headers);
  }
}

export const misfit = (place: string, expected: string, got: unknown): Refusal =>
  refusalOf({ place, expected, got: shown(got) });

/** Messages of `events` are built as ours are: place, expectation, what was there. */
export function misfitOf({ problem }: EventProblem): Refusal {
  const [, place, expected, got = 'something else'] =
    /^([^:]+): expected (.+?)(?:, got (.*))?$/s.exec(problem) ?? [];
  if (place === undefined || expected === undefined) return new Refusal('invalid-request', problem);
  return refusalOf({ place, expected, got });
}

export const refusalOf = (error: Misfit, code: ProblemCode = 'invalid-request'): Refusal =>
  new Refusal(code, `${error.place}: expected ${error.expected}, got ${error.got}`, { errors: [error] });

/** Codes of errors that say what has to be set up otherwise. */
const SETUP = new Set<unknown>(['SETTINGS_INVALID', 'CONFIGURATION']);

/** Any error as a response. Whoever reads it may not be known yet: what was found where goes into the log alone. */
export function problemOf(error: unknown): HttpResponse {
  if (error instanceof Refusal) return error.response;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (SETUP.has(code) && typeof message === 'string') {
    const [said = ''] = message.split(', got ');
    return new Refusal('not-configured', `${said}. The log of the function has the rest.`).response;
  }
  return new Refusal('failed', 'The log of the function says why.').response;
}
