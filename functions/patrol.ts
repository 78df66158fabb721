/** The patrol function: every minute, and when the webhook has accepted something. */
import { isObject, openEvent, own } from '../events/event.ts';
import { examine, type Finding } from '../lib/run/examine.ts';
import { type LedgerMemory, ledgerAnswered, tellIfLedgerAway } from '../lib/run/ledger-away.ts';
import { carryOn, patrol } from '../lib/run/patrol.ts';
import { type Call, type FunctionHandler, onFunctionGraph, type Work } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';
import { after, earliest, iso, seconds } from '../lib/time.ts';
import type { Run } from '../lib/types.ts';

export interface PatrolAnswer {
  readonly runs: readonly { readonly run_id: string; readonly state: Run['state'] }[];
}

/** To `{doctor: true}`; to any other `doctor` but a test there is nothing to find. */
export interface DoctorAnswer {
  /** By the function's clock. */
  readonly time: string;
  readonly findings: readonly Finding[];
}

/** To `{doctor: {test: <id>}}`: what became of the test alarm of that id. */
export interface TestAnswer {
  /** Null: no run of it is in the ledger. */
  readonly test: { readonly run_id: string; readonly reported_as: string | null } | null;
}

/** The next minute's patrol takes over where this one stops. */
const GOES_ON_FOR = seconds(55);

export const createPatrol = (platform: Platform): FunctionHandler<PatrolAnswer | DoctorAnswer | TestAnswer> =>
  onFunctionGraph(platform, patrolWork({}));

export const handler = createPatrol(functionGraph());

/** Its own work, without what FunctionGraph wraps around it. `memory`: what an instance knows of its ledger by itself. */
export function patrolWork(memory: LedgerMemory): Work<PatrolAnswer | DoctorAnswer | TestAnswer> {
  return async function patrolOrTell(event, call) {
    const opened = openEvent(event);
    const told = isObject(opened) ? opened : {};
    const doctor = own(told, 'doctor');
    const test = isObject(doctor) ? own(doctor, 'test') : undefined;
    if (typeof test === 'string') return tested(test, call);
    if (doctor !== undefined) return examined(doctor === true, call);
    const { world, until } = call;
    const given = own(told, 'run_id');
    const runId = typeof given === 'string' ? given : undefined;
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

/** Whether everything that the functions stand on answers; nothing is looked for when that was not asked. */
async function examined(isAsked: boolean, { world, opened: { ahead, vitals } }: Call): Promise<DoctorAnswer> {
  const findings = isAsked
    ? await examine({ world, ahead, ...(vitals === undefined ? {} : { vitals }) })
    : [];
  return { time: iso(world.clock.now()), findings };
}

async function tested(id: string, { world: { clock, ledger } }: Call): Promise<TestAnswer> {
  const runId = await ledger.delivered(id, clock.now());
  const run = runId === undefined ? undefined : await ledger.run(runId);
  return {
    test: run === undefined ? null : { run_id: run.runId, reported_as: run.reportedAs ?? null },
  };
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
