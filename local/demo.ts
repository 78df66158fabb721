/** `npm run demo`: a local cloud, encode servers that hang, and the story of what happens then. */
import { main } from './demo/main.ts';

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', () => process.exit());
const code = await main(process.argv.slice(2), {
  write: (line) => process.stdout.write(`${line}\n`),
  complain: (text) => process.stderr.write(text),
});
// A handler that was killed has a timer in real time that would keep the process alive.
process.stdout.write('', () => process.exit(code));
