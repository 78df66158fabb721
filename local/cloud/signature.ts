/**
 * Checks AK/SK signatures (SDK-HMAC-SHA256) from the algorithm's description alone, as the platform's gateway does:
 * deliberately not with the signer that the calls are made with.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { between, type EpochMs, minutes, parseInstant } from '../../lib/time.ts';

export interface Credentials {
  readonly ak: string;
  readonly sk: string;
  /** Present for temporary credentials: must then be sent and signed. */
  readonly securityToken?: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Distrust {
  readonly code: 'APIGW.0301' | 'APIGW.0303';
  readonly message: string;
}

const MAX_SKEW = minutes(15);

/** Why a request is not let in; `undefined` when it is. */
export function distrust(
  request: SignedRequest,
  known: Credentials | readonly Credentials[],
  now: EpochMs,
): Distrust | undefined {
  const { headers } = request;
  const [, access, names, signature] =
    /^SDK-HMAC-SHA256 Access=([^,\s]+), SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (access === undefined || names === undefined || signature === undefined) {
    return wrong('authorization not found or malformed');
  }
  const date = one(headers['x-sdk-date']);
  const signedAt = instantOf(date);
  if (signedAt === undefined) return wrong('X-Sdk-Date not found or malformed');
  if (Math.abs(between(signedAt, now)) > MAX_SKEW) {
    return {
      code: 'APIGW.0303',
      message:
        'Incorrect app authentication information: signature expired, X-Sdk-Date is off by over 15 min',
    };
  }
  const credentials = [known].flat().find(({ ak }) => ak === access);
  if (credentials === undefined) return wrong('access key not found');
  const signedNames = names.split(';');
  const needed = ['host', 'x-sdk-date', ...(credentials.securityToken ? ['x-security-token'] : [])];
  const unsigned = needed.find((name) => !signedNames.includes(name));
  if (unsigned !== undefined) return wrong(`${unsigned} is not signed`);
  const missing = signedNames.find((name) => headers[name] === undefined);
  if (missing !== undefined) return wrong(`signed header ${missing} was not sent`);
  if (one(headers['x-security-token']) !== credentials.securityToken) return wrong('security token is wrong');
  const bodyHash = bodyHashOf(request);
  if (bodyHash === undefined) return wrong('X-Sdk-Content-Sha256 is not that of the body');

  const text = `SDK-HMAC-SHA256\n${date}\n${sha256(canonical(request, signedNames, bodyHash))}`;
  const expected = createHmac('sha256', credentials.sk).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
    ? undefined
    : wrong('verify signature fail');
}

const wrong = (what: string): Distrust => ({
  code: 'APIGW.0301',
  message: `Incorrect IAM authentication information: ${what}`,
});

const one = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** `20260131T030000Z`. */
function instantOf(date: string | undefined): EpochMs | undefined {
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date ?? '') ?? [];
  const [year, month, day, hour, minute, second] = parts;
  if (second === undefined) return undefined;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function bodyHashOf({ headers, body }: SignedRequest): string | undefined {
  const stated = one(headers['x-sdk-content-sha256']);
  const actual = sha256(body);
  return stated === undefined || stated === 'UNSIGNED-PAYLOAD' || stated === actual
    ? (stated ?? actual)
    : undefined;
}

function canonical(
  { method, target, headers }: SignedRequest,
  names: readonly string[],
  bodyHash: string,
): string {
  const [path = '', query = ''] = target.split('?', 2);
  const sorted = names.map((name) => name.toLowerCase()).sort();
  const headerLines = sorted.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  return [method, canonicalPath(path), canonicalQuery(query), headerLines, names.join(';'), bodyHash].join(
    '\n',
  );
}

/** However it was sent, it is signed in the one form of RFC 3986, and with a slash at its end. */
function canonicalPath(path: string): string {
  const segments = path.split('/').map((segment) => encoded(decoded(segment)));
  return `${segments.join('/').replace(/\/$/, '')}/`;
}

/** In the order of the plain keys and values, as all of Huawei's signers have it. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? [decoded(pair), '']
        : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
    })
    .sort(([keyA, valueA], [keyB, valueB]) => inOrder(keyA, keyB) || inOrder(valueA, valueB))
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .join('&');
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
