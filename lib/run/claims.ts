/** Asks the ledger for the permission to restart: what it grants is written down as an intent in the same step. */
import { between, type EpochMs } from '../time.ts';
import type { Attempt, Hold, Lease, Run, Target } from '../types.ts';
import { ACT_WITHIN } from './limits.ts';
import { concurrencyLimit, type Planned, stormIn } from './plan.ts';
import { unavailableLimit } from './rolling.ts';
import { type Sight, serverIn } from './sight.ts';
import type { World } from './world.ts';

export interface Claimed {
  readonly claimedAt: EpochMs;
  /** The attempt that each granted claim begins, by encode server id. */
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly refusals: ReadonlyMap<string, Hold>;
}

export async function claim(
  run: Run,
  lease: Lease,
  batch: readonly Planned[],
  sight: Sight,
  { clock, ledger, settings }: World,
): Promise<Claimed> {
  await ledger.renew(lease, clock.now());
  const claimedAt = clock.now();
  // An instance that was frozen since it looked asks for nothing: it looks again first.
  if (between(sight.at, claimedAt) > ACT_WITHIN) {
    return { claimedAt, attempts: new Map(), refusals: new Map() };
  }
  const overrideOf = ({ named }: Target) => {
    const { override } = run.request;
    return override === undefined || !named ? {} : { override };
  };
  const servers = batch.map(({ target, planned }) => ({
    encodeServerId: target.encodeServerId,
    serverId: target.serverId,
    planned,
    wasRunning: isRunning(target, sight),
    ...overrideOf(target),
  }));
  const storm = stormIn(sight, settings);
  const answer = await ledger.claim({
    lease,
    now: claimedAt,
    servers,
    limits: {
      cooldown: settings.cooldown,
      maxAttempts: settings.maxAttempts,
      maxPerHost: settings.maxPerHost,
      maxConcurrency: concurrencyLimit(sight, settings),
      maxUnavailable: unavailableLimit(run, sight.fleet, settings),
    },
    troubled: [...(sight.troubled?.keys() ?? [])],
    ...(typeof storm === 'object' ? { storm } : {}),
  });
  const numbers = new Map(answer.granted.map(({ encodeServerId, number }) => [encodeServerId, number]));
  const attempts = servers.flatMap(({ encodeServerId, serverId: _, ...asked }) => {
    const number = numbers.get(encodeServerId);
    return number === undefined
      ? []
      : [[encodeServerId, { ...asked, claimedAt, number, restartSeen: false }] as const];
  });
  return {
    claimedAt,
    attempts: new Map(attempts),
    refusals: new Map(answer.refused.map(({ encodeServerId, hold }) => [encodeServerId, hold])),
  };
}

function isRunning(target: Target, sight: Sight): boolean {
  const server = serverIn(sight, target);
  return typeof server === 'object' && server.state === 'running';
}
