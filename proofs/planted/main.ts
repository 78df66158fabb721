/** `npm run proofs:planted [-- --seed S] [--only NAME]`: exit code 0 if the simulation finds every planted fault. */
import { parseArgs } from 'node:util';
import { findAll } from './find.ts';
import { PLANTED } from './index.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const chosen = PLANTED.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  throw new TypeError(
    `--only: expected one of ${PLANTED.map(({ name }) => name).join(', ')}, got "${values.only}"`,
  );
}
const isFound = await findAll(chosen, Number(values.seed), (line) => void process.stdout.write(`${line}\n`));
process.exitCode = isFound ? 0 : 1;
