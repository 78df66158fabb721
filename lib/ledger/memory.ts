/** The embedded ledger: plain maps in this process. What it does is atomic because nothing awaits within. */

import type { Letter } from '../messages.ts';
import { after, before, type EpochMs, hours, minutes, seconds } from '../time.ts';
import { hasEnded, type Lease, type Run, type ServerRecord, type Target, TOLD_WELL } from '../types.ts';
import { claim, giveBack, settleCanary } from './claim.ts';
import { LeaseLost, type Ledger } from './ledger.ts';
import { emptyState, type LedgerState } from './state.ts';

/** How long a delivery is recognised, and a letter as written. */
const KNOWN_FOR = hours(24);
/** How long an ended run can be read. */
const RUN_KEPT = hours(48);
const LEASE_LASTS = seconds(30);
const FLEET_LOOKS = { kept: 9, apart: minutes(60) } as const;

/** `shared`: one ledger is handed to all functions (one machine); not shared: each instance has its own. */
export function memoryLedger({
  shared,
  state = emptyState(),
}: {
  shared: boolean;
  state?: LedgerState;
}): Ledger {
  const { servers, inFlight, runs, deliveries, leases, joined, exclusions, letters, spells } = state;

  const held = ({ runId, token }: Lease): void => {
    if (leases.get(runId)?.token !== token) throw new LeaseLost(`run ${runId} is driven by somebody else`);
  };
  const change = (id: string, to: (record: ServerRecord) => ServerRecord): void => {
    const record = servers.get(id);
    if (record !== undefined) servers.set(id, to(record));
  };
  const known = (deliveryId: string, now: EpochMs) => {
    const delivery = deliveries.get(deliveryId);
    return delivery !== undefined && delivery.at > before(now, KNOWN_FOR) ? delivery.runId : undefined;
  };

  return {
    shared,
    async delivered(deliveryId, now) {
      return known(deliveryId, now);
    },
    async open(run, now) {
      forget(now);
      const { deliveryId } = run.request;
      if (known(deliveryId, now) !== undefined) return false;
      deliveries.set(deliveryId, { runId: run.runId, at: now });
      runs.set(run.runId, run);
      return true;
    },
    async join(runId, deliveryId, targets, now) {
      if (known(deliveryId, now) !== undefined || runs.get(runId)?.state !== 'running') return false;
      deliveries.set(deliveryId, { runId, at: now });
      joined.set(runId, [...(joined.get(runId) ?? []), ...targets]);
      return true;
    },
    async run(runId) {
      return runs.get(runId);
    },
    async unfinishedRuns() {
      const unfinished = [...runs.values()].filter((run) => !hasEnded(run) || run.reportedAs === undefined);
      return unfinished.sort((a, b) => a.openedAt - b.openedAt);
    },
    async runsSince(since, limit) {
      const recent = [...runs.values()].filter((run) => run.openedAt >= since);
      return recent.sort((a, b) => b.openedAt - a.openedAt).slice(0, limit);
    },

    async lease(runId, now) {
      const last = leases.get(runId);
      // An instance's own ledger sees one invocation at a time: the holder before was killed.
      if (shared && last !== undefined && last.until > now) return undefined;
      const token = (last?.token ?? 0) + 1;
      leases.set(runId, { token, until: after(now, LEASE_LASTS) });
      return { runId, token };
    },
    async renew(lease, now) {
      held(lease);
      leases.set(lease.runId, { token: lease.token, until: after(now, LEASE_LASTS) });
    },
    async release(lease) {
      const last = leases.get(lease.runId);
      if (last?.token === lease.token) leases.set(lease.runId, { ...last, until: 0 as EpochMs });
    },
    async joined(lease) {
      held(lease);
      return joined.get(lease.runId) ?? [];
    },
    async save(run, lease) {
      held(lease);
      // Whoever told people did so without the lease: the driver may not know yet.
      const reportedAs = runs.get(run.runId)?.reportedAs ?? run.reportedAs;
      runs.set(run.runId, reportedAs === undefined ? run : { ...run, reportedAs });
      for (const target of run.targets) conclude(run, target);
      const taken = new Set(run.targets.map(({ encodeServerId }) => encodeServerId));
      const left = (joined.get(run.runId) ?? []).filter(({ encodeServerId }) => !taken.has(encodeServerId));
      if (left.length > 0) joined.set(run.runId, left);
      else joined.delete(run.runId);
    },
    async told(runIds, reportedAs, heldServers, letter) {
      for (const runId of runIds) {
        const run = runs.get(runId);
        if (run !== undefined) runs.set(runId, { ...run, reportedAs });
      }
      for (const { encodeServerId, serverId, why } of heldServers) {
        const record = servers.get(encodeServerId) ?? { serverId, attempts: [] };
        servers.set(encodeServerId, { ...record, toldHeld: why });
      }
      if (letter !== undefined) write(letter);
    },

    async recall(encodeServerIds, now) {
      state.begunAt ??= now;
      const records = encodeServerIds.flatMap((id) => {
        const record = servers.get(id);
        return record === undefined ? [] : [[id, record] as const];
      });
      const { pause, storm, lastStorm, begunAt, fleetLooks } = state;
      return {
        servers: new Map(records),
        inFlight: [...inFlight.values()],
        handedOver: new Set([...servers].flatMap(([id, { handedOver }]) => (handedOver ? [id] : []))),
        exclusions: new Map(exclusions),
        begunAt,
        fleetLooks,
        ...(pause === undefined ? {} : { pause }),
        ...(storm === undefined ? {} : { storm }),
        ...(lastStorm === undefined || lastStorm.endedAt < before(now, KNOWN_FOR) ? {} : { lastStorm }),
      };
    },
    async claim(request) {
      held(request.lease);
      return claim(state, request);
    },
    async giveBack(lease, encodeServerIds) {
      held(lease);
      for (const id of encodeServerIds) giveBack(state, lease.runId, id);
    },
    async seenWell(encodeServerIds, now, wellFor) {
      for (const id of encodeServerIds) {
        change(id, ({ firstSeenAbnormalAt: _, toldHeld, handedOver, ...record }) => {
          const told = toldHeld === undefined ? {} : { toldHeld };
          if (handedOver === undefined) return { ...record, ...(toldHeld?.endsWith(TOLD_WELL) ? told : {}) };
          const { wellSince } = handedOver;
          const isLong = wellSince !== undefined && after(wellSince, wellFor) <= now;
          if (isLong && !inFlight.has(id)) return { ...record, attempts: [] };
          return { ...record, ...told, handedOver: { ...handedOver, wellSince: wellSince ?? now } };
        });
      }
    },
    async seenAbnormal(abnormal, now) {
      const ids = new Set(abnormal.map(({ encodeServerId }) => encodeServerId));
      for (const [id, record] of servers) {
        if (record.firstSeenAbnormalAt === undefined || ids.has(id)) continue;
        const { firstSeenAbnormalAt: _, ...rest } = record;
        servers.set(id, rest);
      }
      for (const { encodeServerId, serverId } of abnormal) {
        const known: ServerRecord = servers.get(encodeServerId) ?? { serverId, attempts: [] };
        if (known.firstSeenAbnormalAt !== undefined) continue;
        const { handedOver: over, ...record } = known;
        const stays = over === undefined ? {} : { handedOver: { since: over.since, why: over.why } };
        servers.set(encodeServerId, { ...record, ...stays, firstSeenAbnormalAt: now });
      }
    },
    async handOver(encodeServerIds, why, now) {
      for (const id of encodeServerIds) {
        change(id, (record) => ({ ...record, handedOver: record.handedOver ?? { since: now, why } }));
      }
    },
    async acknowledge(encodeServerIds) {
      const handedOver = [...new Set(encodeServerIds)].filter((id) => servers.get(id)?.handedOver);
      for (const id of handedOver) {
        change(id, ({ handedOver: _, toldHeld: __, ...record }) => ({ ...record, attempts: [] }));
      }
      return handedOver.length;
    },

    async pause(pause) {
      state.pause = pause;
    },
    async resume() {
      const { pause } = state;
      delete state.pause;
      return pause;
    },
    async exclude(id, exclusion) {
      exclusions.set(id, exclusion);
    },
    async include(id) {
      return exclusions.delete(id);
    },

    post: async (letter) => write(letter),
    async unsent() {
      const unsent = [...letters.values()].flatMap(({ letter, fate }) => (fate === 'unsent' ? [letter] : []));
      return unsent.sort((a, b) => a.writtenAt - b.writtenAt);
    },
    async sent(letterId) {
      const kept = letters.get(letterId);
      if (kept !== undefined) letters.set(letterId, { ...kept, fate: 'sent' });
    },
    async undeliverable(letterId) {
      const kept = letters.get(letterId);
      if (kept !== undefined) letters.set(letterId, { ...kept, fate: 'undeliverable' });
    },
    async undeliverableSince(since) {
      const lost = [...letters.values()].filter(({ fate }) => fate === 'undeliverable');
      return lost.filter(({ letter }) => letter.writtenAt >= since).length;
    },

    async since(what, isSo, now) {
      const since = spells.get(what) ?? now;
      if (isSo) spells.set(what, since);
      else spells.delete(what);
      return isSo ? since : undefined;
    },
    async once(what, every, now) {
      const last = state.marks.get(what);
      if (last !== undefined && after(last, every) > now) return false;
      state.marks.set(what, now);
      return true;
    },

    async sawFleet(count, now) {
      const last = state.fleetLooks.at(-1);
      const isFresh = last !== undefined && last.at > before(now, FLEET_LOOKS.apart);
      if (!isFresh) state.fleetLooks = [...state.fleetLooks, { at: now, count }].slice(-FLEET_LOOKS.kept);
      return state.fleetLooks;
    },
    async sawStorm(isStorm, now) {
      const { storm } = state;
      if (isStorm && storm === undefined) {
        state.storm = { since: now, round: { startedAt: now, size: 1, canaries: new Map() } };
      }
      if (!isStorm && storm !== undefined) {
        delete state.storm;
        state.lastStorm = { since: storm.since, endedAt: now };
      }
    },
  };

  function write(letter: Letter): boolean {
    const earlier = letters.get(letter.letterId)?.letter;
    if (earlier !== undefined && earlier.writtenAt > before(letter.writtenAt, KNOWN_FOR)) return false;
    letters.set(letter.letterId, { letter, fate: 'unsent' });
    return true;
  }

  function conclude(run: Run, { encodeServerId, progress }: Target): void {
    if (inFlight.get(encodeServerId)?.runId !== run.runId) return;
    switch (progress.state) {
      case 'recovered':
      case 'not_recovered':
      case 'rejected':
      case 'unconfirmed': {
        inFlight.delete(encodeServerId);
        const isWell = progress.state === 'recovered';
        settleCanary(state, encodeServerId, isWell ? 'recovered' : 'failed');
        const why = `${progress.attempt.number} attempts without recovery`;
        change(encodeServerId, (record) => {
          const { handedOver, lastFailed: _, toldHeld: __, ...rest } = record;
          if (isWell) return { ...rest, attempts: [] };
          const over = handedOver ?? (progress.handedOver ? { since: progress.endedAt, why } : undefined);
          return { ...rest, lastFailed: true, ...(over === undefined ? {} : { handedOver: over }) };
        });
        return;
      }
      default:
        return;
    }
  }

  /** What nobody asks for any more. */
  function forget(now: EpochMs): void {
    for (const [id, { at }] of deliveries) if (at < before(now, KNOWN_FOR)) deliveries.delete(id);
    for (const [id, run] of runs) {
      const isOld = hasEnded(run) && run.reportedAs !== undefined && run.openedAt < before(now, RUN_KEPT);
      if (!isOld) continue;
      runs.delete(id);
      leases.delete(id);
      joined.delete(id);
    }
    for (const [id, { letter, fate }] of letters) {
      if (fate !== 'unsent' && letter.writtenAt < before(now, RUN_KEPT)) letters.delete(id);
    }
  }
}
