/** Judges every restart call that reaches CPH: I1, I4, I6. */
import type { EpochMs } from '../../lib/time.ts';
import type { FailureKind } from '../../lib/types.ts';
import { isMeantThoughWell } from './answers.ts';
import {
  type Book,
  type Claim,
  isLeftOut,
  isNamed,
  type KnownRun,
  SIGHT_LASTS,
  violate,
  type Witness,
} from './book.ts';

const RUNNING = 1;
const ABNORMAL = 2;
/** A look is acted on within 15 s of its end; how long it took is not said. */
const ACTED_WITHIN = 20_000;

/** The call leaves: everything that has to be known of it is in the ledger by now. */
export function posted(book: Book, witness: Witness, ids: readonly string[], now: EpochMs): void {
  for (const id of ids) {
    const claim = claimBehind(book, witness, id);
    if (claim === undefined) {
      violate(book, 'I6', `${id} is called for without an intent in the ledger`, now);
      continue;
    }
    if (claim.posts > 0) {
      const which = claim.maybeAccepted ? 'I1' : 'I6';
      violate(book, which, `${id} is called for again on one claim`, now);
    }
    claim.posts += 1;
    const run = book.runs.get(claim.runId);
    if (run !== undefined) judgeTarget(book, run, claim, now);
  }
}

/** What came of it, for each id: nothing means that it was accepted, or that nobody knows. */
export function answered(
  book: Book,
  witness: Witness,
  ids: readonly string[],
  failureOf: (id: string) => FailureKind | undefined,
  now: EpochMs,
): void {
  for (const id of ids) {
    const failure = failureOf(id);
    const claim = claimBehind(book, witness, id);
    if (claim === undefined || (failure !== undefined && failure !== 'lost')) continue;
    claim.maybeAccepted = true;
    judgeCooldown(book, claim, now);
  }
}

/** The newest claim of that invocation: a call that was frozen for long is still made on its own. */
function claimBehind(book: Book, witness: Witness, id: string): Claim | undefined {
  const claims = book.claimsOf.get(id) ?? [];
  const own = claims.findLast((claim) => claim.witness === witness);
  return own?.state === 'given_back' ? undefined : own;
}

/** A claim is used within five seconds of being asked for; later ones are given back. */
const USED_WITHIN = 5_000;

/** Exactly, by the time that the ledger goes by; and by the world's, as far as instances may misjudge that. */
function judgeCooldown(book: Book, claim: Claim, now: EpochMs): void {
  const { cooldown } = claim;
  if (claim.override?.guards.includes('cooldown') === true) return;
  const earlier = book.claimsOf.get(claim.id)?.findLast((other) => other !== claim && other.maybeAccepted);
  if (earlier === undefined) return;
  const misjudged = USED_WITHIN + Math.abs(claim.witness.skew) + Math.abs(earlier.witness.skew);
  const isCool = claim.askedAt - earlier.askedAt >= cooldown && claim.at - earlier.at >= cooldown - misjudged;
  if (isCool) return;
  // A ledger that was emptied holds everything for one cooldown but what a person names.
  const run = book.runs.get(claim.runId);
  const isPersons = run?.request.source === 'http' && isNamed(run, claim.id);
  const isForgotten = book.emptiedAt !== undefined && earlier.at <= book.emptiedAt;
  if (isForgotten && isPersons) return;
  const apart = Math.round((claim.at - earlier.at) / 1_000);
  violate(book, 'I1', `${claim.id} is restarted again after ${apart} s of ${cooldown / 1_000} s`, now);
}

function judgeTarget(book: Book, run: KnownRun, claim: Claim, now: EpochMs): void {
  const { id, serverId, witness, shown } = claim;
  const isNowExcluded = book.excluded.has(id) || book.excluded.has(serverId);
  if (!isNowExcluded && isLeftOut(book, witness, id, serverId)) {
    violate(book, 'I4', `${id} is called for though the settings leave it out`, now);
  }
  const { selector } = run.request;
  if (!isNamed(run, id) && !run.joined.has(id) && !isMeant(book, run, serverId)) {
    violate(book, 'I4', `${id} is called for, and is not what ${JSON.stringify(selector)} means`, now);
  }
  if (shown === undefined || now - shown.at > SIGHT_LASTS) return;
  // One invocation carries several runs: what the look of another showed meanwhile is not what this one acts on.
  const isRecent = (at: EpochMs | undefined) => at !== undefined && claim.at - at <= ACTED_WITHIN;
  if (isRecent(shown.abnormalAt)) return;
  if (shown.status !== RUNNING && shown.status !== ABNORMAL && !isRecent(shown.wellAt)) {
    violate(book, 'I4', `${id} is called for, last seen in status ${shown.status}`, now);
  }
  if (shown.status === RUNNING && !isMeantThoughWell(run, id)) {
    violate(book, 'I4', `${id} is called for, though it runs and nobody's word is enough`, now);
  }
}

function isMeant(book: Book, { request: { selector } }: KnownRun, serverId: string): boolean {
  const isOfPhones = (ids: readonly string[]) =>
    ids.some((id) => book.model.phones.get(id)?.server_id === serverId);
  switch (selector.kind) {
    case 'candidates': {
      // An alarm that names a server watches its host, too.
      const hosts = selector.ids.map((id) => book.model.servers.get(id)?.row.server_id);
      return selector.ids.includes(serverId) || isOfPhones(selector.ids) || hosts.includes(serverId);
    }
    case 'hosts':
      return selector.serverIds.includes(serverId);
    case 'phones':
      return isOfPhones(selector.phoneIds);
    case 'ids':
      return false;
    case 'abnormal':
    case 'all':
      return true;
  }
}
