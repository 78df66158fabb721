/** What people are told at all: they are interrupted only by news. */
import { type Hold, type Progress, type Reason, type Run, type Target, TOLD_WELL } from '../types.ts';

/**
 * There is nothing to say about these: the server is none of ours, it is well, another run has it and will say, or a
 * notice says it once.
 */
const NO_NEWS: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'not_included',
  'well_again',
  'restarting_already',
  'in_flight',
  'storm',
]);

const HANDED_OVER = 'attempts/handed_over';

/**
 * Why a target is held, for telling whether people know already: the deciding guard and its reason without figures
 * and times, which change from look to look. Of a server that is handed over that is what counts, whatever else holds
 * it as well; when somebody takes it back, the ledger forgets what was told. Of one that was running it ends in
 * `TOLD_WELL`.
 */
export function heldBecause({
  progress,
  resolvedAs,
}: Pick<Target, 'progress' | 'resolvedAs'>): string | undefined {
  const hold = decidingHold(progress);
  if (hold === undefined || progress.state !== 'held') return undefined;
  if (progress.holds.some(({ reason }) => reason.code === 'handed_over')) return HANDED_OVER;
  return `${hold.guard}/${hold.reason.code}${resolvedAs === 'running' ? TOLD_WELL : ''}`;
}

/** A server and why it is held, as one word. */
export const knownAs = (encodeServerId: string, why: string): string => `${encodeServerId} ${why}`;

/**
 * Why a server will be held, by what a report of this progress says: who was told until when it waits, or that it is
 * handed over, needs not be told again when that comes true.
 */
export function toldBy(target: Pick<Target, 'progress' | 'resolvedAs'>): string | undefined {
  const { progress } = target;
  if (!('attempt' in progress) || !('endedAt' in progress)) return heldBecause(target);
  if (progress.handedOver === true) return HANDED_OVER;
  return progress.until === undefined ? undefined : 'cooldown/cooldown';
}

/**
 * `told`: why each server was held when people were last told, as `toldBy` said it. What a timer or a person asked
 * for is always answered; "alarm, nothing to do" is a log line, and so is a look of patrol.
 */
export function hasNews(run: Run, told: ReadonlyMap<string, string | undefined>): boolean {
  const { source } = run.request;
  if (source === 'timer' || source === 'http') return run.targets.length > 0 || run.stopped !== undefined;
  const { stopped, targets } = run;
  // Without permission each target says so, and is told of once.
  const isSaid = stopped?.code === 'not_authorised' && targets.length > 0;
  const wasStopped = stopped !== undefined && stopped.code !== 'nothing_found' && !isSaid;
  return wasStopped || targets.some((target) => isNews(target, told));
}

function isNews(target: Target, told: ReadonlyMap<string, string | undefined>) {
  const { encodeServerId, progress } = target;
  if ('attempt' in progress) return true;
  const code = decidingHold(progress)?.reason.code;
  if (code === undefined || NO_NEWS.has(code)) return false;
  return heldBecause(target) !== told.get(encodeServerId);
}

const decidingHold = (progress: Progress): Hold | undefined =>
  progress.state === 'held' ? progress.holds[0] : undefined;
