/** Counts what came of a run's servers and puts those that need attention first. */
import type { Run, Target } from '../types.ts';
import { holdsOf, standingOf, wouldRestart } from './sentences.ts';
import type { Standing, Tally } from './words.ts';

/** What needs attention comes first; where room is short, rows are given up from the end. */
const ORDER: readonly Standing[] = [
  'not_recovered',
  'rejected',
  'unconfirmed',
  'unfinished',
  'held',
  'recovered',
];

const byId = ({ encodeServerId: first }: Target, { encodeServerId: second }: Target): number =>
  first < second ? -1 : Number(first > second);

export const byAttention = (targets: readonly Target[]): Target[] =>
  ORDER.flatMap((standing) => targets.filter(({ progress }) => standingOf(progress) === standing).sort(byId));

export const isFinished = ({ state }: Run): boolean =>
  state === 'done' || state === 'cancelled' || state === 'expired';

export function tally(run: Run): Tally {
  const counts = { recovered: 0, not_recovered: 0, rejected: 0, unconfirmed: 0, held: 0, unfinished: 0 };
  let would = 0;
  let onlyLooking: Tally['onlyLooking'];
  for (const { progress } of run.targets) {
    counts[standingOf(progress)] += 1;
    if (!wouldRestart(progress)) continue;
    would += 1;
    onlyLooking ??= holdsOf(progress)[0]?.reason.code === 'dry_run' ? 'dry_run' : 'observe';
  }
  return {
    total: run.targets.length,
    counts,
    wouldRestart: would,
    ...(onlyLooking === undefined ? {} : { onlyLooking }),
    finished: isFinished(run),
    stopped: run.stopped !== undefined,
  };
}
