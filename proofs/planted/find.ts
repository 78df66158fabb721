/** Whether the simulation finds each planted fault, and after how many histories. */
import { availableParallelism } from 'node:os';
import { createCrew } from '../run/crew.ts';
import { progressOf } from '../run/progress.ts';
import { figure } from '../run/summary.ts';
import type { Planted } from './planted.ts';

const WITHIN = 20_000;

export async function findAll(
  planted: readonly Planted[],
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const name = Math.max(...planted.map((one) => one.name.length));
  let begun = 0;
  let missed = 0;
  const lane = async (): Promise<void> => {
    for (let one = planted[begun++]; one !== undefined; one = planted[begun++]) {
      const found = await find(one, seed);
      if (found === undefined) missed += 1;
      say(
        `${found === undefined ? '✘' : '✔'} ${one.name.padEnd(name)}  ${found ?? `NOT FOUND in ${figure(WITHIN)} histories`}  (${one.does})`,
      );
    }
  };
  // A fault a core: while one is bundled another is looked for.
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  say(
    missed === 0
      ? `✔ each of ${planted.length} planted faults was found`
      : `✘ ${missed} of ${planted.length} planted faults were not found`,
  );
  return missed === 0;
}

/** What shows it. */
async function find({ name, changes }: Planted, seed: number): Promise<string | undefined> {
  const crew = await createCrew(1, changes);
  try {
    const range = { from: seed, count: WITHIN, store: 'memory', isSurvey: false } as const;
    const progress = progressOf(name, WITHIN);
    const { tally, broken } = await crew.play(range, progress.tell);
    progress.end();
    const [first] = broken;
    if (first === undefined) return undefined;
    return `${figure(tally.counts.histories)} histories: seed ${first.seed}, step ${first.step}: ${first.invariant} ${first.says}`;
  } finally {
    await crew.dismiss();
  }
}
