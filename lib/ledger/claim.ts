/** The claim on a memory ledger's state: permission and intent in one step, because nothing awaits within. */
import { mayGo, roundAt, roundEnds } from '../storm.ts';
import { after, before, type EpochMs, hours } from '../time.ts';
import type { Hold, InFlight, OverridableGuard, ServerRecord } from '../types.ts';
import type { ClaimAnswer, ClaimedServer, ClaimRequest } from './ledger.ts';
import type { LedgerState } from './state.ts';

/** How long an attempt counts. */
const ATTEMPT_KEPT = hours(24);

export function claim(state: LedgerState, request: ClaimRequest): ClaimAnswer {
  const granted: { encodeServerId: string; number: number }[] = [];
  const refused: { encodeServerId: string; hold: Hold }[] = [];
  const unique = new Map(request.servers.map((server) => [server.encodeServerId, server]));
  for (const server of unique.values()) {
    const { encodeServerId } = server;
    const hold = refusal(state, request, server);
    if (hold === undefined) granted.push({ encodeServerId, number: grant(state, request, server) });
    else refused.push({ encodeServerId, hold });
  }
  return { granted, refused };
}

/** In the order of the guards: what each says is what the guard of its name says. */
function refusal(state: LedgerState, request: ClaimRequest, server: ClaimedServer): Hold | undefined {
  const { limits, now } = request;
  const { encodeServerId, serverId } = server;
  const overrides = (guard: OverridableGuard) => server.override?.guards.includes(guard) === true;
  const record = state.servers.get(encodeServerId);
  const { exclusions, pause } = state;
  const kept = exclusions.get(encodeServerId) ?? exclusions.get(serverId);
  if (kept !== undefined) return no('scope', { code: 'excluded', who: kept.who, why: kept.why });
  if (pause !== undefined && pause.until > now) {
    return no('pause', { code: 'paused', who: pause.who, why: pause.why }, pause.until);
  }
  if (request.storm !== undefined && !overrides('storm')) {
    const round = roundAt(state.storm, now);
    if (!mayGo(round, encodeServerId)) {
      const until = roundEnds(round);
      const reason = { code: 'storm', canaries: round.size, ...request.storm } as const;
      return no('storm', reason, until > now ? until : undefined);
    }
  }
  const last = record?.lastAttemptAt;
  const coolAt = last === undefined ? undefined : after(last, limits.cooldown);
  const intent = state.inFlight.get(encodeServerId);
  if (intent !== undefined) {
    const until = coolAt !== undefined && coolAt > now ? coolAt : undefined;
    return no('cooldown', { code: 'in_flight', runId: intent.runId }, until);
  }
  if (last !== undefined && coolAt !== undefined && coolAt > now && !overrides('cooldown')) {
    return no('cooldown', { code: 'cooldown', lastAttemptAt: last }, coolAt);
  }
  if (!overrides('attempts')) {
    if (record?.handedOver !== undefined) {
      const { since, why } = record.handedOver;
      return no('attempts', { code: 'handed_over', since, why });
    }
    const made = recentAttempts(record, now);
    if (made.length >= limits.maxAttempts) {
      const expiring = made[made.length - limits.maxAttempts];
      const free = expiring === undefined ? undefined : after(expiring, ATTEMPT_KEPT);
      return no('attempts', { code: 'attempts_used', attempts: made.length }, free);
    }
  }
  return overLimit(state, request, server, serverId);
}

function overLimit(
  { inFlight }: LedgerState,
  { limits, troubled }: ClaimRequest,
  { planned }: ClaimedServer,
  serverId: string,
): Hold | undefined {
  const onHost = [...inFlight.values()].filter((other) => other.serverId === serverId);
  const [other] = onHost;
  if (planned && other !== undefined) {
    return no('host', { code: 'host_busy', encodeServerId: other.encodeServerId });
  }
  if (onHost.length >= limits.maxPerHost) {
    return no('host', { code: 'host_limit', inFlight: onHost.length, limit: limits.maxPerHost });
  }
  const unavailable = new Set([...troubled, ...inFlight.keys()]).size;
  if (planned && unavailable >= limits.maxUnavailable) {
    return no('unavailable', { code: 'unavailable_limit', unavailable, limit: limits.maxUnavailable });
  }
  if (inFlight.size >= limits.maxConcurrency) {
    return no('concurrency', {
      code: 'concurrency_limit',
      inFlight: inFlight.size,
      limit: limits.maxConcurrency,
    });
  }
  return undefined;
}

function grant(state: LedgerState, request: ClaimRequest, server: ClaimedServer): number {
  const { lease, now, storm } = request;
  const { encodeServerId, serverId, override, planned, wasRunning } = server;
  const record = state.servers.get(encodeServerId);
  const attempts = [...recentAttempts(record, now), now];
  state.servers.set(encodeServerId, { ...record, serverId, attempts, lastAttemptAt: now });
  const previous = record?.lastAttemptAt;
  state.inFlight.set(encodeServerId, {
    encodeServerId,
    serverId,
    runId: lease.runId,
    claimedAt: now,
    ...(wasRunning === true ? { wasRunning } : {}),
    ...(planned ? { planned } : {}),
    ...(previous === undefined ? {} : { previousAttemptAt: previous }),
    ...(override === undefined ? {} : { override }),
  });
  if (storm !== undefined && override?.guards.includes('storm') !== true) {
    const round = roundAt(state.storm, now);
    const canaries = new Map([...round.canaries, [encodeServerId, 'open' as const]]);
    // A round's time runs from its first canary.
    const startedAt = round.canaries.size === 0 ? now : round.startedAt;
    state.storm = { since: state.storm?.since ?? now, round: { ...round, startedAt, canaries } };
  }
  return attempts.length;
}

/** Undoes a claim, as if it had never been: the cooldown runs from the attempt before it, if there was one. */
export function giveBack(state: LedgerState, runId: string, encodeServerId: string): void {
  const intent = state.inFlight.get(encodeServerId);
  const record = state.servers.get(encodeServerId);
  if (intent?.runId !== runId || record === undefined) return;
  state.inFlight.delete(encodeServerId);
  state.servers.set(encodeServerId, withoutAttempt(record, intent));
  settleCanary(state, encodeServerId, 'given_back');
}

/** What came of a canary. One that is through stays as it is: a restart that a person forces later is none. */
export function settleCanary(
  state: LedgerState,
  encodeServerId: string,
  end: 'recovered' | 'failed' | 'given_back',
): void {
  const { storm } = state;
  if (storm?.round.canaries.get(encodeServerId) !== 'open') return;
  const canaries = new Map(storm.round.canaries);
  if (end === 'given_back') canaries.delete(encodeServerId);
  else canaries.set(encodeServerId, end);
  state.storm = { ...storm, round: { ...storm.round, canaries } };
}

function withoutAttempt(record: ServerRecord, { claimedAt, previousAttemptAt }: InFlight): ServerRecord {
  const { lastAttemptAt: _, ...rest } = record;
  const attempts = record.attempts.toSpliced(record.attempts.lastIndexOf(claimedAt), 1);
  return {
    ...rest,
    attempts,
    ...(previousAttemptAt === undefined ? {} : { lastAttemptAt: previousAttemptAt }),
  };
}

const recentAttempts = (record: ServerRecord | undefined, now: EpochMs): readonly EpochMs[] =>
  (record?.attempts ?? []).filter((at) => at > before(now, ATTEMPT_KEPT));

const no = (guard: Hold['guard'], reason: Hold['reason'], until?: EpochMs): Hold => ({
  guard,
  reason,
  ...(until === undefined ? {} : { until }),
});
