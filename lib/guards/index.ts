/** All guards in the order in which their no counts. All are asked, so that "why not" is whole. */
import { type Hold, OVERRIDABLE, type Reason } from '../types.ts';
import { attempts } from './attempts.ts';
import { concurrency } from './concurrency.ts';
import { cooldown } from './cooldown.ts';
import { errors } from './errors.ts';
import type { Guard, GuardContext } from './guard.ts';
import { host } from './host.ts';
import { inventory } from './inventory.ts';
import { ledger } from './ledger.ts';
import { mode } from './mode.ts';
import { pause } from './pause.ts';
import { scope } from './scope.ts';
import { settling } from './settling.ts';
import { stale } from './stale.ts';
import { state } from './state.ts';
import { storm } from './storm.ts';
import { unavailable } from './unavailable.ts';
import { window } from './window.ts';

export const GUARDS: readonly Guard[] = [
  scope,
  ledger,
  pause,
  stale,
  window,
  inventory,
  storm,
  state,
  settling,
  cooldown,
  attempts,
  errors,
  host,
  unavailable,
  concurrency,
  mode,
];

/** Every no there is, the deciding one first; none means that the target may be restarted now. */
export function evaluate(context: GuardContext): readonly Hold[] {
  return GUARDS.flatMap((guard) => {
    const no = guard.check(context);
    if (no === undefined || isOverridden(guard, no.reason, context)) return [];
    return [{ guard: guard.name, ...no }];
  });
}

/** A named person's word, for the ids that they named; but nobody restarts what is being restarted already. */
function isOverridden(
  { name }: Guard,
  { code }: Reason,
  { request: { override }, target }: GuardContext,
): boolean {
  if (override === undefined || !target.named || code === 'in_flight') return false;
  return OVERRIDABLE.some((guard) => guard === name && override.guards.includes(guard));
}
