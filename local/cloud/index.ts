/** The local cloud as an HTTP server on loopback: CPH and SMN behind a gateway that checks every signature. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../lib/types.ts';
import type { LocalClock } from '../clock.ts';
import type { FaultInstance } from '../faults/fault.ts';
import type { Model } from '../model/state.ts';
import { type Answer, cpsError, gatewayError, type Reply, smnError } from './answer.ts';
import { CPH_ROUTES } from './cph.ts';
import { type Match, matchRoute } from './route.ts';
import { type Credentials, distrust } from './signature.ts';
import { SMN_ROUTES } from './smn.ts';

export type { Answer, Intercept, Intercepted, Reply } from './answer.ts';
export type { Credentials } from './signature.ts';

export interface CloudOptions {
  readonly model: Model;
  readonly clock: Pick<LocalClock, 'now' | 'hang'>;
  /** The first is the outermost: it sees a call before the others do. */
  readonly faults: readonly FaultInstance[];
  readonly credentials: Credentials;
  readonly log: Log;
}

export interface Cloud {
  /** The endpoint of CPH and of SMN, without a slash at the end. */
  readonly url: string;
  /** How often each operation was asked for, refused or not; `unknown` are those that do not exist. */
  calls(): Record<string, number>;
  /** Ends at once, open connections included. */
  close(): Promise<void>;
}

const ROUTES = [...CPH_ROUTES, ...SMN_ROUTES];
const MAX_BODY_BYTES = 1_024 * 1_024;
/** Longer than any wait of a demo, so that no connection is closed while a client is about to use it. */
const KEEP_ALIVE_MS = 120_000;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { model, clock, faults, credentials, log } = options;
  const calls = new Map<string, number>();
  for (const { ruling } of faults) if (ruling !== undefined) model.rulings.push(ruling);

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '', headers } = request;
    const [path = '', query = ''] = target.split('?', 2);
    const match = matchRoute(ROUTES, method, path);
    const operation = match?.route.operation ?? 'unknown';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const body = await bodyOf(request);
    const reply = await replyTo(match, { method, target, headers, body }, query);
    log.debug('local cloud', { operation, answer: typeof reply === 'string' ? reply : reply.status });
    send(reply, request, response);
  }

  async function replyTo(
    match: Match | undefined,
    request: {
      method: string;
      target: string;
      headers: IncomingMessage['headers'];
      body: Buffer | undefined;
    },
    query: string,
  ): Promise<Reply> {
    const request_id = model.newId('request');
    if (match === undefined) {
      const message = 'The API does not exist or has not been published in the environment';
      return gatewayError(404, 'APIGW.0101', message, request_id);
    }
    const { body } = request;
    // The gateway's code for this is not in the documents that were read.
    if (body === undefined) return gatewayError(413, 'APIGW.0201', 'Request entity too large', request_id);
    const doubt = distrust({ ...request, body }, credentials, clock.now());
    if (doubt !== undefined) return gatewayError(401, doubt.code, doubt.message, request_id);
    const { route, params } = match;
    if (params['project_id'] !== model.projectId) {
      const smn = SMN_ROUTES.includes(route);
      return smn ? smnError('SMN.0005', request_id) : cpsError('CPS.0046', request_id);
    }
    const call = { model, params, query: new URLSearchParams(query), body: jsonOf(body), request_id };
    const carryOut = async (): Promise<Reply> => route.answer({ ...call, now: clock.now() });
    const withFaults = faults.reduceRight<() => Promise<Reply>>(
      (proceed, { intercept }) =>
        intercept === undefined
          ? proceed
          : () => intercept({ operation: route.operation, body: call.body }, proceed),
      carryOut,
    );
    return withFaults();
  }

  function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (reply === 'reset') {
      socket.resetAndDestroy();
    } else if (reply === 'hang') {
      const release = clock.hang();
      if (socket.destroyed) release();
      else socket.once('close', release);
    } else {
      respond(reply, response);
    }
  }

  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      if (request.socket.destroyed) return;
      log.error('local cloud failed', { error: String(error) });
      respond(gatewayError(500, 'APIGW.0201', 'Backend unavailable', model.newId('request')), response);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => Object.fromEntries(calls),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body; `undefined` when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function respond({ status, body }: Answer, response: ServerResponse): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
