/** Judges claims as they are granted and calls as they leave: I1, I2, I3, I4, I6. */
import { allowedAtLeast } from '../../lib/settings.ts';
import { between, type EpochMs, iso, minutes } from '../../lib/time.ts';
import { windowState } from '../../lib/window.ts';
import { statusAt } from '../../local/model/look.ts';
import { ABNORMAL, type Book, type Claim, type Looker, openClaims, RUNNING, violate } from './book.ts';

const CONCURRENCY_FLOOR = 10;
/** How long what was seen may be acted on. */
const SIGHT_LASTS = minutes(1);

export function statusOf({ model }: Book, id: string, now: EpochMs): number | undefined {
  const server = model.servers.get(id);
  return server === undefined ? undefined : statusAt(server, now);
}

const isLeftOut = ({ settings: { exclude } }: Book, id: string, serverId: string): boolean =>
  exclude.includes(id) || exclude.includes(serverId);

/** Before it is in the book: the open claims are the others. */
export function judgeClaim(book: Book, claim: Claim, now: EpochMs): void {
  judgeLimits(book, claim, now);
  const { id, planned, by, override } = claim;
  const { settings } = book;
  const pause = book.pause();
  if (pause !== undefined && pause.until > now) violate(book, 'I3', `${id} is claimed while paused`);
  if (settings.mode !== 'active') violate(book, 'I3', `${id} is claimed in observe mode`);
  const isOutside = settings.window !== undefined && !windowState(settings.window, now).open;
  if (planned && isOutside && override?.guards.includes('window') !== true) {
    violate(book, 'I3', `${id}, which is well, is claimed outside the window`);
  }
  if (by.lookedAt === undefined || between(by.lookedAt, now) > SIGHT_LASTS) {
    violate(book, 'I3', `${id} is claimed without a look within the last minute`);
  }
}

function judgeLimits(book: Book, { id, serverId, planned }: Claim, now: EpochMs): void {
  const { model, settings } = book;
  const open = openClaims(book);
  const total = [...model.servers.values()].filter(
    ({ row }) => !isLeftOut(book, row.encode_server_id, row.server_id),
  ).length;
  const over = (what: string, count: number, limit: number): void => {
    if (count >= limit) violate(book, 'I2', `${id} is claimed with ${count} ${what}, allowed are ${limit}`);
  };
  over('in flight', open.length, allowedAtLeast(CONCURRENCY_FLOOR, settings.maxConcurrency, total));
  const onHost = open.filter((other) => other.serverId === serverId).length;
  over('in flight on its host', onHost, planned ? Math.min(1, settings.maxPerHost) : settings.maxPerHost);
  if (!planned) return;
  const troubled = [...model.servers.values()].flatMap((server) => {
    const { encode_server_id, server_id } = server.row;
    const isTroubled = statusAt(server, now) === ABNORMAL && !isLeftOut(book, encode_server_id, server_id);
    return isTroubled && !book.handedOver(encode_server_id) ? [encode_server_id] : [];
  });
  const missing = new Set([...troubled, ...open.map((other) => other.id)]).size;
  over('unavailable', missing, allowedAtLeast(1, settings.maxUnavailable, total));
}

/** A restart call leaves: its intents are in the ledger, and its servers may be touched. */
export function judgeCall(book: Book, by: Looker, ids: readonly string[], now: EpochMs): void {
  for (const id of ids) {
    const claim = claimBehind(book, by, id);
    if (claim === undefined || book.intentOf(id) !== claim.runId) {
      violate(book, 'I6', `${id} is called for without an intent in the ledger`);
    }
    if (claim !== undefined && claim.posts > 0) violate(book, 'I1', `${id} is called for twice on one claim`);
    if (claim !== undefined) claim.posts += 1;
    const server = book.model.servers.get(id);
    const status = statusOf(book, id, now);
    if (server === undefined || status === undefined) {
      violate(book, 'I4', `${id} is called for, and there is no such server`);
      continue;
    }
    if (isLeftOut(book, id, server.row.server_id))
      violate(book, 'I4', `${id} is called for, though excluded`);
    if (status !== RUNNING && status !== ABNORMAL) {
      violate(book, 'I4', `${id} is called for in status ${status}`);
    }
    if (status === RUNNING && !book.named.has(id) && !book.meansHealthy) {
      violate(book, 'I4', `${id} is called for, though it runs and nobody named it`);
    }
  }
}

/** What the call came to, also when its sender is dead by now. */
export function judgeAnswer(
  book: Book,
  by: Looker,
  ids: readonly string[],
  refused: ReadonlySet<string>,
): void {
  for (const id of ids) {
    const claim = claimBehind(book, by, id);
    if (claim === undefined || refused.has(id)) continue;
    claim.maybeAccepted = true;
    const earlier = book.claims.findLast(
      (other) => other !== claim && other.id === id && other.maybeAccepted,
    );
    const isOverridden = claim.override?.guards.includes('cooldown') === true;
    if (earlier === undefined || isOverridden) continue;
    if (between(earlier.at, claim.at) >= book.settings.cooldown) continue;
    violate(
      book,
      'I1',
      `${id} is restarted at ${iso(claim.at)} and was at ${iso(earlier.at)}, within its cooldown`,
    );
  }
}

/** The newest claim of that invocation. */
function claimBehind({ claims }: Book, by: Looker, id: string): Claim | undefined {
  const own = claims.findLast((claim) => claim.by === by && claim.id === id);
  return own?.state === 'given_back' ? undefined : own;
}
