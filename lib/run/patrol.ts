/**
 * The patrol: looks for abnormal servers, carries open runs on, sends what is unsent. It goes round for as long as
 * there is something to do, and ends at once when there is nothing.
 */

import { HuaweiError } from '../huawei/errors.ts';
import { digestMessage } from '../report/digest.ts';
import { after, before, between, type EpochMs, hours, iso, minutes, seconds } from '../time.ts';
import {
  type EncodeServer,
  type Hold,
  hasEnded,
  type Recollection,
  type RestartRequest,
  type Run,
  type Target,
} from '../types.ts';
import { lastDailyAt } from '../window.ts';
import { decide } from './decide.ts';
import { digestOf } from './digest.ts';
import { drive } from './drive.ts';
import { lookAtHandedOver } from './hand-over.ts';
import { look } from './look.ts';
import { newRun } from './open.ts';
import { withTargets } from './resolve.ts';
import { deliverAll, post, reportOptions } from './send.ts';
import type { Sight } from './sight.ts';
import { isOpen, isWaiting, waitingTarget } from './target.ts';
import { isNews, reportGathered } from './tell.ts';
import { noteCph, tellOfDenial, tellOfHostsAway, tellOfStanding, tellOfTrouble } from './trouble.ts';
import type { Until, World } from './world.ts';

/** Between two rounds. */
const ROUND = seconds(10);
/** After a restart that nobody lets us do. */
const DENIED_WAIT = minutes(10);
/** A digest that is due is worked out this often: it is sent once, but the one who does it may die. */
const DIGEST_EVERY = minutes(10);

export interface Patrolled {
  readonly runs: readonly Run[];
  readonly rounds: number;
}

export async function patrol(world: World, until: Until): Promise<Patrolled> {
  const { clock } = world;
  const driving = new Map<string, Promise<void>>();
  const driven = new Map<string, Run>();
  let failure: { readonly error: unknown } | undefined;
  const failed = (error: unknown): void => {
    failure ??= { error };
  };
  const start = (run: Run): void => {
    // One that was left is looked at again only after this invocation.
    if (driving.has(run.runId) || driven.has(run.runId)) return;
    const work = drive(run, world, until)
      .then((left) => void (left !== undefined && driven.set(left.runId, left)))
      .catch(failed)
      .finally(() => driving.delete(run.runId));
    driving.set(run.runId, work);
  };

  // The ledger is begun with the first patrol, not with the first server that is abnormal.
  const memory = await world.ledger.recall([], clock.now());
  let rounds = 0;
  for (;;) {
    rounds += 1;
    const isSettling = await goRound(rounds === 1 ? memory : undefined, world, until, start).catch(failed);
    const next = after(clock.now(), ROUND);
    const isIdle = driving.size === 0 && isSettling !== true;
    if (isIdle || next >= until.work || failure !== undefined) break;
    await Promise.race([clock.sleep(between(clock.now(), next)), ...ended(driving)]);
  }
  await Promise.all(driving.values());
  if (failure !== undefined) throw failure.error;
  await reportWhatEnded(world, until);
  return { runs: [...driven.values()], rounds };
}

/** Carries on the one run that somebody was promised a moment ago. */
export async function carryOn(runId: string, world: World, until: Until): Promise<Patrolled> {
  const run = await world.ledger.run(runId);
  if (run === undefined) {
    world.log.warn('asked to carry on a run that the ledger does not know', { run_id: runId });
    return { runs: [], rounds: 0 };
  }
  const left = hasEnded(run) && run.reportedAs !== undefined ? undefined : await drive(run, world, until);
  await deliverAll(world, until.word);
  return { runs: left === undefined ? [] : [left], rounds: 1 };
}

/** Resolves when the last of what is driven has ended: then there may be nothing left to wait for. */
const ended = (driving: ReadonlyMap<string, Promise<void>>): readonly Promise<unknown>[] =>
  driving.size === 0 ? [] : [Promise.all(driving.values())];

/**
 * One round: servers first, whatever is to be told waits for them. Whether a server is still settling: then another
 * round is worth while. `memory`: in the first round, what the ledger knows beside servers and runs.
 */
async function goRound(
  memory: Recollection | undefined,
  world: World,
  until: Until,
  start: (run: Run) => void,
): Promise<boolean> {
  const unfinished = await world.ledger.unfinishedRuns();
  for (const run of unfinished) if (!hasEnded(run)) start(run);
  try {
    const abnormal = await listAbnormal(world);
    await world.ledger.seenAbnormal(abnormal, world.clock.now());
    if (memory !== undefined) {
      await noteCph(undefined, world);
      await tellOfStanding(memory, abnormal, world);
      await lookAtHandedOver(memory.handedOver, abnormal, world);
    }
    return await repair(abnormal, unfinished, world, start);
  } finally {
    await sendDigest(world);
    await reportWhatEnded(world, until);
  }
}

/** Opens a run for what is abnormal, free and settled, if it comes to anything. */
async function repair(
  abnormal: readonly EncodeServer[],
  unfinished: readonly Run[],
  world: World,
  start: (run: Run) => void,
): Promise<boolean> {
  const { clock, ledger, log, settings } = world;
  const taken = new Set(
    unfinished.flatMap((run) => run.targets.filter(isOpen).map(({ encodeServerId }) => encodeServerId)),
  );
  const free = abnormal.filter(({ encodeServerId }) => !taken.has(encodeServerId));
  const trial = await tried(free, unfinished, world);
  if (trial === undefined) return false;
  const { run, sight, holds } = trial;
  await tellOfTrouble(sight, world);
  await tellOfHostsAway(sight, world);
  const isSettling = holds.some(([first]) => first?.guard === 'settling');
  if (!trial.isWorthIt || (await wasDenied(world))) return isSettling;
  if (await ledger.open(run, clock.now())) {
    log.info('run opened', { run_id: run.runId, targets: run.targets.length, settings: settings.hash });
    start(run);
  }
  return isSettling;
}

/** Whether the last run, a moment ago, was not allowed to do its work: neither would be the next. */
async function wasDenied({ clock, ledger }: World): Promise<boolean> {
  const [last] = await ledger.runsSince(before(clock.now(), DENIED_WAIT), 1);
  return last?.stopped?.code === 'not_authorised';
}

/** @throws HuaweiError; that nobody lets us in any more, or answers, is also told of, once a day */
async function listAbnormal(world: World): Promise<readonly EncodeServer[]> {
  try {
    return await world.cph.listEncodeServers({ status: 2 });
  } catch (error) {
    if (error instanceof HuaweiError) {
      const said = { code: error.code, message: error.said };
      if (error.kind === 'not_authorised') await tellOfDenial(said, world);
      else await noteCph(said, world);
    }
    throw error;
  }
}

interface Trial {
  /** The run as it would be opened: the servers that have settled. */
  readonly run: Run;
  readonly sight: Sight;
  /** What holds each of the free servers, in their order; nothing for one that would be restarted. */
  readonly holds: readonly (readonly Hold[])[];
  /** Something would be restarted, or there is news. */
  readonly isWorthIt: boolean;
}

/** What a run of these servers would come to now. Nothing is written down: the same held servers open no run. */
async function tried(
  free: readonly EncodeServer[],
  pending: readonly Run[],
  world: World,
): Promise<Trial | undefined> {
  if (free.length === 0) return undefined;
  const { clock, settings } = world;
  const now = clock.now();
  const targets = free.map((server) => waitingTarget({ ...server, named: false, now }));
  const found = { targets, hosts: [...new Set(free.map(({ serverId }) => serverId))], unknown: [] };
  const all = withTargets(newRun(patrolRequest(now), world, now), found, world, now);
  const sight = await look(all, world, { room: Number.POSITIVE_INFINITY });
  const decision = decide(all, sight, settings, clock.now());
  const after = decision.run.targets;
  const holds = after.map(({ progress }) => ('holds' in progress ? progress.holds : []));
  const isSettling = (index: number) => holds[index]?.[0]?.guard === 'settling';
  const settled = all.targets.filter((_, index) => !isSettling(index));
  const run = { ...all, targets: settled };
  const outcome = { ...decision.run, targets: after.filter((_, index) => !isSettling(index)) };
  const restarts =
    decision.batches.length > 0 || (await isWorthWaiting(outcome.targets.filter(isWaiting), world));
  const isWorthIt = settled.length > 0 && (restarts || (await isNews(outcome, world, pending)));
  return { run, sight, holds, isWorthIt };
}

/** What cannot be looked at waits at first; once people know, it needs no run. */
async function isWorthWaiting(waiting: readonly Target[], { clock, ledger }: World): Promise<boolean> {
  const blind = waiting
    .filter(({ progress }) => 'blindSince' in progress)
    .map(({ encodeServerId }) => encodeServerId);
  if (blind.length < waiting.length) return true;
  const { servers } = await ledger.recall(blind, clock.now());
  return blind.some((id) => servers.get(id)?.toldHeld?.endsWith('/unchecked') !== true);
}

const patrolRequest = (now: EpochMs): RestartRequest => ({
  deliveryId: `patrol ${iso(now)}`,
  source: 'patrol',
  selector: { kind: 'abnormal' },
  reason: 'abnormal encode servers',
  requestedBy: 'patrol',
  requestedAt: now,
  dryRun: false,
});

/** Reports of runs that ended and were not told of: each by itself, those of patrol gathered. */
async function reportWhatEnded(world: World, until: Until): Promise<void> {
  const { clock, ledger } = world;
  const left: Run[] = [];
  for (const run of (await ledger.unfinishedRuns()).filter(hasEnded)) {
    // `drive` takes the lease, so that two patrols do not send the same report.
    const told = await drive(run, world, { ...until, work: clock.now() });
    if (told !== undefined && hasEnded(told) && told.reportedAs === undefined) left.push(told);
  }
  await reportGathered(
    left.filter(({ request }) => request.source === 'patrol'),
    world,
  );
  await deliverAll(world, until.word);
}

/** Once a day, when it is due: also when nothing happened, so that silence is never a good sign. */
async function sendDigest(world: World): Promise<void> {
  const { clock, ledger, settings } = world;
  const now = clock.now();
  const due = lastDailyAt(settings.digestAt.minutes, settings.digestAt.zone, now);
  // A deployment of this morning owes nothing for yesterday.
  if (between(due, now) > hours(1)) return;
  if (!(await ledger.once('digest', DIGEST_EVERY, now))) return;
  const digest = await digestOf(before(due, hours(24)), due, world);
  await post(`digest/${iso(due)}`, settings.reportTopic, digestMessage(digest, reportOptions(world)), world);
}
