/** Bundles each function into dist/<name>/index.js: CommonJS for Node.js 20.15, as FunctionGraph runs it. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const OUT = 'dist';
const names = (await readdir('functions')).map((file) => file.replace(/\.ts$/, '')).sort();

await rm(OUT, { recursive: true, force: true });
for (const name of names) {
  const folder = `${OUT}/${name}`;
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [`functions/${name}.ts`],
    outfile: `${folder}/index.js`,
    bundle: true,
    platform: 'node',
    target: 'node20.15',
    format: 'cjs',
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    legalComments: 'linked',
    logLevel: 'warning',
  });
  // The project is ESM, the runtime's loader is CommonJS: each folder says so for itself.
  await writeFile(`${folder}/package.json`, '{"type":"commonjs"}\n');
  const { size } = await stat(`${folder}/index.js`);
  process.stdout.write(`${folder.padEnd(16)} ${(size / 1024).toFixed(0).padStart(5)} kB\n`);
}
