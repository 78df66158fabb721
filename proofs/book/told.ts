/** What people and programs were told, by what reached a topic or stands in the log, whatever the ledger says of it. */
import { hasEnded, type Progress, type Reason } from '../../lib/types.ts';
import type { Book, KnownRun } from './book.ts';

/** Reasons of which nobody needs to be told by a report: none of ours, well, in other hands, or a notice says so. */
const NO_NEWS: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'not_included',
  'well_again',
  'restarting_already',
  'in_flight',
  'storm',
]);

/** What somebody should have been told and was not, each in a sentence. */
export function untold(book: Book, handedOver: ReadonlySet<string>): readonly string[] {
  const said: string[] = [];
  for (const id of unnamed(book, handedOver)) said.push(`nobody was told of ${id}`);
  return said;
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
