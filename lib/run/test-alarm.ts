/**
 * What a test alarm comes to: a run that has ended before it begins. It has no servers and nobody can join it, so it
 * restarts nothing in any mode; CPH is asked, the run is written down and its report sent as with every alarm.
 */
import type { RestartRequest, Run } from '../types.ts';
import { newRun, type Opened } from './open.ts';
import type { World } from './world.ts';

/** @throws HuaweiError when CPH could not be asked: as with any alarm, the event may be delivered again */
export async function openTest(request: RestartRequest, world: World): Promise<Opened> {
  const { clock, cph, ledger } = world;
  const abnormal = (await cph.listEncodeServers({ status: 2 })).length;
  const now = clock.now();
  const run: Run = {
    ...newRun(request, world, now),
    state: 'cancelled',
    stopped: { code: 'test', abnormal },
    resolvedAt: now,
    endedAt: now,
  };
  if (await ledger.open(run, now)) return { kind: 'run', run };
  return { kind: 'ignored', reason: 'a test alarm that was delivered before' };
}
