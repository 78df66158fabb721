/**
 * The one place that restarts. A restart cannot be taken back and has no idempotency token: the intent is in
 * the ledger before the call, the call is made once, and what became of it is in the ledger before the next.
 */

import type { RestartAnswer } from '../huawei/cph.ts';
import { failureOf, HuaweiError } from '../huawei/errors.ts';
import { after, between, type EpochMs, milliseconds } from '../time.ts';
import {
  type Attempt,
  type Failure,
  type Hold,
  type Lease,
  type Progress,
  type Run,
  type Target,
  unreachable,
  WAITING_GUARDS,
} from '../types.ts';
import { claim } from './claims.ts';
import type { Decision } from './decide.ts';
import { ended } from './follow.ts';
import { BACKOFF, CONFLICT_WAITS, SEND_WITHIN, TURNED_AWAY_MOST } from './limits.ts';
import type { Planned } from './plan.ts';
import type { Sight } from './sight.ts';
import { withProgress } from './target.ts';
import type { World } from './world.ts';

type Waiting = Extract<Progress, { state: 'waiting' }>;

/** What became of a target's part in a call, and whether its claim is given back. */
interface Fate {
  readonly progress: Progress;
  readonly giveBack?: true;
  readonly stop?: Failure;
}

/** Claims and restarts the targets of each batch, one call after the other, while a further call may be made. */
export async function act(
  run: Run,
  lease: Lease,
  { adopted, batches }: Pick<Decision, 'adopted' | 'batches'>,
  sight: Sight,
  world: World,
  mayCall: () => boolean,
): Promise<Run> {
  let current = adopted.length === 0 ? run : await adopt(run, lease, adopted, sight, world);
  for (const batch of batches) {
    if (current.stopped !== undefined || !mayCall()) break;
    current = await restart(current, lease, batch, sight, world);
  }
  return current;
}

/** Restarts that are under way already, by a copy of a call of ours: they count, and are not called for again. */
async function adopt(
  run: Run,
  lease: Lease,
  targets: readonly Target[],
  sight: Sight,
  world: World,
): Promise<Run> {
  const { clock, ledger, log } = world;
  const batch = targets.map((target) => ({
    target,
    planned: target.resolvedAs === 'running' && !target.named,
  }));
  const { attempts, refusals } = await claim(run, lease, batch, sight, world);
  const now = clock.now();
  const next: Run = {
    ...run,
    targets: run.targets.map((target) => {
      const attempt = attempts.get(target.encodeServerId);
      const refusal = refusals.get(target.encodeServerId);
      if (attempt !== undefined) {
        return withProgress(target, {
          state: 'accepted',
          attempt: { ...attempt, restartSeen: true },
          since: now,
        });
      }
      return refusal === undefined
        ? target
        : withProgress(target, { state: 'held', holds: [refusal], endedAt: now });
    }),
  };
  await ledger.save(next, lease);
  log.info('restarts under way already', { adopted: attempts.size, refused: refusals.size });
  return next;
}

async function restart(
  run: Run,
  lease: Lease,
  batch: readonly Planned[],
  sight: Sight,
  world: World,
): Promise<Run> {
  const { clock, ledger, log, settings } = world;
  const { claimedAt, attempts, refusals } = await claim(run, lease, batch, sight, world);
  const ids = [...attempts.keys()];
  const call = ids.length === 0 ? undefined : await callOnce(ids, claimedAt, world);
  const now = clock.now();

  const fates = new Map<string, Fate>();
  for (const {
    target: { encodeServerId, progress },
  } of batch) {
    const refusal = refusals.get(encodeServerId);
    const attempt = attempts.get(encodeServerId);
    if (progress.state !== 'waiting') continue;
    if (refusal !== undefined) fates.set(encodeServerId, { progress: refused(progress, refusal, now) });
    else if (attempt !== undefined && call !== undefined) {
      fates.set(
        encodeServerId,
        fateOf(progress, attempt, call, encodeServerId, ids.length, { now, settings }),
      );
    }
  }
  const givenBack = ids.filter((id) => fates.get(id)?.giveBack === true);
  const stop = [...fates.values()].find((fate) => fate.stop !== undefined)?.stop;
  const next: Run = {
    ...run,
    targets: run.targets.map((target) =>
      withProgress(target, fates.get(target.encodeServerId)?.progress ?? target.progress),
    ),
    requestIds: call?.answer === undefined ? run.requestIds : [...run.requestIds, call.answer.requestId],
    ...(stop === undefined
      ? {}
      : { stopped: { code: 'not_authorised' as const, error: { code: stop.code, message: stop.message } } }),
  };
  if (givenBack.length > 0) await ledger.giveBack(lease, givenBack);
  await ledger.save(next, lease);
  log.info('restart called', {
    asked: batch.length,
    claimed: ids.length,
    given_back: givenBack.length,
    cph_request_id: call?.answer?.requestId,
    failure: call?.failure?.code,
  });
  if (call?.unexpected !== undefined) throw call.unexpected;
  return next;
}

/** What a call came to: an answer, or a failure that stands for every id of it. */
interface Call {
  readonly answer?: RestartAnswer;
  readonly failure?: Failure & { readonly retryAfter?: number };
  /** Not an error of the platform: told to the caller after what happened is written down. */
  readonly unexpected?: unknown;
}

async function callOnce(ids: readonly string[], claimedAt: EpochMs, { clock, cph }: World): Promise<Call> {
  if (between(claimedAt, clock.now()) > SEND_WITHIN) {
    const message = 'the claim was too old to be used by the time the call could be made';
    return { failure: { kind: 'not_sent', code: 'claim_too_old', message } };
  }
  try {
    return { answer: await cph.batchRestart(ids) };
  } catch (error) {
    if (!(error instanceof HuaweiError)) {
      return {
        failure: { kind: 'lost', code: 'unexpected_error', message: 'the call broke off' },
        unexpected: error,
      };
    }
    const { retryAfter } = error;
    return { failure: { ...failureOf(error), ...(retryAfter === undefined ? {} : { retryAfter }) } };
  }
}

function refused(waiting: Waiting, hold: Hold, now: EpochMs): Progress {
  if (WAITING_GUARDS.has(hold.guard)) return { ...waiting, holds: [hold] };
  return { state: 'held', holds: [hold], endedAt: now };
}

/** Codes of a whole call that may be about one id of its list: which one, only smaller lists can tell. */
const ABOUT_ONE_OF_THEM: ReadonlySet<string> = new Set([
  'CPS.0098',
  'CPS.0099',
  'CPS.0121',
  'CPS.0122',
  'CPS.0123',
  'CPS.0124',
  'CPS.0158',
  'CPS.0195',
]);

function fateOf(
  waiting: Waiting,
  attempt: Attempt,
  { answer, failure }: Call,
  id: string,
  size: number,
  context: { now: EpochMs; settings: World['settings'] },
): Fate {
  const { now } = context;
  if (answer === undefined) {
    if (failure === undefined) return { progress: { state: 'unknown', attempt, since: now } };
    const isSplit = size > 1 && ABOUT_ONE_OF_THEM.has(failure.code);
    if (isSplit) return { progress: { ...waiting, maxBatch: Math.ceil(size / 2) }, giveBack: true };
    return fateOfFailure(waiting, attempt, failure, context);
  }
  const item = answer.items.find(({ encodeServerId }) => encodeServerId === id);
  const named: Attempt = { ...attempt, requestId: answer.requestId };
  if (item === undefined) return { progress: { state: 'unknown', attempt: named, since: now } };
  if (item.failure !== undefined) return fateOfFailure(waiting, named, item.failure, context);
  const withJob = item.jobId === undefined ? named : { ...named, jobId: item.jobId };
  return { progress: { state: 'accepted', attempt: withJob, since: now } };
}

function fateOfFailure(
  waiting: Waiting,
  attempt: Attempt,
  failure: Failure & { readonly retryAfter?: number },
  context: { now: EpochMs; settings: World['settings'] },
): Fate {
  const { now } = context;
  const error = { code: failure.code, message: failure.message };
  switch (failure.kind) {
    case 'not_sent':
    case 'throttled': {
      if (waiting.turnedAway >= TURNED_AWAY_MOST) {
        const hold: Hold = { guard: 'run', reason: { code: 'turned_away', error } };
        return { progress: { state: 'held', holds: [hold], endedAt: now }, giveBack: true };
      }
      const backoff = Math.min(BACKOFF.most, BACKOFF.first * 2 ** waiting.turnedAway);
      const notBefore = after(
        now,
        milliseconds(Math.max(backoff, Math.min(failure.retryAfter ?? 0, BACKOFF.asked))),
      );
      return { progress: { ...waiting, notBefore, turnedAway: waiting.turnedAway + 1 }, giveBack: true };
    }
    case 'conflict': {
      const wait = CONFLICT_WAITS[waiting.conflicts];
      if (wait === undefined) return { progress: ended('rejected', { ...attempt, error }, context) };
      const again = { ...waiting, notBefore: after(now, wait), conflicts: waiting.conflicts + 1 };
      return { progress: again, giveBack: true };
    }
    case 'rejected':
      return { progress: ended('rejected', { ...attempt, error }, context) };
    case 'not_authorised':
      return { progress: waiting, giveBack: true, stop: failure };
    case 'lost':
      return { progress: { state: 'unknown', attempt: { ...attempt, error }, since: now } };
    default:
      return unreachable(failure.kind);
  }
}
