/** A run as plain facts for machines: what came of how many servers, and every one of them with its why. */
import { type EpochMs, iso } from '../time.ts';
import {
  type Hold,
  hasEnded,
  type Override,
  type Progress,
  type Run,
  type RunState,
  type Source,
  type Target,
} from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import { reasonText } from './reasons.ts';
import { attemptOf, errorOf, holdsOf, standingOf, untilOf, why } from './sentences.ts';
import { byAttention, tally } from './tally.ts';
import { english } from './words.en.ts';
import type { Standing } from './words.ts';

/** Times are ISO 8601 in UTC, reasons are English; text that others wrote is cleaned. */
export interface RestartFacts {
  readonly encode_server_id: string;
  readonly server_id: string;
  readonly job_id?: string;
  readonly request_id?: string;
  readonly outcome: Standing;
  readonly state: Progress['state'];
  readonly reason: string | null;
  /** When the next attempt may be, or when the guard that holds it could say yes. */
  readonly until: string | null;
  /** That was the last attempt: from here on a person has to look at it. */
  readonly handed_over?: true;
  /** Which attempt since the last recovery this was, from 1. */
  readonly attempt: number | null;
  /** The restart of a healthy server that nobody named; absent when there was no attempt. */
  readonly planned?: boolean;
  /** A person's word against guards, recorded with the claim. */
  readonly override?: OverrideFacts;
  readonly error?: { readonly code: string; readonly message: string };
  /** The claim, and the outcome. */
  readonly begin_time?: string;
  readonly end_time?: string;
  /** As ListJobs wrote them. */
  readonly job_begin_time?: string;
  readonly job_end_time?: string;
  readonly holds: readonly HoldFacts[];
}

/** `code` is stable, `reason` is for reading. */
export interface HoldFacts {
  readonly guard: string;
  readonly code: string;
  readonly reason: string;
  readonly until: string | null;
}

export interface OverrideFacts {
  readonly who: string;
  readonly why: string;
  readonly guards: readonly string[];
}

export interface Summary {
  readonly counts: Readonly<Record<Standing, number>>;
  readonly restarts: readonly RestartFacts[];
}

export interface RunFacts extends Summary {
  readonly run_id: string;
  readonly state: RunState;
  readonly trigger: {
    readonly source: Source;
    readonly reason: string;
    readonly requested_by: string;
    readonly requested_at: string;
    readonly delivery_id: string;
    readonly dry_run: boolean;
    readonly override?: OverrideFacts;
  };
  readonly opened_at: string;
  /** When the run ended, else when its last target did; only for a finished run. */
  readonly ended_at?: string;
  readonly finished: boolean;
  readonly stopped?: string;
  /** It answers a test alarm. */
  readonly test?: true;
  readonly request_ids: readonly string[];
}

export const summarise = (run: Run): Summary => ({
  counts: tally(run).counts,
  restarts: byAttention(run.targets).map(restartFacts),
});

export const runFacts = (run: Run): RunFacts => ({
  ...headFacts(run),
  restarts: byAttention(run.targets).map(restartFacts),
});

/** All but the rows, which can be a hundred thousand. */
export function headFacts(run: Run): Omit<RunFacts, 'restarts'> {
  const { request } = run;
  const endedAt = hasEnded(run) ? (run.endedAt ?? lastEnd(run.targets)) : undefined;
  return {
    run_id: cleanId(run.runId),
    state: run.state,
    trigger: {
      source: request.source,
      reason: clean(request.reason, LIMITS.line),
      requested_by: clean(request.requestedBy, LIMITS.line),
      requested_at: iso(request.requestedAt),
      delivery_id: clean(request.deliveryId, LIMITS.line),
      dry_run: request.dryRun,
      ...(request.override === undefined ? {} : { override: overrideFacts(request.override) }),
    },
    opened_at: iso(run.openedAt),
    ...(endedAt === undefined ? {} : { ended_at: iso(endedAt) }),
    finished: hasEnded(run),
    ...(run.stopped === undefined ? {} : { stopped: reasonText(run.stopped, english) }),
    ...(run.stopped?.code === 'test' ? { test: true } : {}),
    counts: tally(run).counts,
    request_ids: run.requestIds.map(cleanId),
  };
}

export function restartFacts({ encodeServerId, serverId, progress }: Target): RestartFacts {
  const attempt = attemptOf(progress);
  const error = errorOf(attempt);
  const { beginTime, endTime } = attempt?.job ?? {};
  return {
    encode_server_id: cleanId(encodeServerId),
    server_id: cleanId(serverId),
    ...(attempt?.jobId === undefined ? {} : { job_id: cleanId(attempt.jobId) }),
    ...(attempt?.requestId === undefined ? {} : { request_id: cleanId(attempt.requestId) }),
    outcome: standingOf(progress),
    state: progress.state,
    reason: why(progress, english) ?? null,
    until: isoOrNull(untilOf(progress)),
    attempt: attempt?.number ?? null,
    ...(attempt === undefined ? {} : { planned: attempt.planned }),
    ...(attempt?.override === undefined ? {} : { override: overrideFacts(attempt.override) }),
    ...(error === undefined
      ? {}
      : { error: { code: cleanId(error.code), message: clean(error.message, LIMITS.error) } }),
    ...(attempt === undefined ? {} : { begin_time: iso(attempt.claimedAt) }),
    ...('handedOver' in progress ? { handed_over: true } : {}),
    ...('endedAt' in progress ? { end_time: iso(progress.endedAt) } : {}),
    ...(beginTime === undefined ? {} : { job_begin_time: cleanId(beginTime) }),
    ...(endTime === undefined ? {} : { job_end_time: cleanId(endTime) }),
    holds: holdsOf(progress).map(holdFacts),
  };
}

export const holdFacts = ({ guard, reason, until }: Hold): HoldFacts => ({
  guard,
  code: reason.code,
  reason: reasonText(reason, english),
  until: isoOrNull(until),
});

const overrideFacts = ({ who, why: reason, guards }: Override): OverrideFacts => ({
  who: clean(who, LIMITS.id),
  why: clean(reason, LIMITS.line),
  guards,
});

const isoOrNull = (at: EpochMs | undefined): string | null => (at === undefined ? null : iso(at));

const lastEnd = (targets: readonly Target[]): EpochMs | undefined =>
  targets.reduce<EpochMs | undefined>((last, { progress }) => {
    if (!('endedAt' in progress)) return last;
    return last === undefined || progress.endedAt > last ? progress.endedAt : last;
  }, undefined);
