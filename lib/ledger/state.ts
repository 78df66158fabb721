/** The memory ledger's content as plain data, and its reading from a file that seeds one. */
import * as z from 'zod/mini';
import type { Letter } from '../messages.ts';
import { type EpochMs, epochMs, parseInstant } from '../time.ts';
import type { Exclusion, FleetLooks, InFlight, Pause, Run, ServerRecord, Storm, Target } from '../types.ts';

export interface KeptLetter {
  readonly letter: Letter;
  readonly fate: 'unsent' | 'sent' | 'undeliverable';
}

export interface LedgerState {
  readonly servers: Map<string, ServerRecord>;
  readonly inFlight: Map<string, InFlight>;
  readonly runs: Map<string, Run>;
  readonly deliveries: Map<string, { readonly runId: string; readonly at: EpochMs }>;
  /** `token` outlives the lease: the next holder's is higher. */
  readonly leases: Map<string, { readonly token: number; readonly until: EpochMs }>;
  /** Left by `join` for a run's driver. */
  readonly joined: Map<string, readonly Target[]>;
  readonly exclusions: Map<string, Exclusion>;
  readonly letters: Map<string, KeptLetter>;
  /** When something that happens at most once in a while happened last. */
  readonly marks: Map<string, EpochMs>;
  /** Since when something has been so. */
  readonly spells: Map<string, EpochMs>;
  fleetLooks: FleetLooks;
  begunAt?: EpochMs;
  pause?: Pause;
  storm?: Storm;
  lastStorm?: { readonly since: EpochMs; readonly endedAt: EpochMs };
}

export const emptyState = (): LedgerState => ({
  servers: new Map(),
  inFlight: new Map(),
  runs: new Map(),
  deliveries: new Map(),
  leases: new Map(),
  joined: new Map(),
  exclusions: new Map(),
  letters: new Map(),
  marks: new Map(),
  spells: new Map(),
  fleetLooks: [],
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
        last_failed: z._default(z.boolean(), false),
        first_seen_abnormal: z.optional(instant),
        handed_over: z.optional(z.strictObject({ since: instant, why: z.string() })),
      }),
    ),
    {},
  ),
  pause: z.optional(z.strictObject({ who: z.string(), why: z.string(), until: instant })),
  exclusions: z._default(
    z.record(z.string(), z.strictObject({ who: z.string(), why: z.string(), since: instant })),
    {},
  ),
  fleet_looks: z._default(z.array(z.strictObject({ at: instant, count: z.int() })), []),
  begun_at: z.optional(instant),
});

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `got the key ${issue.keys[0] ?? ''}, which means nothing here`;
  return issue.code === 'invalid_type' ? `expected ${issue.expected}` : issue.message;
}

/**
 * Reads a seed: `{"servers":{"<encode_server_id>":{"server_id","attempts":[ISO],"last_attempt","last_failed",
 * "first_seen_abnormal","handed_over":{"since","why"}}},"pause":{"who","why","until"},"exclusions":{"<id>":{"who",
 * "why","since"}},"fleet_looks":[{"at","count"}],"begun_at"}`; times as ISO 8601.
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
  const { servers, pause, exclusions, fleet_looks, begun_at } = parsed.data;
  const state = emptyState();
  for (const [encodeServerId, record] of Object.entries(servers)) {
    const attempts = [...record.attempts].sort((a, b) => a - b);
    const newest = Math.max(...attempts, record.last_attempt ?? 0);
    const last = newest > 0 ? epochMs(newest) : undefined;
    state.servers.set(encodeServerId, {
      serverId: record.server_id,
      attempts,
      ...(last === undefined ? {} : { lastAttemptAt: last }),
      ...(record.last_failed ? { lastFailed: true as const } : {}),
      ...(record.first_seen_abnormal === undefined
        ? {}
        : { firstSeenAbnormalAt: record.first_seen_abnormal }),
      ...(record.handed_over === undefined ? {} : { handedOver: record.handed_over }),
    });
  }
  for (const [id, exclusion] of Object.entries(exclusions)) state.exclusions.set(id, exclusion);
  state.fleetLooks = fleet_looks;
  if (begun_at !== undefined) state.begunAt = begun_at;
  if (pause !== undefined) state.pause = pause;
  return state;
}
