/** The APIG trigger event as a request, and a response as the answer that APIG takes. */
import { type EventProblem, isObject, isProblem, openEvent, own, shown } from './event.ts';

export interface HttpRequest {
  /** APIG's own id of this call; only a hand-made event has none. */
  readonly requestId?: string;
  /** In upper case. */
  readonly method: string;
  /** The path as it was called. */
  readonly path: string;
  /** What an API with a prefix match or `{proxy+}` captured of it, if anything. */
  readonly captured?: string;
  /** Names are lower case; a name that was sent twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** As it arrived: who asks is checked before it is opened. */
  readonly body: SealedBody;
}

export interface SealedBody {
  readonly content: string;
  readonly isBase64: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Anything but exactly this becomes APIG's own 500 (FunctionGraph user guide, functiongraph_01_0204). */
export interface ApigResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

export const toApig = ({ status, headers, body }: HttpResponse): ApigResponse => ({
  statusCode: status,
  headers,
  body,
  isBase64Encoded: false,
});

/** Shared and dedicated gateways send the same shape (FunctionGraph developer guide, APIG event source). */
export function readApigEvent(event: unknown): HttpRequest | EventProblem {
  const opened = openEvent(event);
  if (!isObject(opened)) return wrong('event', 'an APIG event', opened);
  if (isProblem(opened)) return opened;
  const method = own(opened, 'httpMethod');
  if (typeof method !== 'string' || method === '') return wrong('event.httpMethod', 'a method', method);
  const path = own(opened, 'path');
  if (typeof path !== 'string') return wrong('event.path', 'a path', path);
  const headers = readValues(own(opened, 'headers'), 'event.headers', (name) => name.toLowerCase());
  if ('problem' in headers) return headers;
  const query = readValues(
    own(opened, 'queryStringParameters'),
    'event.queryStringParameters',
    (name) => name,
  );
  if ('problem' in query) return query;
  const body = readBody(opened);
  if ('problem' in body) return body;
  const captured = readCaptured(own(opened, 'pathParameters'));
  const requestContext = own(opened, 'requestContext');
  const requestId = isObject(requestContext) ? own(requestContext, 'requestId') : undefined;
  return {
    method: method.toUpperCase(),
    path,
    headers,
    query,
    body,
    ...(captured === undefined ? {} : { captured }),
    ...(typeof requestId === 'string' && requestId !== '' ? { requestId } : {}),
  };
}

export type Unsealed = { readonly text: string } | { readonly tooLarge: true } | EventProblem;

/** The text of a body of at most `most` bytes; APIG encodes even an empty one. */
export function unseal({ content, isBase64 }: SealedBody, most: number): Unsealed {
  // Four characters of base64 are three bytes: what is certainly too large is not decoded first.
  if (content.length > (isBase64 ? Math.ceil(most / 3) * 4 : most)) return { tooLarge: true };
  const bytes = Buffer.from(content, isBase64 ? 'base64' : 'utf8');
  if (bytes.byteLength > most) return { tooLarge: true };
  // Buffer skips what is no base64; only text that comes out the same was one.
  if (isBase64 && bytes.toString('base64') !== content) return wrong('body', 'base64', content);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'body: expected UTF-8, got other bytes' };
  }
}

function readBody(event: Readonly<Record<string, unknown>>): SealedBody | EventProblem {
  const body = own(event, 'body') ?? '';
  if (typeof body !== 'string') return wrong('event.body', 'a text', body);
  const isBase64 = own(event, 'isBase64Encoded') ?? true;
  if (typeof isBase64 !== 'boolean') return wrong('event.isBase64Encoded', 'true or false', isBase64);
  return { content: body, isBase64 };
}

function readValues(
  given: unknown,
  place: string,
  nameOf: (name: string) => string,
): ReadonlyMap<string, readonly string[]> | EventProblem {
  const read = new Map<string, readonly string[]>();
  const values = given ?? {};
  if (!isObject(values)) return wrong(place, 'a map of names to values', values);
  for (const [name, value] of Object.entries(values)) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.flatMap((one) => (typeof one === 'string' ? [one.trim()] : []));
    if (texts.length < list.length)
      return { problem: `${place}: expected text as the value of ${shown(name)}` };
    read.set(nameOf(name), [...(read.get(nameOf(name)) ?? []), ...texts]);
  }
  return read;
}

/** A prefix match names it by an empty key (captured from a real call), `{proxy+}` by its name. */
function readCaptured(given: unknown): string | undefined {
  if (!isObject(given)) return undefined;
  const captured = own(given, '') ?? own(given, 'proxy');
  return typeof captured === 'string' && captured !== '' ? captured : undefined;
}

const wrong = (place: string, expected: string, got: unknown): EventProblem => ({
  problem: `${place}: expected ${expected}, got ${shown(got)}`,
});
