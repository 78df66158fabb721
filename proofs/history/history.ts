/** A history: everything that will happen, written down before it is played. Plain data; the same data plays the same. */
import type { CpsCode } from '../../local/model/codes.ts';
import type { FleetRow } from '../../local/model/state.ts';

/** Where an instance meets the world. */
export type Op =
  | `ledger.${string}`
  | 'cph.restart'
  | 'cph.list'
  | 'cph.jobs'
  | 'cph.host'
  | 'cph.phone'
  | 'cph.events'
  | 'smn.publish'
  | 'functiongraph.invoke';

/** What befalls an instance, or the world around it, right before or after its n-th meeting of a kind. */
export type Blow =
  | { readonly does: 'die' }
  | { readonly does: 'freeze'; readonly seconds: number }
  | { readonly does: 'pause'; readonly minutes: number }
  | { readonly does: 'exclude' }
  | { readonly does: 'empty' }
  | { readonly does: 'by_hand' }
  | { readonly does: 'hang' };

/** How one call goes wrong. */
export type Trouble =
  | 'lost_before'
  | 'lost_after'
  /** Accepted long after the caller gave up. */
  | 'lost_late'
  | 'not_sent'
  | 'throttled'
  | 'conflict'
  | 'error_500'
  | 'invalid'
  | 'unreadable'
  | 'not_authorised'
  | 'some_refused'
  | 'some_busy'
  | 'some_missing'
  | 'jobs_fail'
  | 'jobs_stick'
  | 'jobs_lie'
  | 'refused'
  | 'away';

export type Strike =
  | {
      readonly op: Op;
      readonly nth: number;
      readonly side: 'before' | 'after';
      readonly blow: Blow;
    }
  | { readonly op: Op; readonly nth: number; readonly trouble: Trouble };

/** What is wrong with a service for a while. */
export interface Period {
  readonly what:
    | 'smn_down'
    | 'smn_throttled'
    | 'smn_refuses'
    | 'ledger_away'
    | 'cph_down'
    | 'cph_throttled'
    | 'list_shrunk'
    | 'list_shifts';
  readonly from: number;
  readonly until: number;
}

/** `at` and all times: milliseconds from the start. */
export type Happening = { readonly at: number } & (
  | { readonly kind: 'alarm'; readonly ids: readonly string[]; readonly key: string; readonly age: number }
  | { readonly kind: 'timer'; readonly userEvent: object | undefined; readonly due: number }
  | {
      readonly kind: 'call';
      readonly method: string;
      readonly path: string;
      readonly body?: object;
      readonly key?: string;
    }
  | { readonly kind: 'hang'; readonly id: string }
  | { readonly kind: 'by_hand'; readonly id: string }
  | { readonly kind: 'status'; readonly id: string; readonly status: number }
  | { readonly kind: 'host'; readonly serverId: string; readonly status: number }
  | { readonly kind: 'settings'; readonly change: Readonly<Record<string, unknown>> }
  | { readonly kind: 'empty' }
);

/** What nobody knows of the platform, drawn anew for each history. */
export interface Platform {
  readonly alreadyRestarting: CpsCode | 'accepted';
  /** Most ids of a restart call. */
  readonly maxIds: number;
  readonly listLag: number;
  readonly jobRetention: number | undefined;
  readonly jobOfTheLost: 'succeeds' | 'fails';
  readonly scheduledEvents: 'published' | 'missing' | 'forbidden';
  /** How often an event whose invocation failed is delivered again. */
  readonly retries: number;
  /** How long after its failure, in milliseconds. */
  readonly retryAfter: number;
  /** Whether the platform also delivers what was killed again. */
  readonly retriesKilled: boolean;
  /** Most that a call takes, in milliseconds. */
  readonly ledgerTakes: number;
  readonly cphTakes: number;
  /** How long the connections of a frozen instance still take what it writes when it thaws, in milliseconds. */
  readonly frozenSocketLives: number;
  /** How much an instance misjudges the ledger's time at most: half of the way there and back, which is under 2 s. */
  readonly skew: number;
  /** The time limit of an alarm's and of a patrol's invocation, in seconds. */
  readonly alarmLimit: number;
  readonly patrolLimit: number;
  /** How far apart the timer's patrols really come, in milliseconds; a timer may skip a beat. */
  readonly patrolEvery: number;
}

export interface History {
  readonly seed: number;
  readonly fleet: readonly FleetRow[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly platform: Platform;
  readonly happenings: readonly Happening[];
  readonly strikes: readonly Strike[];
  readonly periods: readonly Period[];
  /** From then on nothing goes wrong any more. */
  readonly calmAt: number;
  /** Whether somebody ends a pause then, or it has to end by itself. */
  readonly resumes: boolean;
}
