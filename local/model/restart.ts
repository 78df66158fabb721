/** Batch restarts and their jobs. */
import { after, type EpochMs } from '../../lib/time.ts';
import { type Asked, type CpsCode, denied, granted, type ItemError, itemError } from './codes.ts';
import { isRestarting, type Page, pageFits, statusAt } from './look.ts';
import type { EncodeServer, Job, Model, Ruling } from './state.ts';

/** One entry for each id that was asked for: a job, or the reason why there is none. */
export type RestartItem =
  | { readonly encode_server_id: string; readonly job_id: string }
  | ({ readonly encode_server_id: string } & ItemError);

export interface BatchRestart {
  readonly request_id: string;
  readonly jobs: readonly RestartItem[];
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Accepts what can be restarted; the rest gets its own error inside the successful answer. */
export function batchRestart(model: Model, ids: unknown, now: EpochMs): Asked<BatchRestart> {
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > model.behaviour.maxIdsPerRestart) {
    return denied('CPS.0122');
  }
  if (!ids.every((id): id is string => typeof id === 'string' && ID.test(id))) return denied('CPS.0121');
  model.restartCalls += 1;
  const request_id = model.newId('request');
  const jobs = ids.map((id, index) => restartOne(model, { id, position: index + 1, request_id }, now));
  return granted({ request_id, jobs });
}

interface Item {
  readonly id: string;
  readonly position: number;
  readonly request_id: string;
}

function restartOne(model: Model, { id, position, request_id }: Item, now: EpochMs): RestartItem {
  const ruling = ruleOn(model, id, position);
  if (ruling.refused !== undefined) return { encode_server_id: id, ...ruling.refused };
  const server = model.servers.get(id);
  if (server === undefined) return { encode_server_id: id, ...itemError('CPS.0123') };
  const refused = refusalOf(model, server, now);
  if (refused !== undefined) return { encode_server_id: id, ...itemError(refused) };
  const job = restart(model, server, { request_id, ruling }, now);
  return { job_id: job.job_id, encode_server_id: id };
}

function ruleOn(model: Model, encode_server_id: string, position: number): Ruling {
  const ask = { call: model.restartCalls, position, encode_server_id };
  // The first that says something about a point decides it.
  return Object.assign({}, ...model.rulings.map((rule) => rule(ask)).reverse());
}

function refusalOf(model: Model, server: EncodeServer, now: EpochMs): CpsCode | undefined {
  const { alreadyRestarting } = model.behaviour;
  if (model.hosts.get(server.row.server_id)?.status !== 5) return 'CPS.0099';
  const status = statusAt(server, now);
  if (isRestarting(server, now) || status === 3) {
    return alreadyRestarting === 'accepted' ? undefined : alreadyRestarting;
  }
  if (status === 4) return 'CPS.0195';
  if (status === 0 || status === 100 || status === 1014) return 'CPS.0124';
  return status === 1 || status === 2 ? undefined : 'CPS.0158';
}

function restart(
  model: Model,
  server: EncodeServer,
  { request_id, ruling }: { request_id: string; ruling: Ruling },
  now: EpochMs,
): Job {
  const { behaviour } = model;
  const { row } = server;
  const endsAt = after(now, behaviour.restartTakes(row));
  const end = ruling.job ?? (row.recovers ? 'succeeds' : behaviour.jobOfTheLost(row));
  const job: Job = {
    job_id: model.newId('job'),
    request_id,
    encode_server_id: row.encode_server_id,
    beginsAt: now,
    ...(end === 'sticks' ? {} : { endsAt }),
    ...(end === 'fails' ? { error: itemError('CPS.0054') } : {}),
  };
  const statusBefore = statusAt(server, now);
  server.status = statusBefore;
  server.restart = {
    shownFrom: after(now, behaviour.listLag(row)),
    endsAt,
    endStatus: ruling.endStatus ?? (row.recovers ? 1 : 2),
  };
  model.jobs.push(job);
  const { job_id, encode_server_id } = job;
  model.restarts.push({ encode_server_id, at: now, request_id, job_id, statusBefore });
  return job;
}

/** Jobs in the order of their making; an error only when none of the requests is known. */
export function listJobs(
  model: Model,
  requestIds: readonly string[],
  { offset, limit }: Page,
  now: EpochMs,
): Asked<readonly Job[]> {
  if (!pageFits({ offset, limit })) return denied('CPS.0002');
  if (requestIds.length === 0) return denied('CPS.0049');
  if (requestIds.length > 20) return denied('CPS.0161');
  const jobs = model.jobs.filter(
    (job) => requestIds.includes(job.request_id) && isRemembered(model, job, now),
  );
  return jobs.length === 0 ? denied('CPS.0050') : granted(jobs.slice(offset, offset + limit));
}

export function showJob(model: Model, jobId: string, now: EpochMs): Asked<Job> {
  const job = model.jobs.find(({ job_id }) => job_id === jobId);
  return job === undefined || !isRemembered(model, job, now) ? denied('CPS.0011') : granted(job);
}

function isRemembered({ behaviour: { jobRetention } }: Model, { beginsAt }: Job, now: EpochMs): boolean {
  return jobRetention === undefined || now < after(beginsAt, jobRetention);
}

/** 1 running, 2 success, -1 failed. */
export function jobStatusAt(job: Job, now: EpochMs): 1 | 2 | -1 {
  if (job.endsAt === undefined || now < job.endsAt) return 1;
  return job.error === undefined ? 2 : -1;
}
