/** Whether a run needs a person: now, not as things stand, or not at all. Never cries wolf, never plays down. */
import type { Reason, Run, Target } from '../types.ts';
import { holdsOf } from './sentences.ts';
import type { Attention } from './words.ts';

/** Reasons that time alone does not mend. */
const FOR_A_PERSON: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'attempts_used',
  'handed_over',
  'host_not_in_service',
  'host_gone',
  'not_authorised',
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
]);

const RANK: Readonly<Record<Attention, number>> = { none: 0, not_yet: 1, needed: 2 };

/** `sharedLedger` decides whether what is left open is taken up again: without one nothing remembers it. */
export function attentionOf(run: Run, { sharedLedger }: { readonly sharedLedger: boolean }): Attention {
  let most: Attention = run.stopped !== undefined && FOR_A_PERSON.has(run.stopped.code) ? 'needed' : 'none';
  const left: Attention = sharedLedger ? 'not_yet' : 'needed';
  if (run.state === 'watching') most = RANK[most] < RANK.not_yet ? 'not_yet' : most;
  for (const target of run.targets) {
    const attention = attentionTo(target, left);
    if (RANK[attention] > RANK[most]) most = attention;
  }
  return most;
}

function attentionTo({ progress }: Target, left: Attention): Attention {
  if (holdsOf(progress).some(({ reason }) => FOR_A_PERSON.has(reason.code))) return 'needed';
  switch (progress.state) {
    case 'recovered':
      return 'none';
    case 'rejected':
    case 'unconfirmed':
      return 'needed';
    case 'not_recovered':
      return progress.until === undefined || progress.handedOver === true ? 'needed' : left;
    case 'held':
      return progress.holds[0] !== undefined && SETTLED.has(progress.holds[0].reason.code) ? 'none' : left;
    default:
      return left;
  }
}
