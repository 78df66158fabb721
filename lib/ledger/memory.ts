/** The embedded ledger: plain maps in this process. What it grants is atomic because nothing awaits within. */
import { after, before, type EpochMs, hours } from '../time.ts';
import type { Hold, InFlight, Run, ServerRecord, Target } from '../types.ts';
import type { ClaimRequest, Ledger } from './ledger.ts';
import { emptyState, type LedgerState } from './state.ts';

/** How long a delivery is recognised. */
const DELIVERY_KEPT = hours(24);
/** How long an attempt counts. */
const ATTEMPT_KEPT = hours(24);

/** `shared`: one ledger is handed to all functions (one machine); not shared: each instance has its own. */
export function memoryLedger({
  shared,
  state = emptyState(),
}: {
  shared: boolean;
  state?: LedgerState;
}): Ledger {
  const { servers, inFlight, runs, deliveries } = state;

  return {
    shared,
    async delivered(deliveryId, now) {
      const known = deliveries.get(deliveryId);
      return known !== undefined && known.at > before(now, DELIVERY_KEPT) ? known.runId : undefined;
    },
    async open(run, now) {
      const known = deliveries.get(run.request.deliveryId);
      if (known !== undefined && known.at > before(now, DELIVERY_KEPT)) return false;
      deliveries.set(run.request.deliveryId, { runId: run.runId, at: now });
      runs.set(run.runId, run);
      return true;
    },
    async save(run) {
      runs.set(run.runId, run);
      for (const target of run.targets) conclude(run, target);
    },
    async run(runId) {
      return runs.get(runId);
    },
    async unfinishedRuns() {
      return [...runs.values()].filter((run) => !hasEnded(run) || run.reportedAs === undefined);
    },
    async recall(encodeServerIds) {
      const known = encodeServerIds.flatMap((id) => {
        const record = servers.get(id);
        return record === undefined ? [] : [[id, record] as const];
      });
      return {
        servers: new Map(known),
        inFlight: [...inFlight.values()],
        ...(state.pause === undefined ? {} : { pause: state.pause }),
      };
    },
    async claim(request) {
      const granted: { encodeServerId: string; number: number }[] = [];
      const refused: { encodeServerId: string; hold: Hold }[] = [];
      const unique = new Map(request.servers.map((server) => [server.encodeServerId, server]));
      for (const server of unique.values()) {
        const hold = refusal(request, server);
        if (hold === undefined)
          granted.push({ encodeServerId: server.encodeServerId, number: grant(request, server) });
        else refused.push({ encodeServerId: server.encodeServerId, hold });
      }
      return { granted, refused };
    },
    async seenWell(encodeServerIds) {
      for (const id of encodeServerIds) {
        const record = servers.get(id);
        if (record?.handedOver === undefined || inFlight.has(id)) continue;
        const { handedOver: _, ...rest } = record;
        servers.set(id, { ...rest, attempts: [] });
      }
    },
    async giveBack(runId, encodeServerIds) {
      for (const id of encodeServerIds) {
        const intent = inFlight.get(id);
        const record = servers.get(id);
        if (intent?.runId !== runId || record === undefined) continue;
        inFlight.delete(id);
        servers.set(id, withoutAttempt(record, intent));
      }
    },
  };

  function refusal(
    { limits, now }: ClaimRequest,
    { encodeServerId, serverId }: ClaimRequest['servers'][number],
  ) {
    if (state.pause !== undefined && state.pause.until > now) {
      return no('pause', { code: 'paused', who: state.pause.who, why: state.pause.why }, state.pause.until);
    }
    const intent = inFlight.get(encodeServerId);
    const record = servers.get(encodeServerId);
    const last = record?.lastAttemptAt;
    const until = last === undefined ? undefined : after(last, limits.cooldown);
    if (intent !== undefined) {
      const later = until !== undefined && until > now ? until : undefined;
      return no('cooldown', { code: 'in_flight', runId: intent.runId }, later);
    }
    if (last !== undefined && until !== undefined && until > now) {
      return no('cooldown', { code: 'cooldown', lastAttemptAt: last }, until);
    }
    if (record?.handedOver !== undefined) {
      return no('attempts', {
        code: 'handed_over',
        since: record.handedOver.since,
        why: record.handedOver.why,
      });
    }
    const made = recentAttempts(record, now);
    if (made.length >= limits.maxAttempts) {
      const expiring = made[made.length - limits.maxAttempts];
      const free = expiring === undefined ? undefined : after(expiring, ATTEMPT_KEPT);
      return no('attempts', { code: 'attempts_used', attempts: made.length }, free);
    }
    const onHost = [...inFlight.values()].filter((other) => other.serverId === serverId).length;
    if (onHost >= limits.maxPerHost) {
      return no('host', { code: 'host_limit', inFlight: onHost, limit: limits.maxPerHost });
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

  function grant(
    { runId, now }: ClaimRequest,
    { encodeServerId, serverId }: ClaimRequest['servers'][number],
  ): number {
    const record = servers.get(encodeServerId);
    const attempts = [...recentAttempts(record, now), now];
    servers.set(encodeServerId, { ...record, serverId, attempts, lastAttemptAt: now });
    const previous = record?.lastAttemptAt;
    inFlight.set(encodeServerId, {
      encodeServerId,
      serverId,
      runId,
      claimedAt: now,
      ...(previous === undefined ? {} : { previousAttemptAt: previous }),
    });
    return attempts.length;
  }

  function conclude(run: Run, { encodeServerId, progress }: Target): void {
    if (inFlight.get(encodeServerId)?.runId !== run.runId) return;
    switch (progress.state) {
      case 'recovered':
      case 'not_recovered':
      case 'rejected':
      case 'unconfirmed': {
        inFlight.delete(encodeServerId);
        const record = servers.get(encodeServerId);
        if (record === undefined) return;
        const { handedOver: _, ...rest } = record;
        if (progress.state === 'recovered') servers.set(encodeServerId, { ...rest, attempts: [] });
        else if (progress.handedOver === true) {
          const why = `${progress.attempt.number} attempts without recovery`;
          servers.set(encodeServerId, { ...record, handedOver: { since: progress.endedAt, why } });
        }
        return;
      }
      default:
        return;
    }
  }
}

const hasEnded = (run: Run): boolean =>
  run.state === 'done' || run.state === 'cancelled' || run.state === 'expired';

const recentAttempts = (record: ServerRecord | undefined, now: EpochMs): readonly EpochMs[] =>
  (record?.attempts ?? []).filter((at) => at > before(now, ATTEMPT_KEPT));

/** As if the claim had never been: the cooldown runs from the attempt before it, if there was one. */
function withoutAttempt(record: ServerRecord, { claimedAt, previousAttemptAt }: InFlight): ServerRecord {
  const { lastAttemptAt: _, ...rest } = record;
  const attempts = record.attempts.toSpliced(record.attempts.lastIndexOf(claimedAt), 1);
  return {
    ...rest,
    attempts,
    ...(previousAttemptAt === undefined ? {} : { lastAttemptAt: previousAttemptAt }),
  };
}

const no = (guard: Hold['guard'], reason: Hold['reason'], until?: EpochMs): Hold => ({
  guard,
  reason,
  ...(until === undefined ? {} : { until }),
});
