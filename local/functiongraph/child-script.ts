/** `child.ts` as one CommonJS file for the platform's Node.js. Made once, however many clouds there are. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

export function childScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./child.ts', import.meta.url))],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20.15',
    format: 'cjs',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
