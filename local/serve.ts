/** `npm run cloud`: a local cloud that functions are deployed on, until it is interrupted. */
import { main } from './functiongraph/main.ts';

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
process.exitCode = await main(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  says: (line) => process.stderr.write(`${line}\n`),
  interrupted,
});
