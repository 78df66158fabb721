/** `npm run simulate -- --histories N --seed S`: plays histories and says whether all promises were kept. */
import { parseArgs } from 'node:util';
import { drawHistory } from './history/draw.ts';
import { play } from './play/play.ts';
import { addTally, createTally, plainTally } from './play/tally.ts';
import { playTraced } from './run/fingerprint.ts';
import { shrink } from './run/shrink.ts';

const MOST_SHOWN = 200;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Goes on after a violation and only counts. */
    survey: { type: 'boolean', default: false },
  },
});

process.exitCode = await simulate(
  numberOf('histories', values.histories),
  numberOf('seed', values.seed),
  values.survey,
);

async function simulate(histories: number, firstSeed: number, isSurvey: boolean): Promise<number> {
  const sum = createTally();
  const began = process.cpuUsage();
  let broken = 0;
  for (let seed = firstSeed; seed < firstSeed + histories; seed += 1) {
    const { tally, violation } = await play(drawHistory(seed));
    addTally(sum, plainTally(tally));
    if (violation === undefined) continue;
    broken += 1;
    say(`seed ${seed}, step ${violation.step}: ${violation.invariant} ${violation.says}`);
    if (isSurvey) continue;
    await showShortest(seed, violation.invariant);
    break;
  }
  const { counts, faults } = sum;
  const { histories: played, steps, invocations, deaths, freezes, runs, claims, restarts, reports } = counts;
  const { user, system } = process.cpuUsage(began);
  say(
    `${played} histories, ${steps} steps, ${invocations} invocations, ${deaths} crashes, ${freezes} freezes, ` +
      `${runs} runs, ${claims} claims, ${restarts} restarts, ${reports} messages; ` +
      `${Math.round((user + system) / 100_000) / 10} s of CPU`,
  );
  const struck = [...faults].sort(([one], [other]) => one.localeCompare(other));
  say(`faults: ${struck.map(([fault, count]) => `${fault} ${count}`).join(', ')}`);
  say(broken === 0 ? 'every promise was kept' : `${broken} histories broke a promise`);
  return broken === 0 ? 0 : 1;
}

async function showShortest(seed: number, invariant: string): Promise<void> {
  const shortest = await shrink(drawHistory(seed), invariant);
  const { lines, played } = await playTraced(shortest);
  const { fleet, settings, platform, happenings, strikes, periods } = shortest;
  say(
    `the shortest history found:\n${JSON.stringify({ fleet, settings, platform, happenings, strikes, periods }, null, 1)}`,
  );
  for (const line of lines.slice(-MOST_SHOWN)) say(line);
  say(`step ${played.violation?.step}: ${played.violation?.invariant} ${played.violation?.says}`);
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name}: expected a whole number, got "${text}"`);
  return Number(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
