/** Plays many histories on all workers and tells what came of it. */
import { availableParallelism } from 'node:os';
import type { StoreKind } from '../play/store.ts';
import { createCrew } from './crew.ts';
import type { Shortest } from './player.ts';
import { progressOf } from './progress.ts';
import { figure, summary } from './summary.ts';

/** The end of a trace is what shows a violation. */
const MOST_SHOWN = 200;

export interface Simulation {
  readonly histories: number;
  readonly seed: number;
  readonly store: StoreKind;
  readonly isSurvey: boolean;
}

export type Say = (line: string) => void;

/** Whether every promise was kept. */
export async function simulate(wanted: Simulation, say: Say): Promise<boolean> {
  const { histories, seed, store, isSurvey } = wanted;
  const began = performance.now();
  const crew = await createCrew(Math.min(availableParallelism(), histories));
  try {
    const progress = progressOf('simulation', histories);
    const { tally, broken } = await crew.play(
      { from: seed, count: histories, store, isSurvey },
      progress.tell,
    );
    progress.end();
    for (const one of broken) say(`seed ${one.seed}, step ${one.step}: ${one.invariant} ${one.says}`);
    const [first] = broken;
    if (first !== undefined && !isSurvey) {
      say('looking for a shorter history that shows the same …');
      for (const line of told(await crew.shorten(first, store))) say(line);
    }
    say('');
    for (const line of summary(tally)) say(line);
    say('');
    const took = Math.round((performance.now() - began) / 100) / 10;
    const played = figure(tally.counts.histories);
    say(
      broken.length === 0
        ? `✔ every promise was kept in ${played} histories from seed ${seed} on; ${took} s`
        : `✘ ${figure(broken.length)} of ${played} histories broke a promise; the first is seed ${first?.seed}, step ${first?.step}; ${took} s`,
    );
    return broken.length === 0;
  } finally {
    await crew.dismiss();
  }
}

function told({ history, lines, broken }: Shortest): readonly string[] {
  const { fleet, settings, platform, happenings, strikes, periods, calmAt, resumes } = history;
  const drawn = { fleet, settings, platform, happenings, strikes, periods, calmAt, resumes };
  return [
    `the shortest history found, of seed ${broken.seed}:`,
    ...Object.entries(drawn).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    `what happened in it${lines.length > MOST_SHOWN ? `, the last ${MOST_SHOWN} of ${lines.length} lines` : ''}:`,
    ...lines.slice(-MOST_SHOWN),
    `step ${broken.step}: ${broken.invariant} ${broken.says}`,
  ];
}
