/** The memory ledger's content as plain data, and its reading from a file that seeds one. */
import * as z from 'zod/mini';
import { type EpochMs, epochMs, parseInstant } from '../time.ts';
import type { InFlight, Pause, Run, ServerRecord } from '../types.ts';

export interface LedgerState {
  readonly servers: Map<string, ServerRecord>;
  readonly inFlight: Map<string, InFlight>;
  readonly runs: Map<string, Run>;
  readonly deliveries: Map<string, { readonly runId: string; readonly at: EpochMs }>;
  pause?: Pause;
}

export const emptyState = (): LedgerState => ({
  servers: new Map(),
  inFlight: new Map(),
  runs: new Map(),
  deliveries: new Map(),
});

const instant = z.pipe(
  z
    .string()
    .check(z.refine((text) => parseInstant(text) !== undefined, 'expected a time like 2026-01-31T03:00:00Z')),
  z.transform((text) => parseInstant(text) as EpochMs),
);
const seed = z.strictObject({
  servers: z._default(
    z.record(
      z.string(),
      z.strictObject({
        server_id: z.string(),
        attempts: z._default(z.array(instant), []),
        last_attempt: z.optional(instant),
        first_seen_abnormal: z.optional(instant),
        handed_over: z.optional(z.strictObject({ since: instant, why: z.string() })),
      }),
    ),
    {},
  ),
  pause: z.optional(z.strictObject({ who: z.string(), why: z.string(), until: instant })),
});

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `got the key ${issue.keys[0] ?? ''}, which means nothing here`;
  return issue.code === 'invalid_type' ? `expected ${issue.expected}` : issue.message;
}

/**
 * Reads a seed: `{"servers":{"<encode_server_id>":{"server_id","attempts":[ISO],"last_attempt","handed_over":
 * {"since","why"}}},"pause":{"who","why","until"}}`; times as ISO 8601.
 * @throws Error naming the place and what was expected there
 */
export function seededState(given: unknown): LedgerState {
  const parsed = seed.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `ledger: ${issue?.path.join('.') || 'file'}: ${issue === undefined ? 'not readable' : expectation(issue)}`,
    );
  }
  const state = emptyState();
  for (const [encodeServerId, record] of Object.entries(parsed.data.servers)) {
    const attempts = [...record.attempts].sort((a, b) => a - b);
    const newest = Math.max(...attempts, record.last_attempt ?? 0);
    const last = newest > 0 ? epochMs(newest) : undefined;
    state.servers.set(encodeServerId, {
      serverId: record.server_id,
      attempts,
      ...(last === undefined ? {} : { lastAttemptAt: last }),
      ...(record.first_seen_abnormal === undefined
        ? {}
        : { firstSeenAbnormalAt: record.first_seen_abnormal }),
      ...(record.handed_over === undefined ? {} : { handedOver: record.handed_over }),
    });
  }
  if (parsed.data.pause !== undefined) state.pause = parsed.data.pause;
  return state;
}
