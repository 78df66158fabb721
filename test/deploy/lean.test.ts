/** What is left out of a bundle is not missed: it signs and speaks as the packages do, and says so when it is reached. */
import { createServer, maxHeaderSize } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { lean } from '../../deploy/lean.ts';
import { sign } from '../../lib/huawei/sign.ts';
import type { undiciTransport } from '../../lib/huawei/transport.ts';
import { epochMs } from '../../lib/time.ts';

/** A CommonJS bundle of `source`, as text. */
async function textOf(source: string): Promise<string> {
  const root = process.cwd();
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    platform: 'node',
    target: 'node20.15',
    format: 'cjs',
    write: false,
    plugins: [lean(root)],
  });
  return outputFiles[0]?.text ?? '';
}

/** The same, loaded. */
async function bundled<Exports>(source: string): Promise<Exports> {
  const module = { exports: {} };
  const run = new Function('module', 'exports', 'require', await textOf(source));
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports as Exports;
}

it('signs as the whole signer does', async () => {
  const lighter = await bundled<{ sign: typeof sign }>(`export { sign } from './lib/huawei/sign.ts';`);
  const credentials = { accessKey: 'AK', secretKey: 'SK', securityToken: 'TOKEN' };
  const request = {
    method: 'POST',
    url: 'https://cph.cn-north-4.myhuaweicloud.com/v1/p1/cloud-phone/encode-servers/batch-restart',
    query: { b: '2', a: 'x y', 'a.b': '漢' },
    headers: { 'content-type': 'application/json', 'X-Other': 'z', 'x-o': '1', A1: '2', 'a-b': '3', ab: '4' },
    body: '{"encode_server_ids":["s1"]}',
  };
  for (const moment of ['2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z', '2028-02-29T12:34:56Z']) {
    const now = epochMs(Date.parse(moment));
    expect(lighter.sign(request, credentials, now)).toEqual(sign(request, credentials, now));
  }
});

it('speaks HTTP as the whole undici does: a call, its answer, a deadline', async () => {
  const { undiciTransport: lighter } = await bundled<{ undiciTransport: typeof undiciTransport }>(
    `export { undiciTransport } from './lib/huawei/transport.ts';`,
  );
  const server = createServer((request, response) => {
    if (request.url === '/silent') return;
    request.pipe(response.writeHead(200, { 'x-one': '1' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = lighter();
  const signal = new AbortController().signal;
  const answer = await transport.send({
    method: 'POST',
    url: `${url}/echo`,
    headers: {},
    body: '漢',
    signal,
  });
  expect(answer).toMatchObject({ status: 200, body: '漢', headers: { 'x-one': '1' } });
  const over = new AbortController();
  const unanswered = transport.send({
    method: 'GET',
    url: `${url}/silent`,
    headers: {},
    signal: over.signal,
  });
  server.once('request', () => over.abort());
  await expect(unanswered).rejects.toThrow(/abort/i);
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('names what is not part of the bundle, should anybody reach it', async () => {
  const { reach } = await bundled<{ reach: () => void }>(
    `exports.reach = () => require('undici/lib/dispatcher/client-h2.js')();`,
  );
  expect(reach).toThrow('undici/lib/dispatcher/client-h2.js is not part of this bundle');
});

it('sorts by no dictionary, which would have to be read from disk first', async () => {
  expect(await textOf(`export { sign } from './lib/huawei/sign.ts';`)).not.toContain('localeCompare');
});

it('loads no part of Node.js for the sake of one name that nothing needs', async () => {
  const text = await textOf(`
    export { undiciTransport } from './lib/huawei/transport.ts';
    export { onFunctionGraph } from './lib/runtime/function.ts';`);
  expect(text).toContain('require("node:tls")');
  expect(text).not.toMatch(/require\("node:(http|stream\/web)"\)/);
  expect(maxHeaderSize).toBe(16_384);
});
