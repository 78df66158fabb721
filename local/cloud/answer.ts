/** What the local cloud answers, and how a fault steps between a call and its answer. */
import { CPS_CODES, type CpsCode, SMN_CODES, type SmnCode } from '../model/codes.ts';

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** `reset`: the connection breaks. `hang`: nothing ever comes. */
export type Reply = Answer | 'reset' | 'hang';

export interface Intercepted {
  /** The operation's name in the platform's API reference, such as `RestartEncodeServer`. */
  readonly operation: string;
  readonly body: unknown;
}

/** Sees a call whose signature is right; `proceed` lets the cloud carry it out. */
export type Intercept = (call: Intercepted, proceed: () => Promise<Reply>) => Promise<Reply>;

/** Error bodies of the three that answer: CPH, SMN, and the gateway in front of both. */
export const cpsError = (code: CpsCode, request_id: string): Answer => ({
  status: CPS_CODES[code].status,
  body: { request_id, error_code: code, error_msg: CPS_CODES[code].message },
});

export const smnError = (code: SmnCode, request_id: string): Answer => ({
  status: SMN_CODES[code].status,
  body: { request_id, code, message: SMN_CODES[code].message },
});

export const gatewayError = (
  status: number,
  error_code: `APIGW.${string}`,
  error_msg: string,
  request_id: string,
): Answer => ({ status, body: { error_msg, error_code, request_id } });
