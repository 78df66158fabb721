/**
 * What came back, or did not, as data or as a `HuaweiError`: the bodies of the services and of the gateway,
 * without anything that must not be shown.
 */
import * as z from 'zod/mini';
import { type DurationMs, type EpochMs, milliseconds } from '../time.ts';
import type { FailureKind } from '../types.ts';
import { classify, HuaweiError, normaliseCode } from './errors.ts';
import type { HttpResponse } from './transport.ts';

export type Secrets = readonly (string | undefined)[];

/** A JSON object; any JSON, or nothing at all, which is `undefined`; or text as it is. */
export type AnswerShape = 'object' | 'json' | 'text';

/** The data of a 2xx answer; everything else is thrown. */
export function readAnswer(came: {
  readonly service: string;
  readonly operation: string;
  readonly response: HttpResponse;
  readonly shape: AnswerShape;
  readonly secrets: Secrets;
  readonly now: EpochMs;
}): { readonly data: unknown; readonly requestId: string | undefined } {
  const { service, operation, response, shape, secrets, now } = came;
  const data = jsonObject(response.body);
  const says = errorBody.parse(data ?? {});
  const requestId =
    word(redacted(says.request_id ?? response.headers['x-request-id'] ?? '', secrets)) || undefined;
  const httpStatus = response.status;
  const about = { service, operation, httpStatus, requestId };

  if (httpStatus >= 200 && httpStatus < 300) {
    const body = shape === 'object' ? data : bodyAs(shape, response.body);
    if (body !== undefined) return { data: body === NOTHING ? undefined : body, requestId };
    const said = `expected ${shape === 'object' ? 'a JSON object' : 'JSON'}, got something else`;
    throw new HuaweiError({ ...about, kind: 'lost', code: 'unreadable_answer', said });
  }
  const code = word(redacted(normaliseCode(says.error_code ?? says.code ?? ''), secrets));
  throw new HuaweiError({
    ...about,
    kind: classify({ service, httpStatus, code }),
    code: code === '' ? 'no_code' : code,
    said: shown(says.error_msg ?? says.message ?? '', secrets),
    retryAfter: waitAsked(response.headers['retry-after'], now),
  });
}

/** What the transport threw, without the request that it may carry along. */
export function unreadable(failed: {
  readonly service: string;
  readonly operation: string;
  readonly kind: FailureKind;
  readonly error: unknown;
  readonly late: string | undefined;
  readonly secrets: Secrets;
}): HuaweiError {
  const { service, operation, kind, error, late, secrets } = failed;
  if (late !== undefined && kind === 'lost') {
    return new HuaweiError({ service, operation, kind, code: 'deadline', said: late });
  }
  const { code = '', message }: { code?: string; message: string } =
    error instanceof Error ? error : { message: 'the transport failed' };
  const name = word(redacted(String(code), secrets));
  const said = shown(message, secrets);
  return new HuaweiError({ service, operation, kind, code: name === '' ? 'transport' : name, said });
}

const LONGEST_SHOWN = 500;

/** Text of the platform as it may be shown: one line, not endless, no secret. */
export function shown(text: string, secrets: Secrets): string {
  const line = redacted(text, secrets)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}

function redacted(text: string, secrets: Secrets): string {
  // Longest first: the Authorization header holds the access key.
  const present = secrets.filter((secret) => secret !== undefined && secret !== '') as string[];
  return present
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

/** A code or an id, or nothing: it goes into fields that programs read. */
const word = (text: string): string => (/^[\w.-]{1,64}$/.test(text) ? text : '');

const text = z.catch(z.optional(z.string()), undefined);

/** CPH and the gateway write `error_code`, `error_msg`; SMN writes `code`, `message`. */
const errorBody = z.object({
  request_id: text,
  error_code: text,
  error_msg: text,
  code: text,
  message: text,
});

/** An answer without a body, as deletions have. */
const NOTHING = Symbol('nothing');

/** `undefined`: it is not what was expected. */
function bodyAs(shape: 'json' | 'text', body: string): unknown {
  if (shape === 'text') return body;
  return body.trim() === '' ? NOTHING : parsed(body);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

/** `Retry-After`: seconds or a date. */
function waitAsked(header: string | undefined, now: EpochMs): DurationMs | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return milliseconds(Number(header) * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : milliseconds(Math.max(0, date - now));
}
