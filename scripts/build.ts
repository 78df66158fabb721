/**
 * Bundles each function into dist/<name>/index.js: CommonJS for Node.js 20.15, as FunctionGraph runs it. The Redis
 * ledger is a file beside it, redis.js, loaded only by a function that has a LEDGER_URL.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const OUT = 'dist';
const REDIS = 'lib/ledger/redis/index.ts';
const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20.15',
  format: 'cjs',
  // An import that waits until it is needed is a require that waits.
  supported: { 'dynamic-import': false },
  minify: true,
  keepNames: true,
  sourcemap: 'external',
  legalComments: 'linked',
  logLevel: 'warning',
};
const redisBeside: Plugin = {
  name: 'redis-beside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/ledger\/redis\/index\.ts$/ }, () => ({ path: './redis.js', external: true })),
};

const names = (await readdir('functions')).map((file) => file.replace(/\.ts$/, '')).sort();

await rm(OUT, { recursive: true, force: true });
for (const name of names) {
  const folder = `${OUT}/${name}`;
  await mkdir(folder, { recursive: true });
  await build({
    ...common,
    entryPoints: [`functions/${name}.ts`],
    outfile: `${folder}/index.js`,
    plugins: [redisBeside],
  });
  await build({ ...common, entryPoints: [REDIS], outfile: `${folder}/redis.js` });
  // The project is ESM, the runtime's loader is CommonJS: each folder says so for itself.
  await writeFile(`${folder}/package.json`, '{"type":"commonjs"}\n');
  for (const file of ['index.js', 'redis.js']) {
    const { size } = await stat(`${folder}/${file}`);
    process.stdout.write(`${`${folder}/${file}`.padEnd(24)} ${(size / 1024).toFixed(0).padStart(5)} kB\n`);
  }
}
