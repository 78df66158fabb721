/** Bundles each function into dist/<name>/: what its zip would hold, and the source maps beside it. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { bundler } from '../deploy/bundle.ts';

const OUT = 'dist';
const bundle = bundler(process.cwd());
const names = (await readdir('functions')).map((file) => file.replace(/\.ts$/, '')).sort();

await rm(OUT, { recursive: true, force: true });
for (const name of names) {
  const folder = `${OUT}/${name}`;
  const { files, maps } = await bundle(name);
  await mkdir(folder, { recursive: true });
  for (const [path, content] of [...files, ...maps]) await writeFile(`${folder}/${path}`, content);
  for (const [path, { length }] of files) {
    if (!path.endsWith('.js')) continue;
    process.stdout.write(`${`${folder}/${path}`.padEnd(24)} ${(length / 1024).toFixed(0).padStart(5)} kB\n`);
  }
}
