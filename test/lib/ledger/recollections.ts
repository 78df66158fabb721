/** What a ledger should recall of a history, and what it does recall, in one shape. */
import { after, type EpochMs, hours } from '../../../lib/time.ts';
import type { Recollection } from '../../../lib/types.ts';
import { attempts, canaries, type History, isMade, isOpen, of } from './model.ts';

/** All that a ledger should recall of this history, in the shape of `recalled`. */
export function expected(history: History, ids: readonly string[], now: EpochMs) {
  const { grants, handedOver, abnormalSince, told, storm } = history;
  const server = (id: string) => {
    const made = grants.filter((grant) => of(id)(grant) && isMade(grant));
    const ended = made.findLast((grant) => !isOpen(grant))?.end;
    return {
      attempts: attempts(history, id, now).map(({ at }) => at),
      lastAttemptAt: made.at(-1)?.at,
      lastFailed: ended !== undefined && ended !== 'recovered',
      handedOver: handedOver.get(id),
      abnormalSince: abnormalSince.get(id),
      told: told.get(id),
    };
  };
  return {
    servers: ids.map(server),
    inFlight: grants
      .filter(isOpen)
      .map(({ encodeServerId, serverId, runId, at, override }) => ({
        encodeServerId,
        serverId,
        runId,
        at,
        override,
      }))
      .sort(byId),
    handedOver: [...handedOver.keys()].sort(),
    pausedUntil: history.pausedUntil,
    storm: storm && {
      since: storm.since,
      ...storm.round,
      canaries: new Map(
        canaries(history, storm.round).map(({ encodeServerId, end: how = 'open' }) => [
          encodeServerId,
          how === 'open' || how === 'recovered' ? how : 'failed',
        ]),
      ),
    },
  };
}

export function recalled(recollection: Recollection, ids: readonly string[], now: EpochMs) {
  const { servers, inFlight, handedOver, pause, storm } = recollection;
  return {
    servers: ids.map((id) => {
      const record = servers.get(id);
      return {
        attempts: (record?.attempts ?? []).filter((at) => after(at, hours(24)) > now),
        lastAttemptAt: record?.lastAttemptAt,
        lastFailed: record?.lastFailed === true,
        handedOver: record?.handedOver?.since,
        abnormalSince: record?.firstSeenAbnormalAt,
        told: record?.toldHeld,
      };
    }),
    inFlight: inFlight
      .map(({ encodeServerId, serverId, runId, claimedAt: at, override }) => ({
        encodeServerId,
        serverId,
        runId,
        at,
        override,
      }))
      .sort(byId),
    handedOver: [...handedOver].sort(),
    pausedUntil: pause?.until,
    storm: storm && { since: storm.since, ...storm.round },
  };
}

const byId = (a: { encodeServerId: string }, b: { encodeServerId: string }) =>
  a.encodeServerId < b.encodeServerId ? -1 : 1;
