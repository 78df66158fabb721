/** The calls of CPH that the local cloud knows, in the platform's names and shapes. */
import { type EpochMs, iso } from '../../lib/time.ts';
import type { Asked } from '../model/codes.ts';
import { listEncodeServers, listHosts, type SeenServer, showHost, showPhone } from '../model/look.ts';
import { batchRestart, jobStatusAt, listJobs, showJob } from '../model/restart.ts';
import type { Host, Job, Model, Phone } from '../model/state.ts';
import { type Answer, cpsError } from './answer.ts';
import type { Call, Route } from './route.ts';

const ROOT = '/v1/:project_id/cloud-phone';

export const CPH_ROUTES: readonly Route[] = [
  {
    operation: 'ListEncodeServers',
    method: 'GET',
    path: `${ROOT}/encode-servers`,
    answer: ({ model, query, now, request_id }) => {
      const asked = { ...pageOf(query), ...numbers(query, ['type', 'status']), ...serverIdOf(query) };
      const found = listEncodeServers(model, asked, now);
      return said(found, request_id, (seen) => ({ encode_servers: seen.map(encodeServerBody) }));
    },
  },
  {
    operation: 'RestartEncodeServer',
    method: 'POST',
    path: `${ROOT}/encode-servers/batch-restart`,
    answer: ({ model, body, now, request_id }) => {
      const ids = typeof body === 'object' && body !== null && 'encode_server_ids' in body;
      const accepted = batchRestart(model, ids ? body.encode_server_ids : undefined, now);
      return said(accepted, request_id, (batch) => batch);
    },
  },
  {
    operation: 'ListJobs',
    method: 'GET',
    path: `${ROOT}/jobs`,
    answer: ({ model, query, now, request_id }) => {
      const asked = query.get('request_ids') ?? query.get('request_id') ?? '';
      const requestIds = asked.split(',').filter((id) => id !== '');
      const found = listJobs(model, requestIds, pageOf(query));
      return said(found, request_id, (jobs) => ({ jobs: jobs.map((job) => jobBody(model, job, now)) }));
    },
  },
  {
    operation: 'ShowJob',
    method: 'GET',
    path: `${ROOT}/jobs/:job_id`,
    answer: ({ model, params, now, request_id }) =>
      said(showJob(model, params['job_id'] ?? ''), request_id, (job) => jobBody(model, job, now)),
  },
  {
    operation: 'ShowCloudPhoneDetail',
    method: 'GET',
    path: `${ROOT}/phones/:phone_id`,
    answer: ({ model, params, request_id }) =>
      said(showPhone(model, params['phone_id'] ?? ''), request_id, phoneBody),
  },
  {
    operation: 'ListCloudPhoneServers',
    method: 'GET',
    path: `${ROOT}/servers`,
    answer: ({ model, query, request_id }) => {
      const asked = { ...pageOf(query), ...numbers(query, ['status']), ...serverIdOf(query) };
      return said(listHosts(model, asked), request_id, (hosts) => ({ servers: hosts.map(hostBody) }));
    },
  },
  {
    operation: 'ShowCloudPhoneServerDetail',
    method: 'GET',
    path: `${ROOT}/servers/:server_id`,
    answer: ({ model, params, request_id }) =>
      said(showHost(model, params['server_id'] ?? ''), request_id, (host) => ({
        ...hostBody(host),
        band_widths: [],
        volumes: [],
        share_volume_info: null,
        security_groups: [],
      })),
  },
];

function said<Value>(asked: Asked<Value>, request_id: string, body: (value: Value) => object): Answer {
  if (!asked.ok) return cpsError(asked.code, request_id);
  return { status: 200, body: { request_id, ...body(asked.value) } };
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

function encodeServerBody({ server, status }: SeenServer): object {
  const { row, name, address } = server;
  const port = {
    listen_port: 6902,
    access_ip: address,
    intranet_ip: address,
    public_ip: address,
    server_ip: address,
    access_port: 6902,
    type: 'port1',
    server_ipv6: null,
  };
  return {
    encode_server_name: name,
    encode_server_id: row.encode_server_id,
    encode_server_ip: address,
    encode_server_ipv6: null,
    server_id: row.server_id,
    keypair_name: 'local-keypair',
    type: row.type,
    status,
    access_infos: [port],
  };
}

function jobBody({ behaviour }: Model, job: Job, now: EpochMs): object {
  const status = jobStatusAt(job, now);
  const { job_id, encode_server_id, beginsAt, endsAt, error } = job;
  return {
    job_id,
    ...(behaviour.jobsNameServers ? { encode_server_id } : {}),
    begin_time: iso(beginsAt),
    end_time: status === 1 || endsAt === undefined ? null : iso(endsAt),
    status,
    // Jobs write their codes without the dot, as the platform's own sample does.
    error_code: status === -1 ? (error?.error_code.replace('.', '') ?? null) : null,
    error_msg: status === -1 ? (error?.error_msg ?? null) : null,
    execute_msg: null,
  };
}

const phoneBody = ({ phone_id, server_id, name }: Phone): object => ({
  phone_name: name,
  phone_id,
  server_id,
  phone_model_name: 'local.phone',
  image_id: null,
  image_version: null,
  vnc_enable: 'false',
  status: 2,
  type: 0,
  imei: null,
  traffic_type: 'routing',
  volume_mode: 0,
  availability_zone: 'local-1a',
  metadata: { order_id: null, product_id: null },
  has_encrypt: false,
  access_infos: [],
  property: null,
});

const hostBody = ({ server_id, name, address, status }: Host): object => ({
  server_name: name,
  server_id,
  availability_zone: 'local-1a',
  server_model_name: 'local.host',
  phone_model_name: 'local.phone',
  keypair_name: 'local-keypair',
  status,
  vpc_id: null,
  addresses: [{ intranet_ip: address, access_ip: address, server_ip: address, public_ip: address }],
  metadata: { product_id: null, order_id: null, charging_mode: null },
  network_version: 'v2',
  enterprise_project_id: null,
});
