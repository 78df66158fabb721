/** The error codes that the local cloud answers with: message and HTTP status of each. */

/**
 * CPH's codes (official error-code table). Its HTTP statuses are documented only in part and changed over
 * the years: what is "not found" by its own id is answered with 404 here, everything else with 400.
 */
export const CPS_CODES = {
  'CPS.0001': { status: 403, message: 'No permission to request resources.' },
  'CPS.0002': { status: 400, message: 'Parameter: offset or limit is invalid.' },
  'CPS.0003': { status: 500, message: 'Service internal error.' },
  'CPS.0005': { status: 404, message: 'Phone is not found.' },
  'CPS.0010': { status: 400, message: 'Parameter: status is invalid.' },
  'CPS.0011': { status: 404, message: 'Job not found.' },
  'CPS.0015': { status: 404, message: 'Server not found.' },
  'CPS.0042': { status: 400, message: 'System busy.' },
  'CPS.0046': { status: 400, message: 'Parameter: project_id is invalid.' },
  'CPS.0049': { status: 400, message: 'Parameter: request_id is empty.' },
  'CPS.0050': { status: 400, message: 'Jobs related to this requestId is not found.' },
  'CPS.0054': { status: 400, message: 'Handle job timeout.' },
  'CPS.0099': { status: 400, message: 'The server is not ready.' },
  'CPS.0121': { status: 400, message: 'Parameter: Encode server id is invalid.' },
  'CPS.0122': { status: 400, message: 'Parameter: Encode server id list is invalid.' },
  'CPS.0123': { status: 400, message: 'Encode server not found.' },
  'CPS.0124': { status: 400, message: 'Encode server is creating.' },
  'CPS.0158': { status: 400, message: 'The server is not available for being restarted.' },
  'CPS.0161': { status: 400, message: 'Parameter: the number of request IDs has exceeded the limit.' },
  'CPS.0195': { status: 400, message: 'Encode server is frozen, no permission to request resources.' },
} as const;

export const SMN_CODES = {
  'SMN.0005': { status: 400, message: 'Parameter: TopicUrn is invalid.' },
  'SMN.0006': { status: 404, message: 'Topic not found.' },
  'SMN.0008': { status: 403, message: 'Parameter: Subject is invalid.' },
  'SMN.0009': { status: 403, message: 'Parameter: Message is invalid.' },
  'SMN.0015': { status: 400, message: 'Parameter: Offset or limit is invalid.' },
  'SMN.0021': { status: 400, message: 'MessageStructure is invalid.' },
} as const;

/** FunctionGraph's codes (API reference, appendix "Error Codes"), those that the local cloud can answer with. */
export const FSS_CODES = {
  'FSS.0400': { status: 400, message: 'Invalid parameter.' },
  'FSS.0403': { status: 403, message: 'Forbidden.' },
  'FSS.0404': { status: 404, message: 'The specified resource was not found.' },
  'FSS.0406': { status: 406, message: 'Not acceptable.' },
  'FSS.0409': { status: 409, message: 'The specified resource already exists.' },
  'FSS.0413': { status: 413, message: 'The request body is too large.' },
  'FSS.0429': { status: 429, message: 'Too many requests.' },
  'FSS.1001': { status: 400, message: 'Invalid query parameter.' },
  'FSS.1002': { status: 400, message: 'Invalid function name.' },
  'FSS.1003': { status: 400, message: 'Invalid function handler.' },
  'FSS.1004': { status: 400, message: 'Invalid package.' },
  'FSS.1005': { status: 400, message: 'Invalid runtime.' },
  'FSS.1006': { status: 400, message: 'Invalid code type.' },
  'FSS.1007': { status: 400, message: 'Invalid function memory.' },
  'FSS.1008': { status: 400, message: 'Invalid function timeout.' },
  'FSS.1009': { status: 400, message: 'Invalid environment variables.' },
  'FSS.1011': { status: 400, message: 'Invalid function code.' },
  'FSS.1012': { status: 400, message: 'The function code must be configured.' },
  'FSS.1013': { status: 400, message: 'Invalid file type.' },
  'FSS.1017': { status: 400, message: 'Too many environment variables.' },
  'FSS.1018': { status: 400, message: 'The environment variables are too large.' },
  'FSS.1019': { status: 400, message: 'The description is too long.' },
  'FSS.1041': { status: 403, message: 'Too many functions.' },
  'FSS.1051': { status: 404, message: 'The function does not exist.' },
  'FSS.1052': { status: 404, message: 'The version does not exist.' },
  'FSS.1053': { status: 404, message: 'The alias does not exist.' },
  'FSS.1071': { status: 413, message: 'The code package is too large.' },
  'FSS.1101': { status: 400, message: 'Invalid trigger type.' },
  'FSS.1102': { status: 400, message: 'Invalid SMN trigger parameters.' },
  'FSS.1107': { status: 400, message: 'Invalid APIG trigger parameters.' },
  'FSS.1109': { status: 400, message: 'Invalid timer trigger parameters.' },
  'FSS.1131': { status: 404, message: 'The trigger does not exist.' },
  'FSS.1141': { status: 409, message: 'The SMN trigger already exists.' },
  'FSS.1147': { status: 409, message: 'The request path already exists.' },
  'FSS.1148': { status: 409, message: 'The timer trigger already exists.' },
  'FSS.1171': { status: 404, message: 'The SMN topic does not exist.' },
  'FSS.1201': { status: 413, message: 'The request body is too large.' },
  'FSS.1306': { status: 400, message: 'Too many triggers.' },
  'FSS.1309': { status: 400, message: 'Invalid function URN.' },
  'FSS.1318': { status: 400, message: 'Invalid trigger operation.' },
  'FSS.1404': { status: 400, message: 'Invalid function initializer.' },
  'FSS.1405': { status: 400, message: 'Invalid initialization timeout.' },
} as const;

export type FssCode = keyof typeof FSS_CODES;
export type CpsCode = keyof typeof CPS_CODES;
export type SmnCode = keyof typeof SMN_CODES;

/** What an operation of the model comes to: its value, or the code that says why not. */
export type Asked<Value, Code extends string = CpsCode> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: Code };

export const granted = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({
  ok: true,
  value,
});
export const denied = <Code extends string>(code: Code): { readonly ok: false; readonly code: Code } => ({
  ok: false,
  code,
});

/** The error of one server inside a successful answer, or of its job. */
export interface ItemError {
  readonly error_code: string;
  readonly error_msg: string;
}

export const itemError = (error_code: CpsCode): ItemError => ({
  error_code,
  error_msg: CPS_CODES[error_code].message,
});
