/** `npm run docs:scenarios`: writes docs/scenarios.md from real runs; `--check` only says whether it still fits. */
import { SCENARIOS } from '../local/scenarios/index.ts';
import { main } from '../local/scenarios/main.ts';

const { stderr, stdout } = process;

const code = await main(process.argv.slice(2), {
  scenarios: SCENARIOS,
  file: 'docs/scenarios.md',
  print: (text) => stdout.write(text),
  progress: (text) => stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : ''),
});
if (stderr.isTTY) stderr.write('\r\u001b[K');
// The handler that a scenario kills has a timer in real time that would keep the process alive for an hour.
stdout.write('', () => process.exit(code));
