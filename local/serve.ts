/** `npm run cloud`: a local cloud that functions are deployed on, until it is interrupted. */
import { main } from './functiongraph/main.ts';

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  if (process.env['npm_lifecycle_event'] !== undefined) endWithParent(resolve);
});
process.exitCode = await main(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  says: (line) => process.stderr.write(`${line}\n`),
  interrupted,
});

/** npm passes signals on, but not its own sudden end: nobody would know then that this still holds its ports. */
function endWithParent(end: () => void): void {
  const { ppid } = process;
  setInterval(() => {
    if (process.ppid !== ppid) end();
  }, 500).unref();
}
