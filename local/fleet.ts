/** Fleets for the local cloud: a small standard one, and those read from a file. */
import * as z from 'zod/mini';
import type { FleetRow } from './model/state.ts';

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** Ids that nobody takes for real ones: a word, zeros, and the numbers of host, server and phone. */
export const standardHostId = (host: number): string => `c10d${digits(host, 28)}`;
export const standardServerId = (host: number, server: number): string =>
  `e5c0de${digits(host, 24)}${digits(server, 2)}`;
const standardPhoneId = (host: number, server: number, phone: number): string =>
  `f0e${digits(host, 25)}${digits(server, 2)}${digits(phone, 2)}`;

/** Four hosts with five encode servers and ten phones each; the first `abnormal` servers are unwell. */
export function standardFleet({ abnormal = 1 }: { readonly abnormal?: number } = {}): FleetRow[] {
  const fleet: FleetRow[] = [];
  for (const host of [1, 2, 3, 4]) {
    for (const server of [1, 2, 3, 4, 5]) {
      fleet.push({
        encode_server_id: standardServerId(host, server),
        server_id: standardHostId(host),
        status: fleet.length < abnormal ? 2 : 1,
        type: 1,
        phones: [1, 2].map((phone) => standardPhoneId(host, server, phone)),
        recovers: true,
        host_status: 5,
      });
    }
  }
  return fleet;
}

const Id = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 of A-Z a-z 0-9 _ -'));

const Row = z.strictObject({
  encode_server_id: Id,
  server_id: Id,
  status: z._default(z.int(), 1),
  type: z._default(z.literal([0, 1]), 0),
  phones: z._default(z.array(Id), []),
  recovers: z._default(z.boolean(), true),
  host_status: z._default(z.int(), 5),
  host_maintenance: z.exactOptional(z.literal(['scheduled', 'executing'])),
  restart_seconds: z.exactOptional(z.number().check(z.minimum(0), z.maximum(86_400))),
});

/** `zod/mini` brings no words of its own. */
const inEnglish = { error: z.locales.en().localeError };

/** The rows of a fleet file; the error names every row and key that is wrong. `json` is text or already parsed. */
export function readFleet(json: unknown): FleetRow[] {
  const parsed = z.array(Row).safeParse(typeof json === 'string' ? parseJson(json) : json, inEnglish);
  if (!parsed.success) {
    throw new Error(
      `The fleet is wrong: ${parsed.error.issues.map(({ path, message }) => `${place(path)}: ${message}`).join('; ')}`,
    );
  }
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new Error(`The fleet is wrong: ${problems.join('; ')}`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('The fleet is wrong: expected JSON, an array of rows', { cause });
  }
}

/** `row 3, phones[0]`; rows count from 1. */
function place(path: readonly PropertyKey[]): string {
  const [row, key, ...rest] = path;
  if (typeof row !== 'number') return 'whole file';
  const inside = rest.map((part) => `[${String(part)}]`).join('');
  return key === undefined ? `row ${row + 1}` : `row ${row + 1}, ${String(key)}${inside}`;
}

/** What each row may say for itself, but not beside the others. */
function contradictions(fleet: readonly FleetRow[]): string[] {
  const problems: string[] = [];
  const rowOfServer = new Map<string, number>();
  const statusOfHost = new Map<string, number>();
  const hostOfPhone = new Map<string, string>();
  for (const [index, { encode_server_id, server_id, host_status, phones }] of fleet.entries()) {
    const row = index + 1;
    const earlier = rowOfServer.get(encode_server_id);
    if (earlier !== undefined) problems.push(`row ${row}, encode_server_id: the same as in row ${earlier}`);
    rowOfServer.set(encode_server_id, row);
    if ((statusOfHost.get(server_id) ?? host_status) !== host_status) {
      problems.push(`row ${row}, host_status: not what an earlier row says of host ${server_id}`);
    }
    statusOfHost.set(server_id, host_status);
    for (const phone of phones) {
      if ((hostOfPhone.get(phone) ?? server_id) !== server_id) {
        problems.push(`row ${row}, phones: ${phone} is on another host in an earlier row`);
      }
      hostOfPhone.set(phone, server_id);
    }
  }
  return problems;
}
