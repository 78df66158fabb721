/**
 * The simulation as one file that worker threads run: plain JavaScript, several times as fast to start as the sources.
 * A planted fault is a change of the sources on their way into that file.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** In `file` of the repository, `anchor` is there exactly once, and becomes `instead`. */
export interface Change {
  readonly file: string;
  readonly anchor: string;
  readonly instead: string;
}

export interface Bundle {
  readonly path: string;
  remove(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** @throws Error when an anchor is not there, or more than once: then nobody knows what would be planted */
export async function bundle(changes: readonly Change[] = []): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'encode-restart-proofs-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'worker.cjs');
  try {
    await build({
      entryPoints: [join(ROOT, 'proofs/run/worker.ts')],
      outfile: path,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'silent',
      plugins: [planting(changes)],
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

function planting(changes: readonly Change[]): Plugin {
  return {
    name: 'planting',
    setup({ onLoad, onEnd }) {
      const untouched = new Set(changes);
      const files = new Map(changes.map((change) => [join(ROOT, change.file), change.file]));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = files.get(path);
        if (file === undefined) return undefined;
        let text = await readFile(path, 'utf8');
        for (const change of changes) {
          if (change.file !== file) continue;
          text = changed(text, change);
          untouched.delete(change);
        }
        return { contents: text, loader: 'ts' };
      });
      onEnd(() => {
        const [missed] = untouched;
        if (missed !== undefined)
          throw new Error(`${missed.file}: expected it among what is played, it is not`);
      });
    },
  };
}

export function changed(text: string, { file, anchor, instead }: Change): string {
  const places = text.split(anchor).length - 1;
  if (places === 1) return text.replace(anchor, () => instead);
  throw new Error(
    `${file}: expected this text exactly once, found it ${places} times; change the planted fault with the code:\n${anchor}`,
  );
}
