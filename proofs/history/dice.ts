/** Random choices that depend on a seed and on nothing else. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Dice {
  /** From `least` to `most`, both possible. */
  int(least: number, most: number): number;
  /** True so often out of a hundred. */
  chance(percent: number): boolean;
  of<Value>(values: readonly Value[]): Value;
}

export function diceOf(seed: number): Dice {
  const generator = xoroshiro128plus(seed);
  const int = (least: number, most: number): number =>
    most <= least ? least : uniformInt(generator, least, most);
  return {
    int,
    chance: (percent) => int(0, 99) < percent,
    of<Value>(values: readonly Value[]): Value {
      return values[int(0, values.length - 1)] as Value;
    },
  };
}
