/** Counts what came of a run's servers and puts those that need attention first. */
import { hasEnded, type Reason, type Run, type Target } from '../types.ts';
import { holdsNeedPerson } from './attention.ts';
import { holdsOf, standingOf, wouldRestart } from './sentences.ts';
import type { Kind, Standing, Tally } from './words.ts';

/** What needs attention comes first; where room is short, rows are given up from the end. */
export const ORDER: readonly Standing[] = [
  'not_recovered',
  'rejected',
  'unconfirmed',
  'unfinished',
  'held',
  'recovered',
];

const byId = ({ encodeServerId: first }: Target, { encodeServerId: second }: Target): number =>
  first < second ? -1 : Number(first > second);

/** Of the held, those that need a person come first. */
const rankOf = ({ progress }: Target): number => (holdsNeedPerson(holdsOf(progress)) ? 0 : 1);

export const byAttention = (targets: readonly Target[]): Target[] =>
  ORDER.flatMap((standing) => ofStanding(targets, standing));

export const ofStanding = (targets: readonly Target[], standing: Standing): Target[] =>
  targets
    .filter(({ progress }) => standingOf(progress) === standing)
    .map((target) => ({ target, rank: rankOf(target) }))
    .sort((first, second) => first.rank - second.rank || byId(first.target, second.target))
    .map(({ target }) => target);

/** What a run is to people: repair, or planned work by the clock or by a call. */
export function kindOf({ request }: Pick<Run, 'request'>): Kind {
  if (request.selector.kind !== 'all') return 'repair';
  return request.source === 'timer' ? 'nightly' : 'rolling';
}

export const tally = (run: Run): Tally => ({
  ...tallyTargets(run.targets),
  kind: kindOf(run),
  stage: hasEnded(run) ? 'finished' : run.state === 'resolving' ? 'resolving' : 'open',
  ...(run.stopped === undefined ? {} : { stopped: run.stopped.code }),
});

export function tallyTargets(targets: readonly Target[]): Omit<Tally, 'kind' | 'stage' | 'stopped'> {
  const counts = { recovered: 0, not_recovered: 0, rejected: 0, unconfirmed: 0, held: 0, unfinished: 0 };
  const reasons = new Map<Reason['code'], number>();
  let would = 0;
  let onlyLooking: Tally['onlyLooking'];
  for (const { progress } of targets) {
    counts[standingOf(progress)] += 1;
    if (progress.state !== 'held') continue;
    const code = holdsOf(progress)[0]?.reason.code;
    if (wouldRestart(progress)) {
      would += 1;
      onlyLooking ??= code === 'dry_run' ? 'dry_run' : 'observe';
    } else if (code !== undefined) reasons.set(code, (reasons.get(code) ?? 0) + 1);
  }
  const [mostly] = [...reasons].sort(([, first], [, second]) => second - first);
  return {
    total: targets.length,
    counts,
    wouldRestart: would,
    ...(onlyLooking === undefined ? {} : { onlyLooking }),
    ...(mostly === undefined
      ? {}
      : { heldFor: { code: mostly[0], isAll: mostly[1] === counts.held - would } }),
  };
}
