/** Held servers that share their first reason, so many that a line each would tell nobody more than one line. */
import type { EpochMs } from '../time.ts';
import type { Hold, Reason } from '../types.ts';
import { reasonText } from './reasons.ts';
import { holdsText } from './sentences.ts';
import { moment, type Words } from './words.ts';

/** So many servers of one kind are named one by one. */
export const FEW = 10;

/** Reasons for which a person has to go to every single server. */
const NEVER_A_CROWD: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'attempts_used',
  'handed_over',
  'host_gone',
  'host_not_in_service',
]);

export interface Parted<Item> {
  /** To be named, in the order given. */
  readonly alone: readonly Item[];
  /** The deciding holds of each crowd, the largest crowd first. */
  readonly crowds: readonly (readonly Hold[])[];
}

/** `holdOf` gives the hold that decides; an item without one stands alone. */
export function parted<Item>(items: readonly Item[], holdOf: (item: Item) => Hold | undefined): Parted<Item> {
  const byCode = new Map<Reason['code'], Hold[]>();
  for (const item of items) {
    const hold = holdOf(item);
    if (hold === undefined || NEVER_A_CROWD.has(hold.reason.code)) continue;
    const sameCode = byCode.get(hold.reason.code);
    if (sameCode === undefined) byCode.set(hold.reason.code, [hold]);
    else sameCode.push(hold);
  }
  const isCrowd = (hold: Hold | undefined) =>
    hold !== undefined && (byCode.get(hold.reason.code)?.length ?? 0) > FEW;
  return {
    alone: items.filter((item) => !isCrowd(holdOf(item))),
    crowds: [...byCode.values()].filter(({ length }) => length > FEW).sort((a, b) => b.length - a.length),
  };
}

/** `313 servers: the run ended before its turn came`; in short, where the figures differ from server to server. */
export function crowdLine(holds: readonly Hold[], words: Words): string {
  const [first] = holds;
  if (first === undefined) return '';
  const text = reasonText(first.reason, words);
  const until = first.until;
  const isOne = holds.every((hold) => hold.until === until && reasonText(hold.reason, words) === text);
  if (isOne) return words.crowd(holds.length, holdsText([first], words));
  const soonest = holds.reduce<EpochMs | undefined>(
    (least, hold) => (least === undefined || (hold.until ?? least) < least ? hold.until : least),
    undefined,
  );
  const parts = [words.short[first.reason.code]];
  if (soonest !== undefined) parts.push(words.firstNotBefore(moment(soonest)));
  return words.crowd(holds.length, words.join(parts));
}
