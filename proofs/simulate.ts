/**
 * `npm run simulate -- --histories N --seed S [--ledger redis]`: plays histories and says whether all promises were
 * kept; exit code 1 if not. A seed always gives the same history.
 */
import { parseArgs } from 'node:util';
import { storeFor } from './run/redis-for.ts';
import { simulate } from './run/simulation.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    ledger: { type: 'string', default: 'memory' },
    /** Goes on after a violation and only counts. */
    survey: { type: 'boolean', default: false },
  },
});

const wanted = {
  histories: numberOf('histories', values.histories),
  seed: numberOf('seed', values.seed),
  isSurvey: values.survey,
};
const { store, end } = await storeFor(values.ledger);
try {
  const isKept = await simulate({ ...wanted, store }, (line) => void process.stdout.write(`${line}\n`));
  process.exitCode = isKept ? 0 : 1;
} finally {
  await end();
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name}: expected a whole number, got "${text}"`);
  return Number(text);
}
