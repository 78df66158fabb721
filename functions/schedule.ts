/** The schedule function: a timer restarts what it selects, by default all servers, a few at a time. */
import { isProblem } from '../events/event.ts';
import { readTimerEvent } from '../events/timer.ts';
import { timerRequest } from '../lib/intake/timer.ts';
import { drive } from '../lib/run/drive.ts';
import { open } from '../lib/run/open.ts';
import { type Call, type FunctionHandler, onFunctionGraph } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';
import type { Run } from '../lib/types.ts';

export interface ScheduleAnswer {
  readonly runs: readonly { readonly run_id: string; readonly state: Run['state'] }[];
  readonly ignored: readonly { readonly reason: string }[];
}

export const createSchedule = (platform: Platform): FunctionHandler<ScheduleAnswer> =>
  onFunctionGraph(platform, schedule);

export const handler = createSchedule(functionGraph());

/** Its own work, without what FunctionGraph wraps around it. */
export async function schedule(event: unknown, { world, until }: Call): Promise<ScheduleAnswer> {
  const { log } = world;
  const timer = readTimerEvent(event);
  const request = isProblem(timer) ? timer : timerRequest(timer);
  // A timer that cannot be read would be silent every night: the platform tells of a failure.
  if (isProblem(request)) throw new TypeError(request.problem);
  const opened = await open(request, world);
  if (opened.kind === 'ignored') {
    log.info('timer ignored', { reason: opened.reason });
    return { runs: [], ignored: [{ reason: opened.reason }] };
  }
  const { run } = opened;
  log.info('run opened', { run_id: run.runId, state: run.state, targets: run.targets.length });
  const { runId, state } = (await drive(run, world, until)) ?? run;
  return { runs: [{ run_id: runId, state }], ignored: [] };
}
