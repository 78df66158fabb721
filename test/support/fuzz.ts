/** How many tries a fuzzed property gets: a few while one works, `FUZZ` times as many where there is time. */
const factor = Number(process.env['FUZZ'] ?? 1);
if (!(factor >= 1)) throw new TypeError(`FUZZ: expected a number from 1 on, got "${process.env['FUZZ']}"`);

export const tries = (few: number): number => Math.round(few * factor);
