/**
 * The shapes of the services' answers at the border: what we need must be there, all else is ignored; snake_case ends
 * here. Numbers may come as strings, ids may not come as anything else.
 */
import * as z from 'zod/mini';
import type { EncodeServer, Host, Job, PlatformError, ServerState } from '../types.ts';
import { shown } from './answer.ts';
import { normaliseCode } from './errors.ts';

const id = z.string().check(z.minLength(1), z.maxLength(128));
const integer = z.union([z.int(), z.pipe(z.string().check(z.regex(/^-?\d{1,9}$/)), z.transform(Number))]);
/** Text that we can do without: whatever is no text is none. */
const text = z.catch(z.nullish(z.string()), undefined);
/** An error code must never be overlooked because of its type: what is neither text nor number spoils its row. */
const errorCode = z.nullish(z.union([z.string(), z.pipe(z.number(), z.transform(String))]));

/** A list of rows that are checked one by one: a bad one costs itself, not its page. */
const rows = z.pipe(
  z.nullable(z.array(z.unknown())),
  z.transform((list) => list ?? []),
);

export const encodeServersAnswer = z.object({ encode_servers: rows });
export const hostsAnswer = z.object({ servers: rows });
export const scheduledEventsAnswer = z.object({ scheduled_events: rows, page_info: z.optional(z.unknown()) });
export const invokeAnswer = z.object({ request_id: id });
export const jobsAnswer = z.object({ jobs: rows });
export const publishAnswer = z.object({ message_id: id });
export const restartAnswer = z.object({ request_id: id, jobs: z.array(z.unknown()) });

const STATE_OF_STATUS: ReadonlyMap<number, ServerState> = new Map([
  [1, 'running'],
  [2, 'abnormal'],
  [3, 'restarting'],
]);
/** For a status that cannot be read: no code of the platform, and `unavailable` like every unknown one. */
const UNREADABLE_STATUS = -1;

export const encodeServer = z.pipe(
  z.object({
    encode_server_id: id,
    server_id: id,
    encode_server_name: text,
    status: z.catch(integer, UNREADABLE_STATUS),
  }),
  z.transform(
    (row): EncodeServer => ({
      encodeServerId: row.encode_server_id,
      serverId: row.server_id,
      name: row.encode_server_name ?? '',
      status: row.status,
      state: STATE_OF_STATUS.get(row.status) ?? 'unavailable',
    }),
  ),
);

export const phone = z.object({ phone_id: z.optional(id), server_id: id });

export const host = z.pipe(
  z.object({ server_id: id, status: integer }),
  z.transform((row): Host => ({ serverId: row.server_id, status: row.status })),
);

export const scheduledEvent = z.pipe(
  z.object({ event_id: id, server_id: id, state: z.string(), type: text }),
  z.transform((row) => ({
    eventId: row.event_id,
    serverId: row.server_id,
    state: row.state,
    type: row.type ?? '',
  })),
);

const JOB_STATUS = { 1: 'running', 2: 'succeeded', [-1]: 'failed' } as const;

export const job = z.pipe(
  z.object({
    job_id: id,
    status: z.pipe(integer, z.literal([1, 2, -1])),
    begin_time: text,
    end_time: text,
    error_code: errorCode,
    error_msg: text,
  }),
  z.transform((row): Job => {
    const error = errorIn(row);
    return {
      jobId: row.job_id,
      status: JOB_STATUS[row.status],
      ...(row.begin_time ? { beginTime: row.begin_time } : {}),
      ...(row.end_time ? { endTime: row.end_time } : {}),
      ...(error === undefined ? {} : { error }),
    };
  }),
);

export const restartItem = z.pipe(
  z.object({ encode_server_id: id, job_id: text, error_code: errorCode, error_msg: text }),
  z.transform((row) => ({
    encodeServerId: row.encode_server_id,
    jobId: row.job_id || undefined,
    error: errorIn(row),
  })),
);

/** Empty and null both mean success. */
function errorIn(row: {
  readonly error_code?: string | null | undefined;
  readonly error_msg?: string | null | undefined;
}): PlatformError | undefined {
  if (!row.error_code) return undefined;
  return { code: normaliseCode(shown(row.error_code, [])), message: shown(row.error_msg ?? '', []) };
}
