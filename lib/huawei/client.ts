/**
 * The signed JSON client of one service: a deadline on every try, retry as the table below says, every failure
 * a `HuaweiError`. Neither an error nor a log line ever holds a secret: what the platform says is searched for
 * the credentials in use before it goes anywhere.
 */
import { between, type Clock, type DurationMs, milliseconds, seconds } from '../time.ts';
import type { FailureKind, Log } from '../types.ts';
import { type AnswerShape, readAnswer, unreadable } from './answer.ts';
import { HuaweiError } from './errors.ts';
import { type Credentials, encode, isSignableSegment, queryString, sign } from './sign.ts';
import { type HttpRequest, type HttpResponse, notSent, type Transport } from './transport.ts';

export interface ClientOptions {
  /** For errors and logs: `cph`, `smn`. */
  readonly service: string;
  /** Origin, see `endpointOf`. */
  readonly endpoint: string;
  readonly projectId: string;
  /** Asked before every try: temporary credentials change under a long invocation. */
  readonly credentials: () => Credentials;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Call {
  /** The platform's name of the operation, for errors and logs. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments as they are, not encoded; may come from outside. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Beside those of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a 2xx answer's body is; by default a JSON object. */
  readonly answers?: AnswerShape;
  /** How long one try may take. */
  readonly deadline: DurationMs;
  /** Sending it twice does no harm, although it is no GET. */
  readonly repeatable?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What `answers` says; check it with a schema. */
  readonly data: unknown;
}

export interface Client {
  readonly service: string;
  readonly projectId: string;
  readonly log: Log;
  /** Resolves for a 2xx answer whose body is what the call says, throws `HuaweiError` otherwise. */
  call(call: Call): Promise<Answer>;
}

/** Applies to GET and to calls marked repeatable; everything else is sent once. */
const RETRY: {
  readonly tries: number;
  readonly waits: readonly DurationMs[];
  /** Asked to wait longer than this, we leave it to the caller, who may have better things to do. */
  readonly longestRetryAfter: DurationMs;
  readonly kinds: ReadonlySet<FailureKind>;
} = {
  tries: 3,
  waits: [milliseconds(500), seconds(2)],
  longestRetryAfter: seconds(10),
  kinds: new Set<FailureKind>(['not_sent', 'throttled', 'lost']),
};

export function createClient(options: ClientOptions): Client {
  const { service, projectId, transport, clock, log } = options;
  if (!isSignableSegment(projectId)) {
    throw new Error(`Expected a project id for ${service}, got ${JSON.stringify(projectId)}`);
  }

  async function call(wanted: Call): Promise<Answer> {
    const tries = wanted.method === 'GET' || wanted.repeatable === true ? RETRY.tries : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(wanted, attempt);
      } catch (error) {
        const wait = attempt < tries ? waitBeforeNext(error, attempt) : undefined;
        if (wait === undefined) throw error;
        await clock.sleep(wait);
      }
    }
  }

  async function attemptOnce(wanted: Call, attempt: number): Promise<Answer> {
    const { operation } = wanted;
    const started = clock.now();
    const written = (fields: Readonly<Record<string, unknown>>) =>
      log.debug('called', { service, operation, attempt, ms: between(started, clock.now()), ...fields });
    try {
      const credentials = presentCredentials(service, operation, options.credentials());
      const request = signedRequest(options, wanted, credentials);
      const secrets = [request.headers['Authorization'], ...Object.values(credentials)];
      const response = await sendInTime(request, wanted, secrets);
      const shape = wanted.answers ?? 'object';
      const answer = readAnswer({ service, operation, response, shape, secrets, now: clock.now() });
      written({ status: response.status, request_id: answer.requestId });
      return { status: response.status, headers: response.headers, data: answer.data };
    } catch (error) {
      if (!(error instanceof HuaweiError)) throw error;
      written({ status: error.httpStatus, kind: error.kind, code: error.code, request_id: error.requestId });
      throw error;
    }
  }

  async function sendInTime(
    request: Omit<HttpRequest, 'signal'>,
    { operation, deadline }: Call,
    secrets: readonly (string | undefined)[],
  ): Promise<HttpResponse> {
    const limit = clock.deadline(deadline);
    try {
      return await transport.send({ ...request, signal: limit.signal });
    } catch (error) {
      const late = limit.signal.aborted ? `no answer within ${deadline} ms` : undefined;
      throw unreadable({
        service,
        operation,
        error,
        late,
        secrets,
        kind: notSent(error) ? 'not_sent' : 'lost',
      });
    } finally {
      limit.clear();
    }
  }

  return { service, projectId, log, call };
}

/** Undefined: do not try again. */
function waitBeforeNext(error: unknown, attempt: number): DurationMs | undefined {
  if (!(error instanceof HuaweiError) || !RETRY.kinds.has(error.kind)) return undefined;
  const { httpStatus = 0, retryAfter } = error;
  // An answer that we do not understand will be the same the next time.
  if (error.kind === 'lost' && httpStatus >= 300 && httpStatus < 500) return undefined;
  if (retryAfter === undefined) return RETRY.waits[attempt - 1];
  return retryAfter <= RETRY.longestRetryAfter ? retryAfter : undefined;
}

function presentCredentials(service: string, operation: string, credentials: Credentials): Credentials {
  if (credentials.accessKey !== '' && credentials.secretKey !== '') return credentials;
  const said = 'expected temporary credentials of an agency, got none: give the function an agency';
  throw new HuaweiError({ kind: 'not_authorised', service, operation, code: 'no_credentials', said });
}

function signedRequest(options: ClientOptions, wanted: Call, credentials: Credentials) {
  const { service, endpoint, clock } = options;
  const { operation, method, path, body } = wanted;
  const unusable = path.find((segment) => !isSignableSegment(segment));
  if (unusable !== undefined) {
    const got = JSON.stringify(unusable.slice(0, 100));
    const said = `expected an id of letters, digits, _ . ~ : and -, got ${got}; nothing was sent`;
    throw new HuaweiError({ kind: 'rejected', service, operation, code: 'unusable_id', said });
  }
  const url = `${endpoint}/${path.map(encode).join('/')}`;
  const query = Object.fromEntries(
    Object.entries(wanted.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ) as Record<string, string>;
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { 'Content-Type': 'application/json', ...wanted.headers };
  const signed = sign({ method, url, query, headers, ...text }, credentials, clock.now());
  return { method, url: `${url}${queryString(query)}`, headers: signed, ...text };
}
