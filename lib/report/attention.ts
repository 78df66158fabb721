/** Whether a run needs a person: now, not as things stand, or not at all. Never cries wolf, never plays down. */
import { type Hold, hasEnded, type Reason, type Run, type Target } from '../types.ts';
import { heldBecause, knownAs } from './news.ts';
import type { ReportOptions } from './options.ts';
import { holdsOf } from './sentences.ts';
import type { Attention } from './words.ts';

/** Reasons that time alone does not mend; those with a notice of their own are left to it. */
const FOR_A_PERSON: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'attempts_used',
  'fleet_shrank',
  'handed_over',
  'host_gone',
  'not_authorised',
  'turned_away',
]);

/** Reasons of which people are told in a notice of their own, as soon as one is due. */
export const HAS_A_NOTICE: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'storm',
  'ledger_emptied',
  'host_not_in_service',
]);

/** First reasons that leave nothing to do: well, somebody's wish, or in other hands. */
const SETTLED: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'not_included',
  'excluded',
  'paused',
  'well_again',
  'restarting_already',
  'unavailable',
  'gone',
  'in_flight',
  'observe',
  'dry_run',
  'test',
  'nothing_found',
]);

/** Somebody took these out of our hands: what else is the matter with them is not ours to call a person for. */
const NOT_OURS: ReadonlySet<Reason['code']> = new Set<Reason['code']>(['not_included', 'excluded']);

const NOTHING: ReadonlySet<string> = new Set();

export const RANK: Readonly<Record<Attention, number>> = { none: 0, not_yet: 1, needed: 2 };

export const most = (first: Attention, second: Attention): Attention =>
  RANK[first] < RANK[second] ? second : first;

/** Whether one of the reasons needs a person: not only the one that decides, as the others stay when it goes. */
export const holdsNeedPerson = (holds: readonly Hold[]): boolean => {
  const [first] = holds;
  if (first === undefined || NOT_OURS.has(first.reason.code)) return false;
  return holds.some(({ reason }) => FOR_A_PERSON.has(reason.code));
};

/** `left`: what it is when time or a next look takes it up again. */
export function attentionToHeld(holds: readonly Hold[], left: Attention): Attention {
  if (holdsNeedPerson(holds)) return 'needed';
  const [first] = holds;
  // For minutes nobody could look: it may be hanging still.
  if (first?.reason.code === 'unchecked' && left !== 'none') return 'needed';
  return first !== undefined && SETTLED.has(first.reason.code) ? 'none' : left;
}

/** `sharedLedger` decides whether what is left open is taken up again: without one nothing remembers it. */
export function attentionOf(
  run: Run,
  { sharedLedger, known = NOTHING }: Pick<ReportOptions, 'sharedLedger' | 'known'>,
): Attention {
  const left: Attention = sharedLedger ? 'not_yet' : 'needed';
  let attention: Attention = 'none';
  if (run.stopped !== undefined && FOR_A_PERSON.has(run.stopped.code)) attention = 'needed';
  if (run.state === 'watching') attention = most(attention, 'not_yet');
  else if (!hasEnded(run)) attention = most(attention, left);
  for (const target of run.targets) {
    const why = heldBecause(target);
    const isKnown = why !== undefined && known.has(knownAs(target.encodeServerId, why));
    if (!isKnown) attention = most(attention, attentionTo(target, left));
  }
  return attention;
}

function attentionTo(target: Target, left: Attention): Attention {
  const { progress } = target;
  if (holdsNeedPerson(holdsOf(progress))) return 'needed';
  switch (progress.state) {
    case 'recovered':
      return 'none';
    case 'rejected':
    case 'unconfirmed':
      return 'needed';
    case 'not_recovered':
      return progress.until === undefined || progress.handedOver === true ? 'needed' : left;
    case 'held':
      return attentionToHeld(progress.holds, isHealthy(target) ? 'none' : left);
    default:
      return left;
  }
}

/** Planned work: a healthy server that was not restarted is still a healthy server. */
const isHealthy = ({ resolvedAs, named }: Target): boolean => resolvedAs === 'running' && !named;
