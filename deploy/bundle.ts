/**
 * One function as files: CommonJS for Node.js 20.15, as FunctionGraph runs it, minified. What is not needed at once is in
 * files beside it (beside.ts), what is never needed is in none (lean.ts). The same sources give the same bytes.
 */
import { readFile } from 'node:fs/promises';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { beside, sources } from './beside.ts';
import { lean } from './lean.ts';
import { noticesOf } from './notices.ts';

/** A file by its path within the function's folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Bundle {
  /** What runs, and what its licences ask to come with it: all that goes into the zip. */
  readonly files: Files;
  /** Source maps, for people: beside the bundle, not in the zip. */
  readonly maps: Files;
}

const MAP = /\.map$/;

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.15',
  format: 'cjs',
  // An import that waits until it is needed is a require that waits.
  supported: { 'dynamic-import': false },
  minify: true,
  sourcemap: 'external',
  // All licences are in one file, in full: see notices.ts.
  legalComments: 'none',
  logLevel: 'silent',
  metafile: true,
  write: false,
} satisfies BuildOptions;

interface Built {
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly metafile: Metafile;
}

/** Makes bundles of the functions under `root`, the folder of the project. */
export function bundler(root: string): (name: string) => Promise<Bundle> {
  // The same for all functions.
  let shared: Promise<readonly Built[]> | undefined;

  /** @throws what esbuild reports, with file and line */
  return async (name) => {
    shared ??= Promise.all([...sources].map(([file, source]) => built(root, file, source, [])));
    const index = `export { handler } from './functions/${name}.ts';`;
    const all = await Promise.all([built(root, 'index.js', index, [beside(root), lean(root)]), shared]);
    const parts = all.flat();
    const outputs = parts.flatMap(({ files }) => files);
    const inputs = parts.flatMap(({ metafile }) => Object.keys(metafile.inputs));
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

async function built(root: string, file: string, source: string, plugins: Plugin[]): Promise<Built> {
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: root,
    stdin: { contents: source, resolveDir: root, sourcefile: file },
    outfile: `dist/function/${file}`,
    plugins,
  });
  return {
    files: outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf('/') + 1), contents]),
    metafile,
  };
}
