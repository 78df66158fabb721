import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it, test } from 'vitest';
import { notSent, type Transport, undiciTransport } from '../../../lib/huawei/transport.ts';
import { errorOf, raw } from './fakes.ts';

const servers: Server[] = [];
const transports: Transport[] = [];

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
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

function transport(): Transport {
  const made = undiciTransport();
  transports.push(made);
  return made;
}

const never = () => new AbortController().signal;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

describe('a transport', () => {
  it('sends exactly the method, path, headers and body it is given, and brings the answer back', async () => {
    const origin = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        response.writeHead(201, { 'X-Request-Id': 'r', 'Set-Cookie': ['a=1', 'b=2'] });
        const { method, url, headers } = request;
        response.end(JSON.stringify({ method, url, host: headers.host, date: headers['x-sdk-date'], body }));
      });
    });
    const answer = await transport().send({
      method: 'POST',
      url: `${origin}/v2/urn%3Asmn%3Aa/publish?a=%E4%BA%91&b=`,
      headers: { host: 'smn.cn-north-4.myhuaweicloud.com', 'X-Sdk-Date': '20260101T000000Z' },
      body: '{"a":"云"}',
      signal: never(),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ 'x-request-id': 'r', 'set-cookie': 'a=1, b=2' });
    expect(JSON.parse(answer.body)).toEqual({
      ...{ method: 'POST', url: '/v2/urn%3Asmn%3Aa/publish?a=%E4%BA%91&b=', body: '{"a":"云"}' },
      ...{ host: 'smn.cn-north-4.myhuaweicloud.com', date: '20260101T000000Z' },
    });
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    const one = transport();
    for (let time = 0; time < 3; time += 1) {
      await one.send({ method: 'POST', url: `${origin}/a`, headers: {}, signal: never() });
    }
    expect(ports.size).toBe(1);
  });

  it('does not let slow reads hold up a restart', async () => {
    const origin = await serve((request, response) => {
      if (request.method === 'POST') response.end('{}');
    });
    const one = transport();
    const deadline = new AbortController();
    const reads = Array.from({ length: 6 }, () =>
      errorOf(one.send({ method: 'GET', url: `${origin}/slow`, headers: {}, signal: deadline.signal })),
    );
    const answer = await one.send({ method: 'POST', url: `${origin}/now`, headers: {}, signal: never() });
    expect(answer.status).toBe(200);
    deadline.abort();
    await Promise.all(reads);
  });

  it('does not follow redirects', async () => {
    const asked: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await transport().send({
      method: 'GET',
      url: `${origin}/a`,
      headers: {},
      signal: never(),
    });
    expect(answer.status).toBe(302);
    expect(asked).toEqual(['/a']);
  });

  it('gives up on an answer without end', async () => {
    const origin = await serve((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const send = transport().send({ method: 'GET', url: `${origin}/a`, headers: {}, signal: never() });
    const error = await errorOf(send);
    expect(error).toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    expect(notSent(error)).toBe(false);
  });

  it('sends nothing after it was closed, and closing does not wait for what is open', async () => {
    const origin = await serve(() => undefined);
    const one = transport();
    const open = errorOf(one.send({ method: 'POST', url: `${origin}/a`, headers: {}, signal: never() }));
    await one.close();
    expect(notSent(await open)).toBe(false);
    const later = await errorOf(
      one.send({ method: 'POST', url: `${origin}/a`, headers: {}, signal: never() }),
    );
    expect(notSent(later)).toBe(true);
  });
});

describe('whether a request left', () => {
  it('is denied when the port refuses', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}/`;
    const error = await errorOf(transport().send({ method: 'POST', url, headers: {}, signal: never() }));
    expect(notSent(error)).toBe(true);
  });

  it('is possible when the connection is reset after the request, which arrived once', async () => {
    let arrived = 0;
    const origin = await serve((request) => {
      arrived += 1;
      request.socket.resetAndDestroy();
    });
    const send = transport().send({
      method: 'POST',
      url: `${origin}/`,
      headers: {},
      body: '{}',
      signal: never(),
    });
    expect(notSent(await errorOf(send))).toBe(false);
    expect(arrived).toBe(1);
  });

  it('is possible when the answer breaks off', async () => {
    const origin = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => request.socket.destroy());
    });
    const send = transport().send({ method: 'POST', url: `${origin}/`, headers: {}, signal: never() });
    expect(notSent(await errorOf(send))).toBe(false);
  });

  it('is possible when the deadline came', async () => {
    const deadline = new AbortController();
    const origin = await serve(() => deadline.abort());
    const send = transport().send({
      method: 'POST',
      url: `${origin}/`,
      headers: {},
      signal: deadline.signal,
    });
    expect(notSent(await errorOf(send))).toBe(false);
  });

  test.each([
    ['a name that does not resolve', Object.assign(raw('ENOTFOUND'), { syscall: 'getaddrinfo' }), true],
    ['a resolver out of order', Object.assign(raw('ETIMEOUT'), { syscall: 'getaddrinfo' }), true],
    ['a connect that timed out', raw('UND_ERR_CONNECT_TIMEOUT'), true],
    ['a certificate that is none', raw('DEPTH_ZERO_SELF_SIGNED_CERT'), true],
    ['a connect timeout of the system', Object.assign(raw('ETIMEDOUT'), { syscall: 'connect' }), true],
    ['a read timeout of the system', Object.assign(raw('ETIMEDOUT'), { syscall: 'read' }), false],
    ['all addresses refusing', new AggregateError([raw('ECONNREFUSED'), raw('ENETUNREACH')]), true],
    ['one address of several', new AggregateError([raw('ECONNREFUSED'), raw('ECONNRESET')]), false],
    ['a reset', raw('ECONNRESET'), false],
    ['a broken pipe', raw('EPIPE'), false],
    ['an error of no kind', new Error('?'), false],
    ['no error at all', 'text', false],
  ])('%s', (_, error, expected) => {
    expect(notSent(error)).toBe(expected);
  });
});
