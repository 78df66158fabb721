/**
 * The same tries each time, so that a commit that passed passes again; `FUZZ_SEED=random`, or a number, draws others.
 * A failed property prints its seed in any case.
 */
import fc from 'fast-check';

const wanted = process.env['FUZZ_SEED'] ?? '1';
const isNumber = /^\d{1,9}$/.test(wanted);
if (!isNumber && wanted !== 'random')
  throw new TypeError(`FUZZ_SEED: expected a number or "random", got "${wanted}"`);
if (isNumber) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
