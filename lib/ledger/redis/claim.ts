/** A claim on its way to Redis and back: the request as arguments, refusals as holds. */
import { type EpochMs, epochMs } from '../../time.ts';
import type { Exclusion, Hold, Override, Pause } from '../../types.ts';
import type { ClaimAnswer, ClaimedServer, ClaimRequest } from '../ledger.ts';
import type { Argument } from './client.ts';
import { handOverOf, packId, unpackId } from './pack.ts';
import { bytes, json, list, number, type Reply, text } from './reply.ts';

/** An id given twice is one: the last word about it, in the place of the first. */
export const distinct = ({ servers }: ClaimRequest): readonly ClaimedServer[] => [
  ...new Map(servers.map((server) => [server.encodeServerId, server])).values(),
];

export function claimArguments(request: ClaimRequest): readonly Argument[] {
  const { lease, now, limits, storm } = request;
  const servers = distinct(request);
  const troubled = servers.some(({ planned }) => planned) ? request.troubled : [];
  return [
    lease.runId,
    lease.token,
    now,
    limits.cooldown,
    limits.maxAttempts,
    limits.maxPerHost,
    limits.maxConcurrency,
    limits.maxUnavailable,
    storm === undefined ? 0 : 1,
    servers.length,
    ...servers.flatMap(serverArguments),
    troubled.length,
    ...troubled.map(packId),
  ];
}

const LETTERS = { storm: 's', cooldown: 'c', attempts: 'a' } as const;

function serverArguments({
  encodeServerId,
  serverId,
  planned,
  wasRunning,
  override,
}: ClaimedServer): readonly Argument[] {
  const letters = Object.entries(LETTERS).map(([guard, letter]) =>
    overrides(override, guard) ? letter : '',
  );
  const how = [...(planned ? ['p'] : []), ...(wasRunning === true ? ['r'] : []), ...letters].join('');
  return [
    packId(encodeServerId),
    packId(serverId),
    how,
    override === undefined ? '' : JSON.stringify(override),
  ];
}

const overrides = (override: Override | undefined, guard: string): boolean =>
  override?.guards.some((one) => one === guard) === true;

export function claimAnswer(request: ClaimRequest, reply: Reply): ClaimAnswer {
  const granted: { encodeServerId: string; number: number }[] = [];
  const refused: { encodeServerId: string; hold: Hold }[] = [];
  const answers = list(reply);
  for (const [index, { encodeServerId }] of distinct(request).entries()) {
    const [code, ...figures] = list(answers[index]);
    if (text(code) === 'granted') granted.push({ encodeServerId, number: number(figures[0]) });
    else refused.push({ encodeServerId, hold: holdOf(text(code), figures, request) });
  }
  return { granted, refused };
}

function holdOf(code: string, [first, second]: readonly Reply[], request: ClaimRequest): Hold {
  const { limits, now, storm } = request;
  switch (code) {
    case 'excluded': {
      const { who, why } = json<Exclusion>(first);
      return { guard: 'scope', reason: { code, who, why } };
    }
    case 'paused': {
      const { who, why, until } = json<Pause>(first);
      return { guard: 'pause', reason: { code, who, why }, until };
    }
    case 'storm': {
      const figures = storm ?? { troubled: 0, hosts: 0, fleet: 0 };
      return hold('storm', { code, canaries: number(first), ...figures }, second, now);
    }
    case 'in_flight':
      return hold('cooldown', { code, runId: text(first) }, second, now);
    case 'cooldown':
      return hold('cooldown', { code, lastAttemptAt: epochMs(number(first)) }, second, now);
    case 'handed_over':
      return { guard: 'attempts', reason: { code, ...handOverOf(bytes(first)) } };
    case 'attempts_used':
      return hold('attempts', { code, attempts: number(first) }, second, now);
    case 'host_busy':
      return { guard: 'host', reason: { code, encodeServerId: unpackId(bytes(first)) } };
    case 'host_limit':
      return { guard: 'host', reason: { code, inFlight: number(first), limit: limits.maxPerHost } };
    case 'unavailable_limit': {
      const reason = { code, unavailable: number(first), limit: limits.maxUnavailable } as const;
      return { guard: 'unavailable', reason };
    }
    case 'concurrency_limit': {
      const reason = { code, inFlight: number(first), limit: limits.maxConcurrency } as const;
      return { guard: 'concurrency', reason };
    }
    default:
      throw new TypeError(`ledger: expected a refusal's code from the claim, got ${code}`);
  }
}

/** A time that has passed, or was never known, is no time to wait for. */
function hold(guard: Hold['guard'], reason: Hold['reason'], until: Reply, now: EpochMs): Hold {
  const moment = epochMs(number(until));
  return { guard, reason, ...(moment > now ? { until: moment } : {}) };
}
