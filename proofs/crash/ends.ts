/** What has to be true in the end: I7, I8, I9, and that the report tells what happened. */
import type { LedgerState } from '../../lib/ledger/state.ts';
import type { Letter } from '../../lib/messages.ts';
import { type RunFacts, runFacts } from '../../lib/report/facts.ts';
import type { EpochMs } from '../../lib/time.ts';
import { hasEnded, type Run } from '../../lib/types.ts';
import { type Book, openClaims, RUNNING, type Violation } from './book.ts';
import { statusOf } from './judge.ts';

/** Everything that is not as it has to be; nothing when the play has come to its good end. */
export function missing(book: Book, state: LedgerState, now: EpochMs): readonly Violation[] {
  return [...unended(book, state), ...untold(book, state), ...unwell(book, now)];
}

function unended(book: Book, { runs, inFlight }: LedgerState): readonly Violation[] {
  const miss = (says: string): Violation => ({ invariant: 'I7', says });
  const lost = [...book.runs.keys()].filter((runId) => !runs.has(runId));
  return [
    ...[...runs.values()]
      .filter((run) => !hasEnded(run))
      .map(({ runId, state }) => miss(`run ${runId} is still ${state}`)),
    ...lost.map((runId) => miss(`run ${runId} is not in the ledger any more`)),
    ...[...inFlight.values()].map(({ encodeServerId }) =>
      miss(`the intent of ${encodeServerId} is in the ledger and has no outcome`),
    ),
    ...openClaims(book).map(({ id, runId }) => miss(`the claim of ${id} in run ${runId} has no outcome`)),
  ];
}

function untold(book: Book, { runs, letters }: LedgerState): readonly Violation[] {
  const miss = (says: string): Violation => ({ invariant: 'I8', says });
  const found: Violation[] = [];
  for (const run of runs.values()) {
    if (!hasEnded(run)) continue;
    if (run.reportedAs === undefined) found.push(miss(`run ${run.runId} has ended and is not reported`));
    else if (isOwed(book, run)) found.push(...wrongIn(book, run).map(miss));
  }
  for (const { letter, fate } of letters.values()) {
    if (fate === 'sent' && !arrived(book, letter)) {
      found.push(miss(`the letter ${letter.letterId} counts as sent, and SMN never had it`));
    }
    if (fate === 'unsent') found.push(miss(`the letter ${letter.letterId} is not sent`));
    if (fate === 'undeliverable')
      found.push(miss(`the letter ${letter.letterId} is undeliverable, though SMN is well`));
  }
  return found;
}

function arrived({ model }: Book, { topicUrn, messageStructure }: Letter): boolean {
  const { functionstage } = JSON.parse(messageStructure) as { readonly functionstage?: string };
  return model.mailbox.some(
    ({ topic_urn, messages }) => topic_urn === topicUrn && messages['functionstage'] === functionstage,
  );
}

/** A run that restarted something; one that a timer or a person asked for is always answered. */
function isOwed({ claims }: Book, { runId, request: { source }, targets }: Run): boolean {
  const isAsked = (source === 'timer' || source === 'http') && targets.length > 0;
  return isAsked || claims.some((claim) => claim.runId === runId && claim.maybeAccepted);
}

/** A report of this run that names each restart with what came of it: in SMN, or in full in the log. */
function wrongIn({ model, logged }: Book, run: Run): readonly string[] {
  const texts = [...model.mailbox.flatMap(({ messages }) => messages['functionstage'] ?? []), ...logged];
  const told = texts.flatMap((text) => reportsIn(JSON.parse(text), run.runId));
  if (told.length === 0) return [`nobody was told of run ${run.runId}`];
  const rows = told.flatMap(({ restarts }) =>
    restarts.map(({ encode_server_id, outcome }) => `${encode_server_id} ${outcome}`),
  );
  return runFacts(run)
    .restarts.filter(({ attempt }) => attempt !== null)
    .filter(({ encode_server_id, outcome }) => !rows.includes(`${encode_server_id} ${outcome}`))
    .map(({ encode_server_id, outcome }) => {
      return `no report of run ${run.runId} says that ${encode_server_id} is ${outcome}`;
    });
}

/** What a message for machines tells of a run, wherever in the message that stands. */
function reportsIn(value: unknown, runId: string): readonly Pick<RunFacts, 'restarts'>[] {
  if (typeof value !== 'object' || value === null) return [];
  const facts = value as Partial<RunFacts>;
  if (facts.run_id === runId && facts.restarts !== undefined) return [{ restarts: facts.restarts }];
  return Object.values(value).flatMap((inner) => reportsIn(inner, runId));
}

/** Every server that a restart can mend, and may, is running; the others are handed over. */
function unwell(book: Book, now: EpochMs): readonly Violation[] {
  return [...book.model.servers.values()].flatMap(({ row: { encode_server_id: id, server_id, status } }) => {
    const isOurs = (status === 1 || status === 2) && !isExcluded(book, id, server_id);
    if (!isOurs || statusOf(book, id, now) === RUNNING || book.handedOver(id)) return [];
    return [{ invariant: 'I9' as const, says: `${id} does not run and is handed over to nobody` }];
  });
}

const isExcluded = ({ settings: { exclude } }: Book, id: string, serverId: string): boolean =>
  exclude.includes(id) || exclude.includes(serverId);
