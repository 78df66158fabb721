/** CPH's rows as they are written in answers, with every key that the platform has. */
import { type EpochMs, iso } from '../../lib/time.ts';
import type { SeenServer } from '../model/look.ts';
import type { ScheduledEvent } from '../model/maintenance.ts';
import { jobStatusAt } from '../model/restart.ts';
import type { Host, Job, Model, Phone } from '../model/state.ts';

export function encodeServerBody({ server, status }: SeenServer): object {
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

export function jobBody({ behaviour }: Model, job: Job, now: EpochMs): object {
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

export const phoneBody = ({ phone_id, server_id, name }: Phone): object => ({
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

export const hostBody = ({ server_id, name, address, status }: Host): object => ({
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

export const scheduledEventBody = ({ event_id, host, state }: ScheduledEvent): object => ({
  event_id,
  server_id: host.server_id,
  server_name: host.name,
  server_model_name: 'local.host',
  server_state: host.status,
  type: 'system-maintenance',
  authorization_type: 'maintenance',
  state,
  publish_time: null,
  start_time: null,
  finish_time: null,
  not_before: null,
  not_after: null,
  not_before_deadline: null,
  description: null,
});
