/** What people and programs were told, by what reached a topic or stands in the log, whatever the ledger says of it. */
import type { Settings } from '../../lib/settings.ts';
import type { EpochMs } from '../../lib/time.ts';
import { hasEnded, type Progress, type Reason } from '../../lib/types.ts';
import type { Book, KnownRun, Witness } from './book.ts';

/**
 * Reasons of which nobody needs to be told by a report: none of ours, well, in other hands, or a notice says so. Not the
 * engine's list of them: that one is judged by this.
 */
const NO_NEWS: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'not_included',
  'well_again',
  'restarting_already',
  'in_flight',
  'storm',
]);

/** What somebody should have been told and was not, each in a sentence. */
export function untold(
  book: Book,
  { resultsTopic }: Settings,
  handedOver: ReadonlySet<string>,
): readonly string[] {
  const said: string[] = [];
  for (const id of unnamed(book, handedOver)) said.push(`nobody was told of ${id}`);
  if (book.owesEmptied && !isToldOfEmptied(book)) said.push('nobody was told that the ledger was emptied');
  if (resultsTopic === undefined) return said;
  for (const runId of withoutResults(book, resultsTopic))
    said.push(`the results of run ${runId} went nowhere`);
  return said;
}

/** Its invocation must be over for so long before the time in which it is to tell of an emptied ledger. */
const MARGIN = 5_000;

/** A patrol went round and came to its good end: by then it has told of a ledger that was emptied a short while ago. */
export function patrolled(book: Book, { begunAt, settings, skew }: Witness, now: EpochMs): void {
  if (book.emptiedAt === undefined || book.begunAt === undefined || begunAt <= book.emptiedAt) return;
  if (now + Math.abs(skew) + MARGIN < book.begunAt + settings.cooldown) book.owesEmptied = true;
}

function isToldOfEmptied({ model, logged, emptiedAt }: Book): boolean {
  const says = 'ledger_emptied';
  const since = model.mailbox.filter(({ at }) => emptiedAt !== undefined && at >= emptiedAt);
  return (
    since.some(({ messages }) => messages['functionstage']?.includes(says) === true) ||
    logged.some((text) => text.includes(says))
  );
}

/** Runs that restarted something, and of which the programs that wait for results got none. */
function withoutResults({ claims, runs, model, logged }: Book, topic: string): readonly string[] {
  const concluded = new Set(claims.flatMap(({ runId, state }) => (state === 'concluded' ? runId : [])));
  const texts = model.mailbox.flatMap(({ topic_urn, messages }) =>
    topic_urn === topic ? (messages['default'] ?? []) : [],
  );
  return [...concluded].filter((runId) => {
    if (runs.get(runId)?.forgotten !== false) return false;
    const isSent = texts.some((text) => text.includes(runId));
    return !isSent && !logged.some((text) => text.includes(`results/${runId}`));
  });
}

/** Servers that are held or handed over, and that no message and no log names. */
function unnamed(book: Book, handedOver: ReadonlySet<string>): readonly string[] {
  const ids = new Set([...book.runs.values()].flatMap(heldWithNews));
  // What an instance knew before the ledger was emptied may hand over what no run of now has met.
  if (book.emptiedAt === undefined) for (const id of handedOver) ids.add(id);
  if (ids.size === 0) return [];
  const texts = [...toPeople(book), ...book.logged];
  return [...ids].filter((id) => {
    const name = new RegExp(`\\b${id}\\b`);
    return !texts.some((text) => name.test(text));
  });
}

function heldWithNews({ last, forgotten }: KnownRun): readonly string[] {
  if (forgotten || !hasEnded(last)) return [];
  return last.targets.filter(({ progress }) => isNews(progress)).map(({ encodeServerId }) => encodeServerId);
}

function isNews(progress: Progress): boolean {
  const [deciding] = progress.state === 'held' ? progress.holds : [];
  return deciding !== undefined && !NO_NEWS.has(deciding.reason.code);
}

/** What went to people carries a copy for their programs; what goes to programs alone does not. */
const toPeople = ({ model }: Book): readonly string[] =>
  model.mailbox.flatMap(({ messages }) => messages['functionstage'] ?? []);
