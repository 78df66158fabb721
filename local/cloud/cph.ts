/** The calls of CPH that the local cloud knows, in the platform's names and shapes. */
import type { Asked } from '../model/codes.ts';
import { listEncodeServers, listHosts, showHost, showPhone } from '../model/look.ts';
import { listScheduledEvents } from '../model/maintenance.ts';
import { batchRestart, listJobs, showJob } from '../model/restart.ts';
import { type Answer, cpsError, noSuchApi } from './answer.ts';
import { encodeServerBody, hostBody, jobBody, phoneBody, scheduledEventBody } from './cph-bodies.ts';
import type { Call, Route } from './route.ts';

const ROOT = '/v1/:project_id/cloud-phone';

export const CPH_ROUTES: readonly Route[] = [
  {
    operation: 'ListEncodeServers',
    method: 'GET',
    path: `${ROOT}/encode-servers`,
    answer: (call) => {
      const { model, query, now } = call;
      const asked = { ...pageOf(query), ...numbers(query, ['type', 'status']), ...serverIdOf(query) };
      const found = listEncodeServers(model, asked, now);
      return said(found, call, (seen) => ({ encode_servers: seen.map(encodeServerBody) }));
    },
  },
  {
    operation: 'RestartEncodeServer',
    method: 'POST',
    path: `${ROOT}/encode-servers/batch-restart`,
    answer: (call) => {
      const { model, body, now } = call;
      const ids = typeof body === 'object' && body !== null && 'encode_server_ids' in body;
      const accepted = batchRestart(model, ids ? body.encode_server_ids : undefined, now);
      return said(accepted, call, (batch) => batch);
    },
  },
  {
    operation: 'ListJobs',
    method: 'GET',
    path: `${ROOT}/jobs`,
    answer: (call) => {
      const { model, query, now } = call;
      const asked = query.get('request_ids') ?? query.get('request_id') ?? '';
      const requestIds = asked.split(',').filter((id) => id !== '');
      const found = listJobs(model, requestIds, pageOf(query), now);
      return said(found, call, (jobs) => ({ jobs: jobs.map((job) => jobBody(model, job, now)) }));
    },
  },
  {
    operation: 'ShowJob',
    method: 'GET',
    path: `${ROOT}/jobs/:job_id`,
    answer: (call) => {
      const { model, params, now } = call;
      return said(showJob(model, params['job_id'] ?? '', now), call, (job) => jobBody(model, job, now));
    },
  },
  {
    operation: 'ShowCloudPhoneDetail',
    method: 'GET',
    path: `${ROOT}/phones/:phone_id`,
    answer: (call) => said(showPhone(call.model, call.params['phone_id'] ?? ''), call, phoneBody),
  },
  {
    operation: 'ListCloudPhoneServers',
    method: 'GET',
    path: `${ROOT}/servers`,
    answer: (call) => {
      const { model, query } = call;
      const asked = { ...pageOf(query), ...numbers(query, ['status']), ...serverIdOf(query) };
      return said(listHosts(model, asked), call, (hosts) => ({ servers: hosts.map(hostBody) }));
    },
  },
  {
    operation: 'ShowCloudPhoneServerDetail',
    method: 'GET',
    path: `${ROOT}/servers/:server_id`,
    answer: (call) =>
      said(showHost(call.model, call.params['server_id'] ?? ''), call, (host) => ({
        ...hostBody(host),
        band_widths: [],
        volumes: [],
        share_volume_info: null,
        security_groups: [],
      })),
  },
  {
    operation: 'ListScheduledEvents',
    method: 'GET',
    path: `${ROOT}/scheduled-events`,
    answer: (call) => {
      const { model, query, request_id } = call;
      if (model.behaviour.scheduledEvents === 'missing') return noSuchApi(request_id);
      const limit = numberOf(query.get('limit') ?? '10');
      const marker = query.get('marker') ?? '';
      const found = listScheduledEvents(model, { limit, marker, states: query.getAll('state') });
      return said(found, call, (events) => ({
        count: events.length,
        // Its inner names are not in the documents that were read: these are SMN's and IAM's.
        page_info: {
          next_marker: events.length < limit ? null : (events.at(-1)?.event_id ?? null),
          current_count: events.length,
        },
        scheduled_events: events.map(scheduledEventBody),
      }));
    },
  },
];

function said<Value>(
  asked: Asked<Value>,
  { model, request_id }: Pick<Call, 'model' | 'request_id'>,
  body: (value: Value) => object,
): Answer {
  if (asked.ok) return { status: 200, body: { request_id, ...body(asked.value) } };
  const error = cpsError(asked.code, request_id);
  return { ...error, status: model.behaviour.httpStatusOfCodes(asked.code) ?? error.status };
}

type Query = Call['query'];

/** Not a number stays not a number: the model refuses it. */
const numberOf = (text: string): number => (/^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN);

const pageOf = (query: Query): { offset: number; limit: number } => ({
  offset: numberOf(query.get('offset') ?? '0'),
  limit: numberOf(query.get('limit') ?? '100'),
});

function numbers<Key extends string>(query: Query, keys: readonly Key[]): Partial<Record<Key, number>> {
  const given: Partial<Record<Key, number>> = {};
  for (const key of keys) {
    const text = query.get(key);
    if (text !== null) given[key] = numberOf(text);
  }
  return given;
}

function serverIdOf(query: Query): { server_id?: string } {
  const server_id = query.get('server_id');
  return server_id === null ? {} : { server_id };
}
