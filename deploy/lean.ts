/**
 * Leaves out of a bundle what our packages load and we never use: a cold start pays for every byte that is compiled.
 * Nothing is written anew but what the signer asks of moment; what is left out throws, with its name, should anybody
 * ever reach it. `npm run bench:cold` tells what it saves.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * - undici: its pool and `request`, without fetch, WebSocket, mocks and proxies.
 * - lodash: the signer sorts by a key, and that is all.
 * - moment: the signer parses `20260131T030000Z` and writes it again, in UTC and without the `Z`.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  undici: `
    const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
    Object.assign(Dispatcher.prototype, { request: require('undici/lib/api/api-request.js') });
    exports.Pool = require('undici/lib/dispatcher/pool.js');`,
  lodash: `exports.sortBy = require('lodash/sortBy.js');`,
  moment: `
    module.exports = (text) => {
      if (!/^\\d{8}T\\d{6}Z$/.test(text)) throw new TypeError('moment: expected a time like 20260131T030000Z');
      return { utcOffset: () => ({ format: () => text.slice(0, -1) }) };
    };`,
};

/**
 * Parts of Node.js that take long to load and are asked for one name each, which no call of ours needs: undici's bodies
 * are text, never another server's request, and middy streams nothing.
 */
const OF_NODE: Readonly<Record<string, { readonly importer: RegExp; readonly instead: string }>> = {
  'node:http': {
    importer: /[\\/]undici[\\/]/,
    // As Node.js has it when nobody asks for another on its command line.
    instead: 'exports.IncomingMessage = class {}; exports.maxHeaderSize = 16384;',
  },
  'node:stream/web': {
    importer: /[\\/]@middy[\\/]core[\\/]/,
    instead:
      "Object.defineProperty(exports, 'ReadableStream', { enumerable: true, get: () => globalThis.ReadableStream });",
  },
};

/**
 * The signer sorts names of headers as a dictionary of the machine's language would, and Node.js reads that dictionary
 * from disk for it. Names of headers are ASCII: by their bytes they come in the same order.
 */
const SORTED = {
  file: /[\\/]huaweicloud-sdk-core[\\/]auth[\\/]AKSKSigner\.js$/,
  anchor: 'a.key.toLocaleLowerCase().localeCompare(b.key.toLocaleLowerCase())',
  instead: '(a.key.toLowerCase() < b.key.toLowerCase() ? -1 : 1)',
};

/** Modules of undici that only HTTP/2 (`allowH2`) and bodies other than text reach. */
const NEVER_REACHED = /[\\/]undici[\\/]lib[\\/](dispatcher[\\/]client-h2|web[\\/]fetch[\\/]body)\.js$/;

export const lean = (root: string): Plugin => ({
  name: 'lean',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(PACKAGES).join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'lean',
    }));
    onResolve({ filter: new RegExp(`^(${Object.keys(OF_NODE).join('|')})$`) }, ({ path, importer }) =>
      OF_NODE[path]?.importer.test(importer) === true ? { path, namespace: 'lean' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({
      contents: PACKAGES[path] ?? OF_NODE[path]?.instead ?? '',
      resolveDir: root,
    }));
    onLoad({ filter: SORTED.file }, async ({ path }) => {
      const [before, after, ...more] = (await readFile(path, 'utf8')).split(SORTED.anchor);
      if (before === undefined || after === undefined || more.length > 0) {
        throw new Error(`${path}: expected once: ${SORTED.anchor}`);
      }
      return { contents: before + SORTED.instead + after };
    });
    onLoad({ filter: NEVER_REACHED }, ({ path }) => ({ contents: absent(path) }));
  },
});

function absent(path: string): string {
  const name = path.split(/[\\/]node_modules[\\/]/).at(-1);
  return `module.exports = new Proxy(function () {}, {
    get() { throw new Error(${JSON.stringify(`${name} is not part of this bundle`)}); },
    apply() { throw new Error(${JSON.stringify(`${name} is not part of this bundle`)}); },
  });`;
}
