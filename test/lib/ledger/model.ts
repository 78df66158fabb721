/**
 * What a history did, as a plain list of grants, and the laws that every further grant has to keep: each is counted
 * from the list anew. It knows nothing of records, rounds kept, or the order of checks.
 */
import type { ClaimedServer, ClaimRequest } from '../../../lib/ledger/ledger.ts';
import { between, type DurationMs, type EpochMs, hours, minutes } from '../../../lib/time.ts';
import type { OverridableGuard } from '../../../lib/types.ts';
import type { End } from './given.ts';

interface Round {
  readonly startedAt: EpochMs;
  readonly size: number;
}

interface Grant extends ClaimedServer {
  readonly runId: string;
  readonly at: EpochMs;
  /** The storm's round that it is a canary of. */
  readonly round?: Round;
  end?: End | 'given back';
}

export interface History {
  readonly grants: Grant[];
  /** From which grant on attempts count: those before ended well, or a person took the server back. */
  readonly freshFrom: Map<string, number>;
  readonly handedOver: Map<string, EpochMs>;
  readonly abnormalSince: Map<string, EpochMs>;
  /** Since when those that were handed over are well. */
  readonly wellSince: Map<string, EpochMs>;
  readonly told: Map<string, string>;
  pausedUntil?: EpochMs;
  storm?: { readonly since: EpochMs; readonly round: Round };
}

export const noHistory = (): History => ({
  grants: [],
  freshFrom: new Map(),
  handedOver: new Map(),
  abnormalSince: new Map(),
  wellSince: new Map(),
  told: new Map(),
});

export const isOpen = ({ end }: Grant) => end === undefined;
export const isMade = ({ end }: Grant) => end !== 'given back';
export const of =
  (id: string) =>
  ({ encodeServerId }: Grant) =>
    encodeServerId === id;
const within = (span: DurationMs, at: EpochMs, now: EpochMs) => between(at, now) < span;

export const attempts = ({ grants, freshFrom }: History, id: string, now: EpochMs) =>
  grants
    .slice(freshFrom.get(id) ?? 0)
    .filter((grant) => of(id)(grant) && isMade(grant) && within(hours(24), grant.at, now));

export const canaries = ({ grants }: History, round: Round) =>
  grants.filter((grant) => grant.round === round && isMade(grant));

/** Ten minutes at least, and until all are through; all well doubles, else one again. */
function roundDue(history: History, now: EpochMs): Round {
  const round = history.storm?.round;
  if (round === undefined) return { startedAt: now, size: 1 };
  const sent = canaries(history, round);
  // A round's time runs from its first canary.
  if (sent.length === 0) return { startedAt: now, size: round.size };
  if (within(minutes(10), round.startedAt, now) || sent.some(isOpen)) return round;
  const allWell = sent.every(({ end }) => end === 'recovered');
  return { startedAt: now, size: allWell ? round.size * 2 : 1 };
}

/** Every law that a grant would break now. */
export function broken(history: History, request: ClaimRequest, server: ClaimedServer): readonly string[] {
  const { now, limits, troubled } = request;
  const { encodeServerId: id, serverId, planned, override } = server;
  const isForced = (guard: OverridableGuard) => override?.guards.includes(guard) === true;
  const open = history.grants.filter(isOpen);
  const onHost = open.filter((grant) => grant.serverId === serverId);
  const last = history.grants.findLast((grant) => of(id)(grant) && isMade(grant));
  const unavailable = new Set([id, ...troubled, ...open.map(({ encodeServerId }) => encodeServerId)]);
  const round = roundDue(history, now);
  const sent = canaries(history, round);
  const laws = {
    paused: history.pausedUntil !== undefined && now < history.pausedUntil,
    in_flight: open.some(of(id)),
    cooldown: !isForced('cooldown') && last !== undefined && within(limits.cooldown, last.at, now),
    handed_over: !isForced('attempts') && history.handedOver.has(id),
    attempts_used: !isForced('attempts') && attempts(history, id, now).length + 1 > limits.maxAttempts,
    storm:
      request.storm !== undefined &&
      !isForced('storm') &&
      (sent.length + 1 > round.size || sent.some((grant) => of(id)(grant) && !isOpen(grant))),
    host_busy: planned && onHost.length > 0,
    host_limit: onHost.length + 1 > limits.maxPerHost,
    unavailable_limit: planned && unavailable.size > limits.maxUnavailable,
    concurrency_limit: open.length + 1 > limits.maxConcurrency,
  };
  return Object.entries(laws).flatMap(([law, isBroken]) => (isBroken ? [law] : []));
}

/** Writes a grant down; the attempt's number. */
export function grant(history: History, { lease, now, storm }: ClaimRequest, server: ClaimedServer): number {
  const isCanary = storm !== undefined && server.override?.guards.includes('storm') !== true;
  const round = isCanary ? roundDue(history, now) : undefined;
  if (round !== undefined) history.storm = { since: history.storm?.since ?? now, round };
  history.grants.push({ ...server, runId: lease.runId, at: now, ...(round === undefined ? {} : { round }) });
  return attempts(history, server.encodeServerId, now).length;
}

const startAnew = ({ grants, freshFrom, handedOver, wellSince }: History, id: string) => {
  freshFrom.set(id, grants.length);
  handedOver.delete(id);
  wellSince.delete(id);
};

const openOf = ({ grants }: History, id: string) => grants.find((grant) => of(id)(grant) && isOpen(grant));

/** What a run has in flight. */
export const openUnder = ({ grants }: History, runId: string): readonly string[] =>
  grants.filter((one) => isOpen(one) && one.runId === runId).map(({ encodeServerId }) => encodeServerId);

/** What the holder says became of its own grant. `handsOver`: from then on a person has to look at it. */
export function end(
  history: History,
  runId: string,
  id: string,
  how: End | 'given back',
  handsOver?: EpochMs,
): void {
  const open = openOf(history, id);
  if (open?.runId !== runId) return;
  open.end = how;
  if (how !== 'given back') history.told.delete(id);
  if (how === 'recovered') startAnew(history, id);
  else if (handsOver !== undefined && !history.handedOver.has(id)) history.handedOver.set(id, handsOver);
}

export function seenWell(history: History, id: string, now: EpochMs, wellFor: DurationMs): void {
  const { abnormalSince, handedOver, told, wellSince } = history;
  abnormalSince.delete(id);
  if (!handedOver.has(id)) {
    told.delete(id);
    return;
  }
  const since = wellSince.get(id);
  if (since === undefined) wellSince.set(id, now);
  else if (!within(wellFor, since, now) && openOf(history, id) === undefined) takenBack(history, id);
}

export function seenAbnormal(history: History, ids: readonly string[], all: readonly string[], now: EpochMs) {
  for (const id of all) {
    if (!ids.includes(id)) history.abnormalSince.delete(id);
    else if (!history.abnormalSince.has(id)) {
      history.abnormalSince.set(id, now);
      history.wellSince.delete(id);
    }
  }
}

export function takenBack(history: History, id: string): void {
  history.told.delete(id);
  startAnew(history, id);
}
