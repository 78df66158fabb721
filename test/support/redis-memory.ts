/** What a fleet costs in Redis: one run restarts all of it, and after each stage every key is weighed. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { after, type EpochMs, epochMs, hours, minutes, seconds } from '../../lib/time.ts';
import type { Attempt, Lease, Progress, Run, Target } from '../../lib/types.ts';

export interface Fleet {
  readonly servers: number;
  readonly perHost: number;
}

/** Bytes a server. */
export interface Weights {
  /** A run is open and all of its servers wait. */
  readonly waiting: number;
  /** All are claimed, accepted, with their jobs, and being verified: the most that there ever is. */
  readonly verifying: number;
  /** The run has ended and can still be read. */
  readonly ended: number;
  /** What outlives the run. */
  readonly known: number;
  /** The same when the restarts failed, once and three times. */
  readonly failed: number;
  readonly failedThrice: number;
  /** All of these held, and people told why; then handed over to them. */
  readonly told: number;
  readonly handedOver: number;
}

const BEGIN = epochMs(1_772_389_800_000);
const BATCH = 100;
/** As long and as mixed as CPH's, and the same each time: what a fleet weighs hangs a little on where its ids fall. */
const idOf = (kind: 'server' | 'host' | 'request' | 'job', index: number) =>
  createHash('sha256').update(`${kind} ${index}`).digest('hex').slice(0, 32);

export async function weigh(ledger: Ledger, redis: Redis, tag: string, fleet: Fleet): Promise<Weights> {
  const perServer = async () => (await bytesOf(redis, tag)) / fleet.servers;
  const run = runOf(fleet);
  await ledger.open(run, BEGIN);
  const lease = await ledger.lease(run.runId, BEGIN);
  if (lease === undefined) throw new Error('the run is new: nobody drives it');
  const waiting = await perServer();
  const verified = await claimAll(ledger, run, lease);
  const verifying = await perServer();
  await endAll(ledger, verified, lease, 'recovered');
  const ended = await perServer();
  await forget(ledger, after(BEGIN, hours(49)));
  const known = await perServer();
  await fail(50);
  const failed = await perServer();
  await fail(52);
  await fail(54);
  const failedThrice = await perServer();
  const held = run.targets.map(({ encodeServerId, serverId }) => ({ encodeServerId, serverId }));
  await ledger.told(
    [],
    'm2',
    held.map((server) => ({ ...server, why: 'cooldown/cooldown' })),
  );
  const told = await perServer();
  const ids = held.map(({ encodeServerId }) => encodeServerId);
  await ledger.handOver(ids, 'not back after 3 restarts', after(BEGIN, hours(56)));
  const handedOver = await perServer();
  return { waiting, verifying, ended, known, failed, failedThrice, told, handedOver };

  /** All of it once more so many hours later; the run itself is forgotten. */
  async function fail(hour: number): Promise<void> {
    const openedAt = after(BEGIN, hours(hour));
    const request = { ...run.request, deliveryId: `d${hour}` };
    const again = { ...run, runId: `r${hour}`, openedAt, request };
    await ledger.open(again, openedAt);
    const driver = await ledger.lease(again.runId, openedAt);
    if (driver === undefined) throw new Error('the run is new: nobody drives it');
    await endAll(ledger, await claimAll(ledger, again, driver), driver, 'not_recovered');
    await forget(ledger, after(openedAt, hours(49)));
  }
}

async function bytesOf(redis: Redis, tag: string): Promise<number> {
  let bytes = 0;
  for await (const keys of redis.scanStream({ match: `{${tag}}:*`, count: 1_000 })) {
    for (const key of keys as string[]) {
      // All of it: by default Redis looks at five entries and multiplies.
      bytes += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
    }
  }
  return bytes;
}

function runOf({ servers, perHost }: Fleet): Run {
  const hosts = Array.from({ length: Math.ceil(servers / perHost) }, (_, index) => idOf('host', index));
  const targets = Array.from(
    { length: servers },
    (_, index): Target => ({
      encodeServerId: idOf('server', index),
      serverId: hosts[Math.floor(index / perHost)] ?? '',
      resolvedAs: 'abnormal',
      named: false,
      progress: { state: 'waiting', since: BEGIN, conflicts: 0, turnedAway: 0, holds: [] },
    }),
  );
  return {
    runId: '20260301T183000Z-5f3a9c01',
    request: {
      deliveryId: 'd1',
      source: 'timer',
      selector: { kind: 'all' },
      reason: 'nightly',
      requestedBy: 'timer nightly',
      requestedAt: BEGIN,
      dryRun: false,
    },
    state: 'running',
    openedAt: BEGIN,
    endsAt: after(BEGIN, hours(12)),
    settingsHash: 'abc',
    hosts: [],
    targets,
    requestIds: [],
  };
}

async function claimAll(ledger: Ledger, run: Run, lease: Lease): Promise<Run> {
  const targets: Target[] = [];
  const many = run.targets.length;
  const limits = {
    cooldown: minutes(30),
    maxAttempts: 3,
    maxPerHost: 10,
    maxConcurrency: many,
    maxUnavailable: many,
  };
  for (let first = 0; first < many; first += BATCH) {
    const batch = run.targets.slice(first, first + BATCH);
    const now = after(run.openedAt, seconds(first / BATCH));
    const servers = batch.map((target) => ({ ...target, planned: false }));
    const { granted } = await ledger.claim({ lease, now, servers, limits, troubled: [] });
    if (granted.length !== batch.length) throw new Error('the limits let everything through');
    const requestId = idOf('request', first);
    targets.push(
      ...batch.map((target, index) => ({
        ...target,
        progress: verifyingOf(now, requestId, idOf('job', first + index)),
      })),
    );
  }
  const verifying: Run = { ...run, targets };
  await ledger.save(verifying, lease);
  return verifying;
}

function verifyingOf(claimedAt: EpochMs, requestId: string, jobId: string): Progress {
  const job = {
    jobId,
    status: 'succeeded',
    beginTime: '2026-03-01T18:30:12Z',
    endTime: '2026-03-01T18:31:05Z',
  } as const;
  const attempt: Attempt = {
    claimedAt,
    wasRunning: false,
    planned: false,
    number: 1,
    requestId,
    jobId,
    job,
    restartSeen: true,
  };
  return { state: 'verifying', attempt, since: after(claimedAt, seconds(40)) };
}

async function endAll(
  ledger: Ledger,
  run: Run,
  lease: Lease,
  state: 'recovered' | 'not_recovered',
): Promise<void> {
  const targets = run.targets.map((target) => {
    const { progress } = target;
    if (progress.state !== 'verifying') return target;
    const endedAt = after(progress.since, minutes(1));
    return { ...target, progress: { state, attempt: progress.attempt, endedAt } };
  });
  await ledger.save({ ...run, state: 'done', targets }, lease);
  await ledger.told([run.runId], 'm1', []);
}

/** Old runs are dropped when the next is opened. */
async function forget(ledger: Ledger, now: EpochMs): Promise<void> {
  const empty = {
    ...runOf({ servers: 0, perHost: 1 }),
    runId: `r${now}`,
    openedAt: now,
    state: 'done' as const,
  };
  await ledger.open({ ...empty, request: { ...empty.request, deliveryId: `d${now}` } }, now);
}
