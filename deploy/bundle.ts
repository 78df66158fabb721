/**
 * One function as files: CommonJS for Node.js 20.15, as FunctionGraph runs it, minified. The Redis ledger is a file
 * beside it, redis.js, loaded only by a function that has a LEDGER_URL. The same sources give the same bytes.
 */
import { readFile } from 'node:fs/promises';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { noticesOf } from './notices.ts';

/** A file by its path within the function's folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Bundle {
  /** What runs, and what its licences ask to come with it: all that goes into the zip. */
  readonly files: Files;
  /** Source maps, for people: beside the bundle, not in the zip. */
  readonly maps: Files;
}

const REDIS = 'lib/ledger/redis/index.ts';
const MAP = /\.map$/;

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.15',
  format: 'cjs',
  // An import that waits until it is needed is a require that waits.
  supported: { 'dynamic-import': false },
  minify: true,
  keepNames: true,
  sourcemap: 'external',
  // All licences are in one file, in full: see notices.ts.
  legalComments: 'none',
  logLevel: 'silent',
  metafile: true,
  write: false,
  // Of these files only the maps say where they lie: beside each other, two folders below the project.
  outdir: 'dist/function',
} satisfies BuildOptions;

const redisBeside: Plugin = {
  name: 'redis-beside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/ledger\/redis\/index\.ts$/ }, () => ({ path: './redis.js', external: true })),
};

interface Built {
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly metafile: Metafile;
}

/** Makes bundles of the functions under `root`, the folder of the project. */
export function bundler(root: string): (name: string) => Promise<Bundle> {
  // The same for all functions.
  let redis: Promise<Built> | undefined;

  /** @throws what esbuild reports, with file and line */
  return async (name) => {
    redis ??= built(root, 'redis', REDIS, []);
    const [own, shared] = await Promise.all([
      built(root, 'index', `functions/${name}.ts`, [redisBeside]),
      redis,
    ]);
    const outputs = [...own.files, ...shared.files];
    const inputs = [own.metafile, shared.metafile].flatMap(({ inputs: read }) => Object.keys(read));
    const notices = await noticesOf(inputs, (path) => readFile(`${root}/${path}`, 'utf8'));
    return {
      files: new Map([
        ...outputs.filter(([path]) => !MAP.test(path)),
        // The project is ESM, the runtime's loader is CommonJS: each folder says so for itself.
        ['package.json', Buffer.from('{"type":"commonjs"}\n')],
        ['THIRD-PARTY-NOTICES.txt', Buffer.from(notices)],
      ]),
      maps: new Map(outputs.filter(([path]) => MAP.test(path))),
    };
  };
}

async function built(root: string, out: string, entry: string, plugins: Plugin[]): Promise<Built> {
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: [{ in: entry, out }],
    plugins,
  });
  return {
    files: outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf('/') + 1), contents]),
    metafile,
  };
}
