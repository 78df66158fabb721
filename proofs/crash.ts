/** `npm run crash`; see proofs/crash/main.ts. With `--share` it is one of its workers. */
import { fileURLToPath } from 'node:url';
import { type Asked, main, playAsked, readArgs, USAGE, UsageError } from './crash/main.ts';

const { stderr, stdout } = process;
const [first, share = ''] = process.argv.slice(2);

if (first === '--share') {
  const { asked, worker } = JSON.parse(share) as { readonly asked: Asked; readonly worker: number };
  const rows = await playAsked(asked, worker, () => undefined);
  // Handlers that died have timers in real time that would keep the process alive for hours.
  process.send?.(rows, () => process.exit(0));
} else {
  process.exitCode = await begin();
}

async function begin(): Promise<0 | 1 | 2> {
  try {
    const asked = readArgs(process.argv.slice(2));
    if (asked !== 'help')
      return await main(asked, fileURLToPath(import.meta.url), (text) => stdout.write(text));
    stdout.write(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}
