/** Packages functions: a zip for each, its source maps beside it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundler } from './bundle.ts';
import { fingerprint, zipOf } from './zip.ts';

export interface Packaged {
  readonly key: string;
  /** The zip. */
  readonly path: string;
  readonly bytes: number;
  /** See `fingerprint`. */
  readonly fingerprint: string;
}

/**
 * @param root the folder of the project
 * @param out where `<key>.zip` goes, and `<key>/*.map`
 * @throws what esbuild reports
 */
export async function packageFunctions(
  root: string,
  keys: readonly string[],
  out: string,
): Promise<readonly Packaged[]> {
  const bundle = bundler(root);
  return Promise.all(
    keys.map(async (key) => {
      const { files, maps } = await bundle(key);
      const zip = zipOf(files);
      const path = zipPath(out, key);
      await mkdir(join(out, key), { recursive: true });
      await writeFile(path, zip);
      for (const [name, content] of maps) await writeFile(join(out, key, name), content);
      return { key, path, bytes: zip.length, fingerprint: fingerprint(zip) };
    }),
  );
}

export const zipPath = (out: string, key: string): string => join(out, `${key}.zip`);
