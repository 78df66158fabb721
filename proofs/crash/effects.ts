/** Counts where instances meet the world, and says where one of them is struck down. */

/** One meeting of an instance with the world: a step of the ledger, or an HTTP call. */
export interface Effect {
  /** In the order of the play, from 1. */
  readonly number: number;
  /** The function that was called. */
  readonly functionName: string;
  /** `ledger claim`, `RestartEncodeServer`, … */
  readonly does: string;
}

/** Where an instance dies: right before an effect, or right after it, before it has seen what came of it. */
export interface Strike {
  readonly effect: number;
  readonly side: Side;
}

export type Side = 'before' | 'after';

export interface Effects {
  /** Those of the play so far. */
  readonly all: readonly Effect[];
  /** What the strike hit; absent: nothing yet. */
  readonly struck: () => Effect | undefined;
  begin(functionName: string, does: string): Effect;
  isStruck(effect: Effect, side: Side): boolean;
}

export function countEffects(strike?: Strike): Effects {
  const all: Effect[] = [];
  let struck: Effect | undefined;
  return {
    all,
    struck: () => struck,
    begin(functionName, does) {
      const effect = { number: all.length + 1, functionName, does };
      all.push(effect);
      return effect;
    },
    isStruck(effect, side) {
      const isHit = strike?.effect === effect.number && strike.side === side;
      if (isHit) struck = effect;
      return isHit;
    },
  };
}

export const placeOf = ({ number, functionName, does }: Effect): string =>
  `effect ${number} (${functionName}: ${does})`;
