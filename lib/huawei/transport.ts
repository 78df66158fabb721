/**
 * One HTTP request over the wire and back, with undici: no retry, no redirect, no meaning; errors come out raw.
 *
 * A transport is made for one invocation and closed at its end: a frozen instance wakes up with sockets that
 * are dead without knowing it, and a restart sent into one is a lost answer.
 */
import { Pool } from 'undici';
import { type DurationMs, seconds } from '../time.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** The deadline. Once it aborts, `send` rejects. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Ends all connections, those in use too; nothing can be sent afterwards. */
  close(): Promise<void>;
}

/** More than the longest documented answer (100 rows) by orders of magnitude. */
const LONGEST_BODY_BYTES = 8 * 1024 * 1024;
/** Shorter than every deadline of ours: a host that does not answer the connect is `not_sent`, not `lost`. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The deadline is the caller's signal; this only ends a request whose caller forgot it. */
const FORGOTTEN_AFTER = seconds(60);
/** Reads have a few connections of their own, so that a slow one never delays a restart past its deadline. */
const CONNECTIONS = { read: 4, write: 1 } as const;

/** @param patience the longest deadline that a caller will have */
export function undiciTransport(patience: DurationMs = FORGOTTEN_AFTER): Transport {
  const pools = new Map<string, Pool>();
  let closed = false;

  function poolFor(origin: string, use: keyof typeof CONNECTIONS): Pool {
    const key = `${use} ${origin}`;
    const existing = pools.get(key);
    if (existing !== undefined) return existing;
    const pool = new Pool(origin, {
      connections: CONNECTIONS[use],
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: patience,
      bodyTimeout: patience,
      maxResponseSize: LONGEST_BODY_BYTES,
    });
    pools.set(key, pool);
    return pool;
  }

  return {
    async send({ method, url, headers, body, signal }) {
      if (closed) throw Object.assign(new Error('the transport is closed'), { code: 'TRANSPORT_CLOSED' });
      const { origin, pathname, search } = new URL(url);
      const answer = await poolFor(origin, method === 'GET' ? 'read' : 'write').request({
        method: method as 'GET' | 'POST',
        path: `${pathname}${search}`,
        headers,
        body: body ?? null,
        signal,
      });
      return { status: answer.statusCode, headers: flat(answer.headers), body: await answer.body.text() };
    },

    async close() {
      closed = true;
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const single = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(single) as Record<string, string>;
}

// Errors that can only come up before the first byte of the request is written. Everything that is not in
// here (ECONNRESET, UND_ERR_SOCKET, an abort, …) may have been sent.
const BEFORE_SENDING = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_INVALID_ARG', 'TRANSPORT_CLOSED'],
  ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'CERT_REJECTED', 'CERT_UNTRUSTED'],
  ...['CERT_SIGNATURE_FAILURE', 'CERT_CHAIN_TOO_LONG', 'INVALID_CA', 'INVALID_PURPOSE', 'HOSTNAME_MISMATCH'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['ERR_SSL_WRONG_VERSION_NUMBER'],
]);

/** System calls that come before sending, whatever error they end with (ETIMEDOUT of a connect, say). */
const CALLS_BEFORE_SENDING = new Set(['connect', 'getaddrinfo']);

/** Whether the request that ended with this error can not have left this machine. */
export function notSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Node tries every address of a name; only if none could be reached has nothing been sent.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(notSent);
  const { code, syscall } = error as NodeJS.ErrnoException;
  return BEFORE_SENDING.has(code ?? '') || CALLS_BEFORE_SENDING.has(syscall ?? '');
}
