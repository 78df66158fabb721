/**
 * `npm run proofs:planted [-- --seed S] [--only NAME] [--every N]`: exit code 0 if the simulation finds every planted
 * fault; with `--every`, of each N the first.
 */
import { parseArgs } from 'node:util';
import { findAll } from './find.ts';
import { PLANTED } from './index.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    every: { type: 'string', default: '1' },
  },
});
const every = Number(values.every);
if (!(every >= 1)) throw new TypeError(`--every: expected a number from 1 on, got "${values.every}"`);
const chosen = PLANTED.filter(
  ({ name }, index) => index % every === 0 && (values.only === undefined || name === values.only),
);
if (chosen.length === 0) {
  throw new TypeError(
    `--only: expected one of ${PLANTED.map(({ name }) => name).join(', ')}, got "${values.only}"`,
  );
}
const isFound = await findAll(chosen, Number(values.seed), (line) => void process.stdout.write(`${line}\n`));
process.exitCode = isFound ? 0 : 1;
