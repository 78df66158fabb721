/** The patrol function: every minute, and when the webhook has accepted something. */
import { isObject, openEvent, own } from '../events/event.ts';
import { examine, type Finding } from '../lib/run/examine.ts';
import { carryOn, patrol } from '../lib/run/patrol.ts';
import { type Call, type FunctionHandler, onFunctionGraph } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';
import { after, earliest, iso, seconds } from '../lib/time.ts';
import type { Run } from '../lib/types.ts';

export interface PatrolAnswer {
  readonly runs: readonly { readonly run_id: string; readonly state: Run['state'] }[];
}

/** To `{doctor: true}`; to any other `doctor` there is nothing to find. */
export interface DoctorAnswer {
  /** By the function's clock. */
  readonly time: string;
  readonly findings: readonly Finding[];
}

/** The next minute's patrol takes over where this one stops. */
const GOES_ON_FOR = seconds(55);

export const createPatrol = (platform: Platform): FunctionHandler<PatrolAnswer | DoctorAnswer> =>
  onFunctionGraph(platform, work);

export const handler = createPatrol(functionGraph());

async function work(
  event: unknown,
  { world, until, opened: found }: Call,
): Promise<PatrolAnswer | DoctorAnswer> {
  const { clock, ledger } = world;
  const opened = openEvent(event);
  const doctor = isObject(opened) ? own(opened, 'doctor') : undefined;
  if (doctor !== undefined) {
    const { ahead, vitals } = found;
    const findings =
      doctor === true ? await examine({ world, ahead, ...(vitals === undefined ? {} : { vitals }) }) : [];
    return { time: iso(clock.now()), findings };
  }
  // Only a run in a ledger that others see too can be carried on.
  if (!ledger.shared) throw new TypeError('patrol: expected a shared ledger (LEDGER_URL), got none');
  const runId = isObject(opened) ? own(opened, 'run_id') : undefined;
  const { runs } =
    typeof runId === 'string'
      ? await carryOn(runId, world, until)
      : await patrol(world, { ...until, work: earliest(until.work, after(clock.now(), GOES_ON_FOR)) });
  return { runs: runs.map(({ runId: run_id, state }) => ({ run_id, state })) };
}
