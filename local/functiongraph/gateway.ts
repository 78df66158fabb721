/**
 * APIG in front of the functions: an origin of its own, whose paths are those of the APIG and DEDICATEDGATEWAY triggers.
 * It asks who calls, makes the event, waits for at most the time of the API, and takes no answer but the one of four
 * fields (user guide, functiongraph_01_0204).
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { milliseconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import { bodyOf } from '../cloud/receive.ts';
import { type Credentials, distrust } from '../cloud/signature.ts';
import { type Api, apiEvent, findApi } from './apis.ts';
import { orTooLate } from './invocations.ts';
import type { Invoke } from './invoke.ts';
import type { DeployedFunction } from './state.ts';

export interface GatewayOptions {
  readonly clock: Pick<LocalClock, 'now' | 'limit'>;
  readonly all: () => readonly DeployedFunction[];
  readonly invoke: Invoke;
  /** Who may call an API with IAM authentication. */
  readonly credentials: readonly Credentials[];
  /** Who may call an API with APP authentication: by a signature, or by the code in X-Apig-AppCode. */
  readonly apps: readonly App[];
  /** Any free one unless it says otherwise. */
  readonly port?: number;
}

export interface App extends Credentials {
  readonly appCode: string;
}

export interface Gateway {
  /** Without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** 4 MB of a request with all that is around it. */
const MOST_BYTES = 4 * 1_024 * 1_024;

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, all, invoke, credentials, apps } = options;

  async function answer(request: IncomingMessage, requestId: string): Promise<Said> {
    const { method = '', url: target = '/', headers } = request;
    const body = await bodyOf(request, MOST_BYTES);
    const [path = '', query = ''] = target.split('?', 2);
    const api = findApi(all(), method, path);
    if (api === undefined) return refusal(404, 'APIG.0101', 'The API does not exist', requestId);
    if (body === undefined) return refusal(413, 'APIG.0201', 'Request entity too large', requestId);
    const doubt = stranger(api, { method, target, headers, body });
    if (doubt !== undefined) return refusal(401, doubt.code, doubt.message, requestId);
    const event = apiEvent(api, { method, path, query, headers, body, requestId });
    const running = invoke(api.deployed, JSON.stringify(event));
    if (running === undefined) return refusal(429, 'APIG.0308', 'The function is busy', requestId);
    const invoked = await orTooLate(running, milliseconds(api.timeout), clock);
    if (invoked === 'too late') return refusal(504, 'APIG.0203', 'Backend timeout', requestId);
    const said = invoked.code === 0 ? fourFields(JSON.parse(invoked.body)) : undefined;
    const wrong = 'The response body is invalid: expected statusCode, headers, body and isBase64Encoded';
    return said ?? refusal(500, 'FSS.1202', wrong, requestId);
  }

  function stranger(
    { auth }: Api,
    request: Parameters<typeof distrust>[0],
  ): { readonly code: string; readonly message: string } | undefined {
    if (auth === 'NONE') return undefined;
    if (auth === 'APP') {
      const shown = request.headers['x-apig-appcode'];
      if (apps.some(({ appCode }) => appCode === shown)) return undefined;
    }
    const doubt = distrust(request, auth === 'APP' ? apps : credentials, clock.now());
    if (doubt === undefined) return undefined;
    const code = auth === 'APP' ? 'APIG.0303' : 'APIG.0301';
    return { code, message: doubt.message };
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID().replaceAll('-', '');
    const { status, headers, body } = await answer(request, requestId);
    response.writeHead(status, { ...headers, 'content-length': body.length, 'x-request-id': requestId });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal(status: number, error_code: string, error_msg: string, request_id: string): Said {
  const body = Buffer.from(JSON.stringify({ error_msg, error_code, request_id }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

/** Nothing when it is anything but these four. */
function fourFields(result: unknown): Said | undefined {
  const { statusCode, headers, body, isBase64Encoded } = (result ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isInteger(statusCode) || Number(statusCode) < 100 || Number(statusCode) > 599) return undefined;
  if (typeof body !== 'string' || typeof isBase64Encoded !== 'boolean') return undefined;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return {
    status: Number(statusCode),
    headers: Object.fromEntries(texts),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
