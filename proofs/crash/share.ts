/** Plays one worker's share of the kills of a scenario: every so-manieth, so that all shares take as long. */
import type { PlayOptions } from './play.ts';
import type { Scenario } from './scenario.ts';
import { type Broken, boundariesOf, type Kill, killsAt, playKill, type Row } from './table.ts';

export interface Share {
  /** From 0. */
  readonly worker: number;
  readonly workers: number;
  /** Only these. */
  readonly wanted?: (kill: Kill) => boolean;
  readonly plant?: PlayOptions['plant'];
  /** Told after every kill. */
  readonly played?: () => void;
}

export async function playShare(scenario: Scenario, share: Share): Promise<Row> {
  const { worker, workers, wanted = () => true, plant, played } = share;
  const { effects, broken: undisturbed } = await boundariesOf(scenario, plant);
  const all = effects.flatMap((effect) => killsAt(scenario, effect).map((kill) => ({ effect, kill })));
  const own = all.filter(({ kill }) => wanted(kill)).filter((_, index) => index % workers === worker);
  // What is wrong without a death is wrong for all: the first worker tells.
  const broken: Broken[] = worker === 0 ? [...undisturbed] : [];
  for (const { effect, kill } of own) {
    const found = await playKill(scenario, effect, kill, plant);
    if (found !== undefined) broken.push(found);
    played?.();
  }
  return { scenario: scenario.name, boundaries: effects.length, kills: own.length, broken };
}

/** The rows of all workers as one table. */
export function together(shares: readonly (readonly Row[])[]): readonly Row[] {
  const [first = []] = shares;
  return first.map((row, index) => {
    const same = shares.flatMap((rows) => rows[index] ?? []);
    const counts = new Set(same.map(({ boundaries }) => boundaries));
    const differ: Broken[] =
      counts.size === 1
        ? []
        : [
            {
              scenario: row.scenario,
              place: 'nobody dies',
              says: [`expected the same play twice, got ${[...counts].join(' and ')} effects`],
            },
          ];
    return {
      ...row,
      kills: same.reduce((sum, { kills }) => sum + kills, 0),
      broken: [...differ, ...same.flatMap(({ broken }) => broken)],
    };
  });
}
