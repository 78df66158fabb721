/** Takes a request over for somebody who has seconds: written down before anything else, then handed to patrol. */
import { HuaweiError } from '../huawei/errors.ts';
import type { RestartRequest, Run } from '../types.ts';
import { drive } from './drive.ts';
import { newRun } from './open.ts';
import type { Until, World } from './world.ts';

export type Accepted =
  | { readonly kind: 'accepted'; readonly run: Run }
  /** This delivery has a run already; it may have asked for something else. */
  | { readonly kind: 'known'; readonly run: Run | undefined };

/** Without a shared ledger nobody could carry it on: the whole work is done here and now. */
export async function accept(request: RestartRequest, world: World, until: Until): Promise<Accepted> {
  const { clock, ledger } = world;
  const now = clock.now();
  const run = newRun(request, world, now);
  if (!(await ledger.open(run, now))) {
    const runId = await ledger.delivered(request.deliveryId, now);
    return { kind: 'known', run: runId === undefined ? undefined : await ledger.run(runId) };
  }
  world.log.info('run accepted', { run_id: run.runId });
  if (!ledger.shared) return { kind: 'accepted', run: (await drive(run, world, until)) ?? run };
  await wakePatrol(run, world);
  return { kind: 'accepted', run };
}

/** May fail, be lost or come twice: the next minute finds the run, and a lease has one holder. */
async function wakePatrol({ runId, request }: Run, { functionGraph, log, settings }: World): Promise<void> {
  if (settings.patrolUrn === undefined) return;
  try {
    await functionGraph.invokeAsync(settings.patrolUrn, { run_id: runId, request });
  } catch (error) {
    if (!(error instanceof HuaweiError)) throw error;
    log.warn('patrol could not be called; the next minute finds the run', {
      run_id: runId,
      code: error.code,
    });
  }
}
