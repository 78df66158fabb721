/**
 * Cloud Phone (CPH): the calls that a restart needs, in our words. Everything throws `HuaweiError`.
 * Source: API pages cph_api_0526 (encode servers), 0527 (restart), 0522 (jobs), 0507 (scheduled events) and
 * the SDK's URL list.
 */
import { seconds } from '../time.ts';
import type { EncodeServer, Failure, Host, Job, Phone } from '../types.ts';
import type { Call, Client } from './client.ts';
import { failureOfItem, HuaweiError } from './errors.ts';
import { allPages, gathered, readable, readableRows } from './reading.ts';
import { type ScheduledEvent, type ScheduledEventState, scheduledEventsIn } from './scheduled-events.ts';
import * as schemas from './schemas.ts';

export type { ScheduledEvent, ScheduledEventState } from './scheduled-events.ts';

export interface EncodeServerQuery {
  readonly serverId?: string;
  readonly status?: number;
}

export interface HostQuery {
  readonly serverId?: string;
  readonly status?: number;
}

export interface Cph {
  /** All of them; a host that CPH does not know has none. */
  listEncodeServers(query?: EncodeServerQuery): Promise<readonly EncodeServer[]>;
  /** Page after page, for a search that may stop early. */
  pagesOfEncodeServers(query?: EncodeServerQuery): AsyncIterable<readonly EncodeServer[]>;
  /** Whether there is an encode server at this offset: lets the fleet be measured without listing it. */
  encodeServerExistsAt(offset: number, status?: number): Promise<boolean>;
  /** Undefined: no such phone, in any form of "not found". */
  showPhone(phoneId: string): Promise<Phone | undefined>;
  /** Undefined: no such host, in any form of "not found". */
  showHost(serverId: string): Promise<Host | undefined>;
  /** All hosts; there is no total to compare with. */
  listHosts(query?: HostQuery): Promise<readonly Host[]>;
  /**
   * Maintenance that the platform has in hand, on hosts. The API is new: `isApiMissing` tells an account or a
   * region without it from other failures.
   */
  listScheduledEvents(query: {
    readonly states: readonly ScheduledEventState[];
  }): Promise<readonly ScheduledEvent[]>;
  /**
   * Sent once, whatever comes back; the answer is awaited for 20 s. An id that is not among the items was not
   * answered for: nobody knows what became of it.
   */
  batchRestart(encodeServerIds: readonly string[]): Promise<RestartAnswer>;
  /** The jobs of these restart calls, as far as CPH knows them yet. */
  listJobs(requestIds: readonly string[]): Promise<readonly Job[]>;
}

export interface RestartAnswer {
  readonly requestId: string;
  readonly items: readonly RestartItem[];
}

export interface RestartItem {
  readonly encodeServerId: string;
  readonly jobId?: string;
  readonly failure?: Failure;
}

const READ_DEADLINE = seconds(10);
const RESTART_DEADLINE = seconds(20);
/** ListJobs takes no more request ids than this (CPS.0161). */
const REQUEST_IDS_A_CALL = 20;

/** Codes that say "no such phone" or "no such host", the invalid form of an id included. */
const NOT_FOUND = new Set(
  ['0004', '0005', '0015', '0016', '0097', '0156', '0159'].map((number) => `CPS.${number}`),
);
/** What a restart call that was answered a moment ago has: no jobs yet. */
const NO_JOBS_YET = new Set(['CPS.0011', 'CPS.0050']);

export function createCph(client: Client): Cph {
  const { log } = client;

  async function call(
    operation: string,
    parts: readonly string[],
    more: Partial<Call> = {},
  ): Promise<unknown> {
    const path = ['v1', client.projectId, 'cloud-phone', ...parts];
    const answer = await client.call({ operation, method: 'GET', path, deadline: READ_DEADLINE, ...more });
    return answer.data;
  }

  async function* pagesOfEncodeServers({ serverId, status }: EncodeServerQuery = {}) {
    const operation = 'ListEncodeServers';
    const fetchPage = async (offset: number, limit: number) => {
      const query = { server_id: serverId, status, offset, limit };
      const data = await call(operation, ['encode-servers'], { query }).catch((error: unknown) => {
        // Without a host to be unknown, "not found" is a wrong endpoint, not an empty fleet.
        if (serverId !== undefined && isNotFound(error)) return { encode_servers: [] };
        throw error;
      });
      const { encode_servers } = readable(client, operation, schemas.encodeServersAnswer, data);
      return readableRows(client, operation, schemas.encodeServer, encode_servers);
    };
    yield* allPages(client, operation, fetchPage, (server) => server.encodeServerId);
  }

  async function encodeServerExistsAt(offset: number, status?: number): Promise<boolean> {
    const operation = 'ListEncodeServers';
    const query = { offset, limit: 1, ...(status === undefined ? {} : { status }) };
    const data = await call(operation, ['encode-servers'], { query });
    return readable(client, operation, schemas.encodeServersAnswer, data).encode_servers.length > 0;
  }

  async function showPhone(phoneId: string): Promise<Phone | undefined> {
    const operation = 'ShowCloudPhoneDetail';
    const data = await unlessNotFound(call(operation, ['phones', phoneId]));
    const phone = schemas.phone.safeParse(data);
    if (phone.success && (phone.data.phone_id ?? phoneId) === phoneId) {
      return { phoneId, serverId: phone.data.server_id };
    }
    if (data !== undefined) log.warn('the answer for a phone names no host, or another phone', { operation });
    return undefined;
  }

  async function showHost(serverId: string): Promise<Host | undefined> {
    const operation = 'ShowCloudPhoneServerDetail';
    const data = await unlessNotFound(call(operation, ['servers', serverId]));
    if (data === undefined) return undefined;
    const host = readable(client, operation, schemas.host, { server_id: serverId, ...(data as object) });
    return host.serverId === serverId ? host : undefined;
  }

  async function listHosts({ serverId, status }: HostQuery = {}): Promise<readonly Host[]> {
    const operation = 'ListCloudPhoneServers';
    const fetchPage = async (offset: number, limit: number) => {
      const data = await call(operation, ['servers'], {
        query: { server_id: serverId, status, offset, limit },
      });
      const { servers } = readable(client, operation, schemas.hostsAnswer, data);
      return readableRows(client, operation, schemas.host, servers);
    };
    return gathered(allPages(client, operation, fetchPage, (host) => host.serverId));
  }

  async function listScheduledEvents({ states }: { readonly states: readonly ScheduledEventState[] }) {
    const operation = 'ListScheduledEvents';
    const found: ScheduledEvent[] = [];
    // One state a call: a name that is twice in a query is nothing that the signer signs.
    for (const state of new Set(states)) {
      const fetchPage = (limit: number, marker: string | undefined) =>
        call(operation, ['scheduled-events'], { query: { state, limit, marker } });
      found.push(...(await scheduledEventsIn(client, operation, fetchPage)));
    }
    return found;
  }

  async function batchRestart(encodeServerIds: readonly string[]): Promise<RestartAnswer> {
    const operation = 'RestartEncodeServer';
    const asked = new Set(encodeServerIds);
    if (asked.size === 0) {
      const said = 'expected at least one encode server id; nothing was sent';
      throw new HuaweiError({ kind: 'rejected', service: client.service, operation, code: 'no_ids', said });
    }
    const data = await call(operation, ['encode-servers', 'batch-restart'], {
      method: 'POST',
      body: { encode_server_ids: [...asked] },
      deadline: RESTART_DEADLINE,
    });
    const { request_id, jobs } = readable(client, operation, schemas.restartAnswer, data);
    const { rows } = readableRows(client, operation, schemas.restartItem, jobs);
    const items = new Map<string, RestartItem>();
    for (const { encodeServerId, jobId, error } of rows) {
      if (!asked.has(encodeServerId)) {
        log.warn('an answer for an encode server that was not asked for was ignored', {
          operation,
          encodeServerId,
        });
        continue;
      }
      const item: RestartItem = {
        encodeServerId,
        ...(jobId === undefined ? {} : { jobId }),
        ...(error === undefined ? {} : { failure: failureOfItem(error.code, error.message) }),
      };
      const earlier = items.get(encodeServerId);
      if (earlier === undefined || weight(item) > weight(earlier)) items.set(encodeServerId, item);
    }
    return { requestId: request_id, items: [...items.values()] };
  }

  async function listJobs(requestIds: readonly string[]): Promise<readonly Job[]> {
    const distinct = [...new Set(requestIds)];
    const jobs = new Map<string, Job>();
    for (let from = 0; from < distinct.length; from += REQUEST_IDS_A_CALL) {
      for (const job of await jobsOf(distinct.slice(from, from + REQUEST_IDS_A_CALL)))
        jobs.set(job.jobId, job);
    }
    return [...jobs.values()];
  }

  async function jobsOf(requestIds: readonly string[]): Promise<readonly Job[]> {
    const operation = 'ListJobs';
    const fetchPage = async (offset: number, limit: number) => {
      const data = await call(operation, ['jobs'], {
        query: { request_ids: requestIds.join(','), offset, limit },
      });
      return readableRows(
        client,
        operation,
        schemas.job,
        readable(client, operation, schemas.jobsAnswer, data).jobs,
      );
    };
    try {
      return await gathered(allPages(client, operation, fetchPage, (job) => job.jobId));
    } catch (error) {
      if (!(error instanceof HuaweiError) || !NO_JOBS_YET.has(error.code)) throw error;
      if (requestIds.length < 2) return [];
      // It does not say which of them is unknown: one that is too fresh must not hide the jobs of the others.
      const middle = Math.ceil(requestIds.length / 2);
      return [...(await jobsOf(requestIds.slice(0, middle))), ...(await jobsOf(requestIds.slice(middle)))];
    }
  }

  return {
    listEncodeServers: (query) => gathered(pagesOfEncodeServers(query)),
    pagesOfEncodeServers,
    encodeServerExistsAt,
    showPhone,
    showHost,
    listHosts,
    listScheduledEvents,
    batchRestart,
    listJobs,
  };
}

/** Whether the API itself is not there, in this region or for this account: neither a no nor a fault. */
export function isApiMissing(error: unknown): boolean {
  return error instanceof HuaweiError && (error.httpStatus === 404 || error.httpStatus === 501);
}

/** Permission errors; all others of their kind are about the credentials or the account, and no call would pass. */
const PERMISSION: ReadonlySet<string> = new Set(['CPS.0001', 'APIGW.0302', 'APIGW.0306']);

/** Whether this account may not use that API: no policy grants it, in the platform's codes or in HTTP's. */
export function isApiForbidden(error: unknown): boolean {
  return error instanceof HuaweiError && (PERMISSION.has(error.code) || error.httpStatus === 403);
}

/** Of two items for one server the one that says more for the restart wins: it must not be sent again. */
const weight = (item: RestartItem): number =>
  item.jobId !== undefined ? 2 : item.failure === undefined ? 1 : 0;

function isNotFound(error: unknown): boolean {
  if (!(error instanceof HuaweiError)) return false;
  // The gateway's 404 says that there is no such API: a wrong endpoint, not a missing phone.
  const missing = error.httpStatus === 404 && !error.code.startsWith('APIGW.');
  return missing || NOT_FOUND.has(error.code) || error.code === 'unusable_id';
}

async function unlessNotFound(data: Promise<unknown>): Promise<unknown> {
  try {
    return await data;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
