/**
 * What a deployment writes down about itself, in the variable DEPLOYMENT of each function. By it a function is known
 * as ours, and on it the triggers that we made; and a change is seen that FunctionGraph does not show: of an encrypted
 * value, or of a field that it leaves out of its answers.
 */
import { createHash, scryptSync } from 'node:crypto';
import * as z from 'zod/mini';
import type { Wanted, WantedTrigger } from '../compose.ts';

export const RECORD = 'DEPLOYMENT';

const recordSchema = z.object({
  /** `<service>/<stage>`. */
  of: z.string(),
  /** Mark of the function's URN: in another function it is a copy's. Empty: written before there was this mark. */
  at: z._default(z.string(), ''),
  /** Fingerprint of the zip. */
  code: z._default(z.string(), ''),
  /** Beginning of what FunctionGraph itself calls that code: another one means that somebody else changed it. */
  digest: z._default(z.string(), ''),
  /** Fingerprint of the encrypted variables; empty without any. */
  secrets: z._default(z.string(), ''),
  /** Fingerprints of what our triggers say, by `triggerKey`. */
  triggers: z._default(z.record(z.string(), z.string()), {}),
});

export type DeploymentRecord = z.infer<typeof recordSchema>;

/** `undefined`: the function is not ours. */
export function readRecord(variables: Readonly<Record<string, string>>): DeploymentRecord | undefined {
  try {
    const read = recordSchema.safeParse(JSON.parse(variables[RECORD] ?? ''));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Of a function that was just created: nothing is right yet but whose it is. */
export const firstRecord = ({ urn }: Pick<Wanted, 'urn'>, of: string): DeploymentRecord => ({
  of,
  at: placeMark(urn),
  code: '',
  digest: '',
  secrets: '',
  triggers: {},
});

/** The record of a function that is as wanted. */
export const recordOf = (wanted: Wanted, of: string, code: string, digest: string): DeploymentRecord => ({
  of,
  at: placeMark(wanted.urn),
  code,
  digest: digest.slice(0, DIGEST),
  secrets: secretsMark(wanted.config.encrypted, wanted.urn),
  triggers: Object.fromEntries(
    wanted.triggers.map((trigger) => [triggerKey(trigger.type, trigger.identity), triggerMark(trigger)]),
  ),
});

const DIGEST = 16;
const MARK = 8;

/** Whether the code that runs is the one that the record tells of. */
export const isRecordedDigest = ({ digest }: DeploymentRecord, running: string): boolean =>
  digest === running.slice(0, DIGEST);

/** Short, because all variables together have 4,096 characters. */
const mark = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, MARK);

/** Region, project, group and name: neither what a URN begins with nor its version. */
export const placeOf = (urn: string): string => urn.split(':').slice(2, 7).join(':');

export const placeMark = (urn: string): string => mark(placeOf(urn));

export const triggerKey = (type: string, identity: string): string => mark(`${type} ${identity}`);

export const triggerMark = ({ event_data }: WantedTrigger): string => mark(canonical(event_data));

/**
 * Tells whether secrets changed, and is of no use for more: slow to try (scrypt), salted with the function, and so
 * short that what fits it need not be right.
 */
function secretsMark(encrypted: Readonly<Record<string, string>>, salt: string): string {
  if (Object.keys(encrypted).length === 0) return '';
  const text = canonical(encrypted);
  const asked = createHash('sha256').update(`${salt} ${text}`).digest('hex');
  const known = secretsMarks.get(asked) ?? scryptSync(text, salt, MARK / 2).toString('hex');
  secretsMarks.set(asked, known);
  return known;
}

/** One takes some 50 ms, and a deployment asks for the same more than once. */
const secretsMarks = new Map<string, string>();

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
