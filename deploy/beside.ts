/**
 * What is a file of its own in a function's folder, loaded when it is first called: a cold start compiles what leads to
 * its first answer, and nothing else. The code does not know: it imports as ever, and gets functions that load theirs.
 */
import type { Plugin } from 'esbuild';

/** The functions of a module that others may call across files. Constants and classes cannot go: each file has its own. */
type Calls = Readonly<Record<string, readonly string[]>>;

/** By file, then by module: a path below the project, or a package. */
const LATER: Readonly<Record<string, Calls>> = {
  // Whoever is told, is told at the end.
  'report.js': {
    './lib/report/digest.ts': ['digestMessage'],
    './lib/report/facts.ts': ['headFacts', 'restartFacts', 'runFacts'],
    './lib/report/gathered.ts': ['gatheredMessage'],
    './lib/report/message.ts': ['reportMessage'],
    './lib/report/notice.ts': ['noticeMessage'],
    './lib/report/results.ts': ['resultsMessages'],
    './lib/report/sentences.ts': ['holdsOf', 'standingOf', 'wouldRestart'],
    './lib/report/tally.ts': ['byAttention'],
  },
  // Only with a LEDGER_URL.
  'redis.js': { './lib/ledger/redis/index.ts': ['openLedger'] },
  // Only planned work has windows, and a digest is due once a day.
  'zones.js': { 'temporal-polyfill/fns/ZonedDateTime': ['fromFields', 'getTimeZoneTransition'] },
};

/** What is no set of functions: undici's parser for a processor without SIMD. */
const WHOLE: Readonly<Record<string, string>> = { 'parser.js': 'undici/lib/llhttp/llhttp-wasm.js' };

/** The source of each of these files. */
export const sources: ReadonlyMap<string, string> = new Map([
  ...Object.entries(LATER).map(([file, modules]) => {
    const lines = Object.entries(modules).map(
      ([path, names]) => `export { ${names.join(', ')} } from '${path}';`,
    );
    return [file, lines.join('\n')] as const;
  }),
  ...Object.entries(WHOLE).map(([file, path]) => [file, `module.exports = require('${path}');`] as const),
]);

/** For the bundle that a function begins with; modules are looked for from `root` on. */
export const beside = (root: string): Plugin => ({
  name: 'beside',
  setup({ onLoad, onResolve, onStart, resolve }) {
    /** What stands in a module's place, by where it lies. */
    const places = new Map<string, string>();
    onStart(async () => {
      const stand = async (path: string, contents: string) => {
        const { errors, path: place } = await resolve(path, { kind: 'import-statement', resolveDir: root });
        if (errors.length === 0) places.set(place, contents);
        return errors;
      };
      const later = Object.entries(LATER).flatMap(([file, modules]) =>
        Object.entries(modules).map(([path, names]) => stand(path, calling(file, names))),
      );
      const whole = Object.entries(WHOLE).map(([file, path]) =>
        stand(path, `module.exports = require('./${file}');`),
      );
      return { errors: (await Promise.all([...later, ...whole])).flat() };
    });
    onResolve({ filter: /^\.\// }, ({ path, importer }) =>
      places.has(importer) && sources.has(path.slice(2)) ? { path, external: true } : undefined,
    );
    onLoad({ filter: /./ }, ({ path }) => {
      const contents = places.get(path);
      return contents === undefined ? undefined : { contents, loader: 'js' };
    });
  },
});

const calling = (file: string, names: readonly string[]): string =>
  names
    .map((name) => `export const ${name} = (...given) => require('./${file}').${name}(...given);`)
    .join('\n');
