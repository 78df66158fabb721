/** Drives a run: takes its lease, carries it as far as there is time, and tells what became of it. */
import { LeaseLost } from '../ledger/ledger.ts';
import { headFacts } from '../report/facts.ts';
import { hasEnded, type Run } from '../types.ts';
import { carry, reopened } from './carry.ts';
import { keepingLease } from './keep-lease.ts';
import { finish } from './tell.ts';
import type { Until, World } from './world.ts';

/** The run as it was left; nothing when somebody else drives it. */
export async function drive(run: Run, world: World, until: Until): Promise<Run | undefined> {
  const { clock, ledger, log: logger } = world;
  const lease = await ledger.lease(run.runId, clock.now());
  if (lease === undefined) return undefined;
  const log = logger.child({ run_id: run.runId });
  const inRun = { ...world, log };
  const finished = (left: Run) => keepingLease(finish(left, lease, inRun, until.word), lease, inRun);
  try {
    // Somebody may have carried it on since it was read.
    const read = (await ledger.run(run.runId)) ?? run;
    const isOver = hasEnded(read) && read.reportedAs === undefined;
    const current = isOver ? await reopened(read, lease, inRun) : read;
    const { state, hosts, targets } = current;
    log.debug('run taken up', { state, hosts: hosts.length, targets: targets.length });
    if (hasEnded(current)) return await finished(current);
    const carried = await carry(current, lease, inRun, until);
    const { counts } = headFacts(carried);
    log.info(hasEnded(carried) ? 'run ended' : 'run unfinished', { state: carried.state, counts });
    return await finished(carried);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    log.warn('another instance drives this run by now', {});
    return undefined;
  } finally {
    await ledger.release(lease);
  }
}
