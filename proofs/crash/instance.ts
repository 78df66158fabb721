/** An instance that dies where a play's effects strike it. */

import type { LocalPlatform } from '../../local/ground.ts';
import { type InTurn, mortal as mortalOn } from '../../local/mortal.ts';
import type { Effects } from './effects.ts';
import { operationOf } from './operation.ts';

export type { InTurn } from '../../local/mortal.ts';

/** One after the other: the same play has the same order. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

export const mortal = (
  platform: LocalPlatform,
  functionName: string,
  effects: Effects,
  takeTurn: InTurn,
): LocalPlatform =>
  mortalOn(
    platform,
    {
      begin: (does) => effects.begin(functionName, typeof does === 'string' ? does : operationOf(does)),
      isStruck: effects.isStruck,
    },
    takeTurn,
  );
