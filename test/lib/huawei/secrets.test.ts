import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../../../lib/huawei/client.ts';
import { undiciTransport } from '../../../lib/huawei/transport.ts';
import { milliseconds, seconds, systemClock } from '../../../lib/time.ts';
import { CREDENTIALS, fakeLog, PROJECT } from './fakes.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A platform that repeats everything it was sent wherever it can. */
const echo =
  (status: number): RequestListener =>
  ({ headers }, response) => {
    const everything = JSON.stringify(headers);
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-request-id': String(headers['x-security-token']),
    });
    const fields = { error_msg: everything, message: everything, error_code: headers['x-security-token'] };
    response.end(JSON.stringify(status < 300 ? {} : fields));
  };

const MARKED = [CREDENTIALS.accessKey, CREDENTIALS.secretKey, CREDENTIALS.securityToken ?? ''];

const situations: readonly (readonly [string, () => Promise<string>])[] = [
  ['success', () => serve(echo(200))],
  ['a bad answer', () => serve((_, response) => response.end('{'))],
  ['HTTP 400', () => serve(echo(400))],
  ['HTTP 401', () => serve(echo(401))],
  ['HTTP 500', () => serve(echo(500))],
  ['a reset', () => serve(({ socket }) => socket.resetAndDestroy())],
  ['no answer', () => serve(() => undefined)],
  ['a failing name', () => Promise.resolve('http://no-such-host.invalid')],
  ['a refused port', () => Promise.resolve('http://127.0.0.1:1')],
];

describe('no secret is seen in an error or a log line after', () => {
  test.each(situations)('%s', async (_, place) => {
    const log = fakeLog();
    const transport = undiciTransport();
    const client = createClient({
      ...{ service: 'cph', endpoint: await place(), projectId: PROJECT, credentials: () => CREDENTIALS },
      ...{ transport, log, clock: { ...systemClock, sleep: () => Promise.resolve() } },
    });
    const seen: unknown[] = [];
    for (const method of ['GET', 'POST'] as const) {
      await client
        .call({ operation: 'Any', method, path: ['v1', PROJECT], deadline: milliseconds(100) })
        .catch((error: unknown) => seen.push(error));
    }
    await transport.close();
    expect(log.lines.length).toBeGreaterThan(0);
    const shown = [...seen.map(everythingIn), JSON.stringify(log.lines)].join('\n');
    for (const secret of MARKED) expect(shown).not.toContain(secret);
    expect(shown).not.toContain('Signature=');
  });

  test('a token that cannot be a header', async () => {
    const log = fakeLog();
    const transport = undiciTransport();
    const client = createClient({
      ...{ service: 'cph', endpoint: 'http://127.0.0.1:1', projectId: PROJECT, transport, log },
      ...{ clock: systemClock, credentials: () => ({ ...CREDENTIALS, securityToken: `${MARKED[2]}\nx` }) },
    });
    const call = { operation: 'Any', method: 'GET', path: ['v1'], deadline: seconds(1) } as const;
    const error: unknown = await client.call(call).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    for (const secret of MARKED) expect(everythingIn(error)).not.toContain(secret);
  });
});

function everythingIn(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((key) => [key, Reflect.get(error as object, key)]),
  );
  return [
    message,
    stack,
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(own),
    inspect(cause),
  ].join('\n');
}
