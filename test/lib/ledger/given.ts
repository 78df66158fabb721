/** What the suites of the ledger start from: a moment, limits, runs, targets, claims. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ClaimAnswer, ClaimedServer, ClaimRequest, Ledger } from '../../../lib/ledger/ledger.ts';
import type { Letter } from '../../../lib/messages.ts';
import { after, type DurationMs, type EpochMs, epochMs, hours, minutes } from '../../../lib/time.ts';
import type { Lease, Outcome, Override, Progress, Run, Target } from '../../../lib/types.ts';

/**
 * Begins a ledger that remembers nothing. Two of one `store` are two instances that look at the same ledger; a
 * store without a name is one that nobody else looks at.
 */
export type MakeLedger = (options?: { readonly store?: string }) => Ledger | Promise<Ledger>;

export const NOW = epochMs(1_772_389_800_000);
/** So long after the moment that every suite starts at. */
export const at = (span: DurationMs): EpochMs => after(NOW, span);

export const LIMITS = {
  cooldown: minutes(30),
  maxAttempts: 3,
  maxPerHost: 10,
  maxConcurrency: 100,
  maxUnavailable: 100,
};
export const STORM = { troubled: 40, hosts: 8, fleet: 100 };

let stores = 0;
/** Two instances that look at one ledger. */
export async function twoInstances(make: MakeLedger): Promise<readonly [Ledger, Ledger]> {
  stores += 1;
  const store = `store-${process.pid}-${stores}`;
  return [await make({ store }), await make({ store })];
}

/** A run of `more`; each has its own delivery unless told otherwise. */
export function run(
  runId: string,
  { deliveryId = `delivery of ${runId}`, ...more }: Partial<Run> & { deliveryId?: string } = {},
): Run {
  return {
    runId,
    request: {
      deliveryId,
      source: 'alarm',
      selector: { kind: 'candidates', ids: ['h1'] },
      reason: 'no picture',
      requestedBy: 'rule 1',
      requestedAt: NOW,
      dryRun: false,
    },
    state: 'running',
    openedAt: NOW,
    endsAt: at(hours(12)),
    settingsHash: 'abc',
    hosts: ['h1'],
    targets: [],
    requestIds: [],
    ...more,
  };
}

const target = (encodeServerId: string, progress: Progress): Target => ({
  encodeServerId,
  serverId: 'h1',
  resolvedAs: 'abnormal',
  named: false,
  progress,
});

export const waiting = (encodeServerId: string): Target =>
  target(encodeServerId, { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] });

const attempt = { claimedAt: NOW, wasRunning: false, planned: false, number: 1, restartSeen: true };

export const accepted = (encodeServerId: string): Target =>
  target(encodeServerId, { state: 'accepted', attempt, since: NOW });

export type End = Exclude<Outcome, 'held'>;
export const ENDS = ['recovered', 'not_recovered', 'rejected', 'unconfirmed'] as const satisfies End[];

export const ended = (encodeServerId: string, state: End, endedAt = NOW): Target =>
  target(encodeServerId, { state, attempt, endedAt });

/** A target that failed for the last time: from here on a person has to look at it. */
export const givenUp = (encodeServerId: string, endedAt = NOW): Target =>
  target(encodeServerId, { state: 'not_recovered', attempt, endedAt, handedOver: true });

/** Opens a run and takes its lease. */
export async function drive(ledger: Ledger, runId = 'r1', now = NOW): Promise<Lease> {
  await ledger.open(run(runId, { openedAt: now }), now);
  const lease = await ledger.lease(runId, now);
  if (lease === undefined) throw new Error(`${runId} is driven by somebody else`);
  return lease;
}

export const repair = (encodeServerId: string, serverId = 'h1'): ClaimedServer => ({
  encodeServerId,
  serverId,
  planned: false,
});
export const planned = (encodeServerId: string, serverId = 'h1'): ClaimedServer => ({
  ...repair(encodeServerId, serverId),
  planned: true,
});
export const overriding = (...guards: Override['guards']): { readonly override: Override } => ({
  override: { guards, who: 'Li', why: 'the show starts at nine' },
});

/** A claim at `NOW` with ample limits, unless `more` says otherwise. */
export const ask = (
  lease: Lease,
  servers: readonly (string | ClaimedServer)[],
  more: Partial<ClaimRequest> = {},
): ClaimRequest => ({
  lease,
  now: NOW,
  servers: servers.map((server) => (typeof server === 'string' ? repair(server) : server)),
  limits: LIMITS,
  troubled: [],
  ...more,
});

/** Saves the lease's run with these targets. */
export const save = (ledger: Ledger, lease: Lease, ...targets: readonly Target[]): Promise<void> =>
  ledger.save(run(lease.runId, { targets }), lease);

export const granted = (answer: ClaimAnswer): readonly string[] =>
  answer.granted.map(({ encodeServerId }) => encodeServerId);
export const reasons = (answer: ClaimAnswer): readonly string[] =>
  answer.refused.map(({ hold }) => hold.reason.code);

export async function recordOf(ledger: Ledger, encodeServerId: string, now = NOW) {
  return (await ledger.recall([encodeServerId], now)).servers.get(encodeServerId);
}
export async function inFlight(ledger: Ledger): Promise<readonly string[]> {
  return (await ledger.recall([], NOW)).inFlight.map(({ encodeServerId }) => encodeServerId).sort();
}

export const letter = (letterId: string, writtenAt = NOW): Letter => ({
  letterId,
  topicUrn: 'urn:smn:cn-north-4:p1:reports',
  subject: 'Encode servers restarted',
  messageStructure: '{"default":"1 recovered"}',
  writtenAt,
});

/** As `expect(actual).toEqual(wanted)`, but quick when they are the same: histories ask it ten thousands of times. */
export function agree(actual: unknown, wanted: unknown, what?: string): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual, what).toEqual(wanted);
}
