/**
 * What an unsuccessful call means, as tables of data: every failed call becomes one `HuaweiError` whose `kind`
 * says what may be done next.
 *
 * The platform's code decides, the HTTP status only where the code says nothing: CPH has moved codes between
 * statuses over the years (its error code pages of 2021 and 2026). What is in no table is `lost`: we look
 * at the state instead of guessing.
 */
import type { DurationMs } from '../time.ts';
import type { Failure, FailureKind } from '../types.ts';

export interface HuaweiErrorDetails {
  readonly kind: FailureKind;
  readonly service: string;
  readonly operation: string;
  /** Normalised platform code (`CPS.0123`), or our own word (`deadline`, `unreadable_answer`, `ECONNRESET`). */
  readonly code: string;
  /** What happened, in the platform's words where it said something; must hold no secret. */
  readonly said: string;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  /** How long the platform asked us to wait. */
  readonly retryAfter?: DurationMs | undefined;
}

/** A call that did not succeed. It is itself usable as a `Failure`; `failureOf` makes a plain one. */
export class HuaweiError extends Error {
  readonly kind: FailureKind;
  readonly service: string;
  readonly operation: string;
  readonly code: string;
  readonly said: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly retryAfter?: DurationMs;

  constructor(details: HuaweiErrorDetails) {
    super(describe(details));
    this.name = 'HuaweiError';
    this.kind = details.kind;
    this.service = details.service;
    this.operation = details.operation;
    this.code = details.code;
    this.said = details.said;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.requestId !== undefined) this.requestId = details.requestId;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
  }
}

/** The error as plain data, with the platform's own words as the message. */
export const failureOf = (error: HuaweiError): Failure => ({
  kind: error.kind,
  code: error.code,
  message: error.said,
});

/** The error inside an HTTP 200: one item of a batch. */
export function failureOfItem(code: string, message: string): Failure {
  const normalised = normaliseCode(code);
  return { kind: classify({ service: 'cph', code: normalised }), code: normalised, message };
}

/** CPH writes `CPS0005` in places where it means `CPS.0005`. */
export const normaliseCode = (code: string): string => code.trim().replace(/^CPS\.?(\d{4})$/, 'CPS.$1');

export function classify(answer: {
  readonly service: string;
  readonly httpStatus?: number | undefined;
  readonly code: string;
}): FailureKind {
  const { service, httpStatus, code } = answer;
  const known = KIND_OF_CODE.get(code) ?? KIND_OF_STATUS.get(httpStatus ?? 0);
  if (known !== undefined) return known;
  const clientError = httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500;
  return clientError && service !== 'cph' && code !== '' ? 'rejected' : 'lost';
}

const cps = (...numbers: readonly string[]): readonly string[] => numbers.map((number) => `CPS.${number}`);

// Sources: the error code pages of the CPH, SMN and API Gateway references.
const CODES: Readonly<Record<Exclude<FailureKind, 'not_sent'>, readonly string[]>> = {
  throttled: ['APIGW.0308'],
  conflict: cps('0042', '0098', '0099', '0124', '0158'),
  not_authorised: [
    ...['0301', '0302', '0303', '0304', '0305', '0306'].map((number) => `APIGW.${number}`),
    ...['SMN.0001', 'SMN.0070', 'SMN.0071', 'SMN.00308'],
    ...cps('0001', '0006', '0007', '0008'),
  ],
  lost: cps('0003', '0054'),
  rejected: [
    ...cps('0002', '0004', '0005', '0010', '0011', '0015', '0016', '0046', '0047', '0048', '0049', '0050'),
    ...cps('0053', '0094', '0095', '0096', '0097', '0121', '0122', '0123', '0141', '0156', '0159', '0161'),
    ...cps('0195', '1027', '1028'),
  ],
};

const KIND_OF_CODE: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as FailureKind] as const)),
);

const KIND_OF_STATUS: ReadonlyMap<number, FailureKind> = new Map([
  [401, 'not_authorised'],
  [429, 'throttled'],
]);

const MEANING: Readonly<Record<FailureKind, string>> = {
  not_sent: 'the request did not leave; it may be sent again after a wait',
  throttled: 'it was turned away for now; it may be sent again after a wait',
  conflict: 'it cannot be done just now; it may be asked again after a longer wait',
  rejected: 'it was refused; asking the same again would not help',
  not_authorised: 'credentials, permissions or the account do not allow it; a person has to look',
  lost: 'nobody knows whether it was carried out; look at the state before doing anything',
};

function describe({
  kind,
  service,
  operation,
  httpStatus,
  code,
  said,
  requestId,
}: HuaweiErrorDetails): string {
  const came = [httpStatus === undefined ? '' : `HTTP ${httpStatus}`, code, said === '' ? '' : `"${said}"`];
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  return `${service} ${operation}: ${came.filter(Boolean).join(' ')}${request}: ${MEANING[kind]}`;
}
