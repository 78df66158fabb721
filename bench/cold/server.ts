/** Huawei Cloud for one call: TLS on loopback, a certificate made for the occasion, an answer to whoever signed. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

export interface Server {
  readonly url: string;
  /** The certificate, which is its own authority. */
  readonly ca: string;
  nextAnswer(signal: AbortSignal): Promise<bigint>;
  close(): Promise<void>;
}

/** @throws Error when there is no `openssl` */
export async function startServer(folder: string): Promise<Server> {
  const key = `${folder}/key.pem`;
  const ca = `${folder}/ca.pem`;
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', ca],
  ]);
  const waiting = new Set<(moment: bigint) => void>();
  const server = createServer({ key: await readFile(key), cert: await readFile(ca) }, (request, response) => {
    request.resume();
    const isSigned = request.headers.authorization?.startsWith('SDK-HMAC-SHA256 ') === true;
    const [status, body] = isSigned
      ? answerTo(request.method, request.url)
      : [401, { error_code: 'APIGW.0301' }];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body), () => {
      const now = process.hrtime.bigint();
      if (!isSigned) return;
      for (const resolve of waiting) resolve(now);
      waiting.clear();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    ca,
    nextAnswer: (signal) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        signal.addEventListener('abort', () => waiting.delete(resolve));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(method = '', url = ''): readonly [status: number, body: object] {
  if (method === 'POST') return [202, { request_id: 'cold' }];
  if (url.includes('/encode-servers')) return [200, { request_id: 'cold', count: 0, encode_servers: [] }];
  return [404, { request_id: 'cold', error_code: 'CPS.0020', error_msg: 'not found' }];
}
