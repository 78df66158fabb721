/** All guards in the order in which their no counts. All are asked, so that "why not" is whole. */
import type { Hold } from '../types.ts';
import { attempts } from './attempts.ts';
import { concurrency } from './concurrency.ts';
import { cooldown } from './cooldown.ts';
import type { Guard, GuardContext } from './guard.ts';
import { host } from './host.ts';
import { mode } from './mode.ts';
import { pause } from './pause.ts';
import { scope } from './scope.ts';
import { state } from './state.ts';

export const GUARDS: readonly Guard[] = [scope, pause, state, cooldown, attempts, host, concurrency, mode];

/** Every no there is, the deciding one first; none means that the target may be restarted now. */
export function evaluate(context: GuardContext): readonly Hold[] {
  return GUARDS.flatMap((guard) => {
    const no = guard.check(context);
    return no === undefined ? [] : [{ guard: guard.name, ...no }];
  });
}
