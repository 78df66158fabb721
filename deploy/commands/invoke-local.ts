/** `serverless invoke local`: one event through a function on a local cloud. It runs what `npm run invoke` runs. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { OslsOptions } from '../osls.ts';
import { eventOf } from './invoke.ts';

/** Handed on as they are. */
export const LOCAL_OPTIONS = ['fleet', 'settings', 'ledger', 'fault', 'now', 'for', 'secret'] as const;

/** @throws Failure when the function failed, or was asked wrongly: the reason is on standard error by then */
export async function invokeLocal(options: OslsOptions, folder: string): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'encode-restart-'));
  try {
    const event = join(place, 'event.json');
    await writeFile(event, JSON.stringify(await eventOf(options, folder)));
    const handedOn = LOCAL_OPTIONS.flatMap((name) => {
      const value = options[name];
      return typeof value === 'string' ? [`--${name}`, value] : [];
    });
    const code = await run(['local/invoke.ts', String(options['function']), event, ...handedOn], folder);
    if (code !== 0) throw new Failure('FUNCTION_FAILED', `invoke local ended with ${code}; see above.`);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const run = (args: readonly string[], cwd: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', resolve);
  });
