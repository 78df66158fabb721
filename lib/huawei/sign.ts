/**
 * Signs a request with AK/SK (SDK-HMAC-SHA256), through Huawei's own signer; nothing else touches that package.
 *
 * The signer is right for well-formed requests and silently wrong for others (tried shape by shape), and a wrong
 * signature is an alarm at night that says "check the credentials". So what it gets wrong is refused here:
 * it encodes the path a second time, escapes some characters before that, ignores a query written into the
 * URL, signs `undefined` as text, and hashes `JSON.stringify` of whatever body it is given.
 */
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import type { EpochMs } from '../time.ts';

/** Temporary credentials of the function's agency, or permanent ones without a token. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken?: string;
}

export interface Signable {
  readonly method: string;
  /** Origin and encoded path, without a query. */
  readonly url: string;
  /** Values as they are, not encoded; sent as `queryString` writes them. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The JSON text exactly as it is sent. */
  readonly body?: string;
}

/** All headers to send. */
export function sign(request: Signable, credentials: Credentials, now: EpochMs): Record<string, string> {
  const { host, origin, pathname } = wellFormedUrl(request.url);
  const headers: Record<string, string> = {
    ...wellFormedHeaders(request.headers ?? {}),
    host,
    'X-Sdk-Date': basicIso(now),
  };
  if (credentials.securityToken !== undefined && credentials.securityToken !== '') {
    Object.assign(headers, wellFormedHeaders({ 'X-Security-Token': credentials.securityToken }));
  }
  const signed = AKSKSigner.sign(
    {
      method: expect('method', request.method, /^[A-Z]+$/),
      endpoint: `${origin}${decodeURIComponent(pathname)}`,
      queryParams: wellFormedQuery(request.query ?? {}),
      headers,
      data: bodyValue(request.body),
    },
    {
      getAk: () => credentials.accessKey,
      getSk: () => credentials.secretKey,
      processAuthRequest: neverAsked,
      processAuthParams: neverAsked,
    },
  );
  return signed as Record<string, string>;
}

/** Percent-encodes once, as RFC 3986 says: the form that is signed. Throws URIError on half a surrogate pair. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query as it is sent, with `?`, or nothing. Its order does not matter: both sides sort it to sign it. */
export function queryString(query: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(query).map((name) => `${encode(name)}=${encode(query[name] ?? '')}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** One path segment that the signer signs right: every id and URN the platform hands out is one. */
export const isSignableSegment = (segment: string): boolean => /^(?!\.{1,2}$)[\w.~:-]+$/.test(segment);

function wellFormedUrl(text: string): URL {
  const url = new URL(text);
  const segments = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const asWritten = text === `${url.origin}${url.pathname}`;
  if (!asWritten || !segments.every(isSignableSegment)) {
    throw new TypeError(
      'Expected the URL to be signed to be an origin and a path of segments of letters, digits, _ . ~ : and -, ' +
        `without query, got ${JSON.stringify(url.pathname + url.search)}`,
    );
  }
  return url;
}

function wellFormedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    expect('header name', name, /^[A-Za-z0-9-]+$/);
    // The value is not shown: it may be a token.
    if (!/^[!-~]([ -~]*[!-~])?$/.test(value)) {
      throw new TypeError(`Expected header ${name} to be printable ASCII without spaces around it`);
    }
  }
  return headers;
}

function wellFormedQuery(query: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(query)) {
    expect('query name', name, /^[\w.-]+$/);
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
      throw new TypeError(`Expected query value of ${name} to be a string of whole characters`);
    }
  }
  return { ...query };
}

/** The signer hashes `JSON.stringify(data)`: only a text that comes out of that unchanged is signed right. */
function bodyValue(body: string | undefined): unknown {
  if (body === undefined || body === '') return undefined;
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || JSON.stringify(value) !== body) {
    throw new TypeError(
      'Expected the body to be signed to be a JSON object or array as JSON.stringify writes it',
    );
  }
  return value;
}

function expect(what: string, text: string, pattern: RegExp): string {
  if (!pattern.test(text))
    throw new TypeError(`Expected ${what} to match ${pattern}, got ${JSON.stringify(text)}`);
  return text;
}

/** `20260131T030000Z`, as the gateway wants it. */
const basicIso = (moment: EpochMs): string => new Date(moment).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Part of the signer's credential type; used by the package's HTTP client only. */
const neverAsked = (): Promise<never> => Promise.reject(new Error('not an HTTP client of the SDK'));
