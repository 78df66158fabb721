/**
 * Leaves out of a bundle what our packages load and we never use: a cold start pays for every byte that is compiled.
 * Nothing is written anew but what the signer asks of moment; what is left out throws, with its name, should anybody
 * ever reach it. `npm run bench:cold` tells what it saves.
 */
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

/** Modules of undici that only HTTP/2 (`allowH2`) and bodies other than text reach. */
const NEVER_REACHED = /[\\/]undici[\\/]lib[\\/](dispatcher[\\/]client-h2|web[\\/]fetch[\\/]body)\.js$/;

export const lean = (root: string): Plugin => ({
  name: 'lean',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(PACKAGES).join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'lean',
    }));
    onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({
      contents: PACKAGES[path] ?? '',
      resolveDir: root,
    }));
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
