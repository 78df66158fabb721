/** What the local cloud answers, and how a fault steps between a call and its answer. */
import type { EpochMs } from '../../lib/time.ts';
import { CPS_CODES, type CpsCode, FSS_CODES, type FssCode, SMN_CODES, type SmnCode } from '../model/codes.ts';

export interface Answer {
  readonly status: number;
  /** Sent as JSON; a 204 has none. */
  readonly body: unknown;
  /** Sent in place of the body, byte for byte: what is no JSON, or no JSON that anybody would write. */
  readonly text?: string;
  /** In lower case; beside or in place of those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Half of the body arrives, then the connection breaks. */
  readonly arrives?: 'in half';
}

/** `reset`: the connection breaks. `hang`: nothing ever comes. */
export type Reply = Answer | 'reset' | 'hang';

export interface Intercepted {
  /** The operation's name in the platform's API reference, such as `RestartEncodeServer`. */
  readonly operation: string;
  readonly body: unknown;
  /** How many calls came over this connection before this one. */
  readonly callsBefore: number;
  /** By the cloud's clock. */
  readonly at: EpochMs;
}

/** Sees a call whose signature is right; `proceed` lets the cloud carry it out. */
export type Intercept = (call: Intercepted, proceed: () => Promise<Reply>) => Promise<Reply>;

/** Error bodies of those that answer: CPH, SMN, FunctionGraph, and the gateway in front of all. */
export const cpsError = (code: CpsCode, request_id: string): Answer => ({
  status: CPS_CODES[code].status,
  body: { request_id, error_code: code, error_msg: CPS_CODES[code].message },
});

export const smnError = (code: SmnCode, request_id: string): Answer => ({
  status: SMN_CODES[code].status,
  body: { request_id, code, message: SMN_CODES[code].message },
});

/** `detail` says what was expected, behind the platform's own words. */
export const fssError = (code: FssCode, request_id: string, detail?: string): Answer => ({
  status: FSS_CODES[code].status,
  body: {
    request_id,
    error_code: code,
    error_msg: detail === undefined ? FSS_CODES[code].message : `${FSS_CODES[code].message} ${detail}`,
  },
});

export const gatewayError = (
  status: number,
  error_code: `APIGW.${string}`,
  error_msg: string,
  request_id: string,
): Answer => ({ status, body: { error_msg, error_code, request_id } });

/** What the gateway says of a path that is none of its APIs. */
export const noSuchApi = (request_id: string): Answer =>
  gatewayError(
    404,
    'APIGW.0101',
    'The API does not exist or has not been published in the environment',
    request_id,
  );
