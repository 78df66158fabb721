/** The patrol function: every minute, and when the webhook has accepted something. */
import { isObject, openEvent, own } from '../events/event.ts';
import { type LedgerMemory, ledgerAnswered, tellIfLedgerAway } from '../lib/run/ledger-away.ts';
import { carryOn, patrol } from '../lib/run/patrol.ts';
import { type Call, type FunctionHandler, onFunctionGraph, type Work } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';
import { after, earliest, seconds } from '../lib/time.ts';
import type { Run } from '../lib/types.ts';

export interface PatrolAnswer {
  readonly runs: readonly { readonly run_id: string; readonly state: Run['state'] }[];
}

/** The next minute's patrol takes over where this one stops. */
const GOES_ON_FOR = seconds(55);

export const createPatrol = (platform: Platform): FunctionHandler<PatrolAnswer> =>
  onFunctionGraph(platform, patrolWork({}));

export const handler = createPatrol(functionGraph());

/** Its own work, without what FunctionGraph wraps around it. `memory`: what an instance knows of its ledger by itself. */
export function patrolWork(memory: LedgerMemory): Work<PatrolAnswer> {
  return async function patrolOrTell(event, call) {
    const { world, until } = call;
    const runId = runIdIn(event);
    const begunAt = world.clock.now();
    try {
      const answer = await work(runId, call);
      ledgerAnswered(memory);
      return answer;
    } catch (error) {
      // One voice is enough: the minute's own. That the invocation fails lets the platform deliver it again.
      if (runId === undefined) await tellIfLedgerAway(error, begunAt, memory, world, until);
      throw error;
    }
  };
}

function runIdIn(event: unknown): string | undefined {
  const opened = openEvent(event);
  const runId = isObject(opened) ? own(opened, 'run_id') : undefined;
  return typeof runId === 'string' ? runId : undefined;
}

async function work(runId: string | undefined, { world, until }: Call): Promise<PatrolAnswer> {
  const { clock, ledger } = world;
  // Only a run in a ledger that others see too can be carried on.
  if (!ledger.shared) throw new TypeError('patrol: expected a shared ledger (LEDGER_URL), got none');
  const { runs } =
    runId !== undefined
      ? await carryOn(runId, world, until)
      : await patrol(world, { ...until, work: earliest(until.work, after(clock.now(), GOES_ON_FOR)) });
  return { runs: runs.map(({ runId: run_id, state }) => ({ run_id, state })) };
}
