/**
 * The words of the system as types: what a request asks, what is seen, what a run is, why a target is held.
 * Everything here is plain data that survives JSON. See the glossary in docs/develop.md.
 */
import type { Limit } from './settings.ts';
import type { EpochMs } from './time.ts';

// ── What the platform shows ────────────────────────────────────────────────────────────────────────────

/**
 * What an encode server's numeric `status` means for us: 1 running, 2 abnormal, 3 restarting. The official
 * pages contradict each other on 0, 4, 5, 100 and 1014 (creating, frozen, powered off); those and every code
 * that is not documented are `unavailable`: never touched, looked at again.
 */
export type ServerState = 'running' | 'abnormal' | 'restarting' | 'unavailable';

/** An encode server as ListEncodeServers shows it. */
export interface EncodeServer {
  readonly encodeServerId: string;
  /** The host it sits on: the CPH `server_id`. */
  readonly serverId: string;
  readonly name: string;
  /** The platform's own code, kept for reports. */
  readonly status: number;
  readonly state: ServerState;
}

/** A cloud-phone server. `status` 5 is in service; every other code is not. */
export interface Host {
  readonly serverId: string;
  readonly status: number;
}

export interface Phone {
  readonly phoneId: string;
  readonly serverId: string;
}

/** A job as ListJobs shows it: `status` 1 running, 2 success, -1 failed. */
export interface Job {
  readonly jobId: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly beginTime?: string;
  readonly endTime?: string;
  readonly error?: PlatformError;
}

/** An error in the platform's own words; codes are normalised (`CPS0005` is `CPS.0005`). */
export interface PlatformError {
  readonly code: string;
  readonly message: string;
}

/**
 * What an unsuccessful call means for what may be done next.
 * - `not_sent`: it never left (DNS, refused, TLS): may be called again after a wait.
 * - `throttled`: the gateway turned it away: may be called again after a wait.
 * - `conflict`: CPH cannot do it just now: again after 30, 60, 120 s, then it counts as rejected.
 * - `rejected`: CPH said no; calling again would not help.
 * - `not_authorised`: credentials, permission or account: ends the run, needs a person.
 * - `lost`: nobody knows whether it was accepted: look, never call again by guess.
 */
export type FailureKind = 'not_sent' | 'throttled' | 'conflict' | 'rejected' | 'not_authorised' | 'lost';

export interface Failure extends PlatformError {
  readonly kind: FailureKind;
}

// ── What an event asks ─────────────────────────────────────────────────────────────────────────────────

/** Which servers are meant. An alarm yields `candidates`: ids that may be a host, a phone or a server. */
export type Selector =
  | { readonly kind: 'candidates'; readonly ids: readonly string[] }
  | { readonly kind: 'ids'; readonly encodeServerIds: readonly string[]; readonly serverId?: string }
  | { readonly kind: 'hosts'; readonly serverIds: readonly string[] }
  | { readonly kind: 'phones'; readonly phoneIds: readonly string[] }
  | { readonly kind: 'abnormal' }
  | { readonly kind: 'all' };

export type Source = 'alarm' | 'timer' | 'http' | 'patrol';

/** What every event becomes. */
export interface RestartRequest {
  /** Recognises a delivery: the same event delivered twice has the same id. */
  readonly deliveryId: string;
  readonly source: Source;
  readonly selector: Selector;
  /** Why, in one line, as the source says it. Untrusted text. */
  readonly reason: string;
  /** Who or what asked: alarm rule, timer, person. Untrusted text. */
  readonly requestedBy: string;
  /** The event's own time: a timer's `time`, an alarm's, or when the webhook accepted the call. */
  readonly requestedAt: EpochMs;
  readonly dryRun: boolean;
  /** A named person's word against guards, for the ids they name. */
  readonly override?: Override;
  /** What a timer's `user_event` narrows for this run. */
  readonly narrowed?: Narrowing;
}

/** Guards that a person can override, each for explicit ids and with a reason. */
export const OVERRIDABLE = ['ledger', 'storm', 'settling', 'cooldown', 'attempts', 'window'] as const;
export type OverridableGuard = (typeof OVERRIDABLE)[number];

export interface Override {
  readonly guards: readonly OverridableGuard[];
  /** Untrusted text, both. */
  readonly who: string;
  readonly why: string;
}

/** Never wider than the settings: of two limits the smaller counts, of two windows what lies in both. */
export interface Narrowing {
  /** As `parseWindow` reads them. */
  readonly window?: readonly string[];
  readonly maxUnavailable?: Limit;
  readonly maxErrors?: Limit;
}

// ── Guards ─────────────────────────────────────────────────────────────────────────────────────────────

export type GuardName =
  | 'scope'
  | 'ledger'
  | 'pause'
  | 'stale'
  | 'window'
  | 'inventory'
  | 'storm'
  | 'state'
  | 'settling'
  | 'cooldown'
  | 'attempts'
  | 'errors'
  | 'host'
  | 'unavailable'
  | 'concurrency'
  | 'mode';

/** Why a target is held or an outcome is what it is: a code with its figures; `report` puts it into words. */
export type Reason =
  | { readonly code: 'not_included' }
  /** By the settings, or by somebody in the ledger. */
  | { readonly code: 'excluded'; readonly who?: string; readonly why?: string }
  | { readonly code: 'ledger_emptied'; readonly since: EpochMs }
  | { readonly code: 'stale'; readonly requestedAt: EpochMs }
  | { readonly code: 'outside_window'; readonly windows: readonly string[] }
  | { readonly code: 'fleet_shrank'; readonly count: number; readonly usual: number }
  /** `canaries`: how many restarts this round lets through. */
  | ({ readonly code: 'storm'; readonly canaries: number } & StormFigures)
  | { readonly code: 'settling'; readonly since: EpochMs }
  | { readonly code: 'errors'; readonly failures: number; readonly tolerance: number }
  | { readonly code: 'paused'; readonly who: string; readonly why: string }
  | { readonly code: 'well_again' }
  | { readonly code: 'restarting_already' }
  | { readonly code: 'unavailable'; readonly status: number }
  | { readonly code: 'gone' }
  | { readonly code: 'host_not_in_service'; readonly status: number }
  | { readonly code: 'host_gone' }
  | { readonly code: 'host_maintenance'; readonly eventId: string }
  | { readonly code: 'unchecked'; readonly what: 'servers' | 'host' | 'maintenance' | 'fleet' }
  | { readonly code: 'cooldown'; readonly lastAttemptAt: EpochMs }
  | { readonly code: 'in_flight'; readonly runId: string }
  | { readonly code: 'attempts_used'; readonly attempts: number }
  | { readonly code: 'handed_over'; readonly since: EpochMs; readonly why: string }
  | { readonly code: 'host_limit'; readonly inFlight: number; readonly limit: number }
  /** Planned work: this other server of the host is restarting, unverified or troubled. */
  | { readonly code: 'host_busy'; readonly encodeServerId: string }
  /** Planned work: so many servers are troubled or taken by us. */
  | { readonly code: 'unavailable_limit'; readonly unavailable: number; readonly limit: number }
  /** Planned work goes in rounds; this one is not over. */
  | { readonly code: 'round'; readonly inFlight: number; readonly size: number }
  | { readonly code: 'concurrency_limit'; readonly inFlight: number; readonly limit: number }
  | { readonly code: 'observe' }
  | { readonly code: 'dry_run' }
  | { readonly code: 'run_ended' }
  /** A test alarm: so many servers are abnormal now, and none is restarted because of it. */
  | { readonly code: 'test'; readonly abnormal: number }
  /** The selector resolved to nothing: nothing is restarted. */
  | { readonly code: 'nothing_found'; readonly what: string }
  | { readonly code: 'not_authorised'; readonly error: PlatformError }
  /** No call got through for half an hour. */
  | { readonly code: 'turned_away'; readonly error: PlatformError };

/** One guard's no. */
export interface Hold {
  readonly guard: GuardName | 'run';
  readonly reason: Reason;
  /** From when on it could be a yes; absent when nobody can say. */
  readonly until?: EpochMs;
}

/**
 * Guards that only make a target wait its turn; every other no holds it. `settling` is over in a minute: a
 * person's call is not answered with "come again in 40 seconds".
 */
export const WAITING_GUARDS: ReadonlySet<Hold['guard']> = new Set([
  'settling',
  'host',
  'unavailable',
  'concurrency',
]);

// ── What is remembered between runs ────────────────────────────────────────────────────────────────────

/** What the ledger remembers of a server. */
export interface ServerRecord {
  readonly serverId: string;
  /** When each attempt since the last recovery was claimed, oldest first, of the last day. */
  readonly attempts: readonly EpochMs[];
  /** The last claim that was not given back, recovered or not: the cooldown runs from here. */
  readonly lastAttemptAt?: EpochMs;
  /** That attempt failed; in a rolling restart the server goes last. */
  readonly lastFailed?: true;
  readonly firstSeenAbnormalAt?: EpochMs;
  /** `wellSince`: since when each look has shown it running; one look that shows it abnormal ends that. */
  readonly handedOver?: { readonly since: EpochMs; readonly why: string; readonly wellSince?: EpochMs };
  /** Why it was held when people were last told; the same again is no news. */
  readonly toldHeld?: string;
}

/** Ends what people were told of a server that was running: that it runs does not end it. */
export const TOLD_WELL = '+';

/** A claim whose outcome is not known yet. */
export interface InFlight {
  readonly encodeServerId: string;
  readonly serverId: string;
  readonly runId: string;
  readonly claimedAt: EpochMs;
  /** As the look showed it that the claim was made on: what its attempt was, should somebody else have to follow it. */
  readonly wasRunning?: true;
  readonly planned?: true;
  /** The attempt before this one, should the claim be given back. */
  readonly previousAttemptAt?: EpochMs;
  /** The guards that a person overrode for it. */
  readonly override?: Override;
}

export interface Pause {
  readonly who: string;
  readonly why: string;
  readonly until: EpochMs;
  readonly since?: EpochMs;
}

/** Somebody keeps this host or server from being restarted, until they take it back. */
export interface Exclusion {
  readonly who: string;
  readonly why: string;
  readonly since: EpochMs;
}

/** How many servers on how many hosts are troubled, of how many. */
export interface StormFigures {
  readonly troubled: number;
  readonly hosts: number;
  readonly fleet: number;
}

/** Something bigger is going on: restarts go in rounds of canaries. */
export interface Storm {
  readonly since: EpochMs;
  readonly round: StormRound;
}

export interface StormRound {
  readonly startedAt: EpochMs;
  /** How many restarts the round lets through. */
  readonly size: number;
  /** Those that went, with what came of each. */
  readonly canaries: ReadonlyMap<string, 'open' | 'recovered' | 'failed'>;
}

/** How large the fleet was when it was looked at; the newest last. */
export type FleetLooks = readonly { readonly at: EpochMs; readonly count: number }[];

/** What the guards are told of the ledger. */
export interface Recollection {
  readonly servers: ReadonlyMap<string, ServerRecord>;
  readonly inFlight: readonly InFlight[];
  readonly pause?: Pause;
  readonly storm?: Storm;
  /** The storm before, if it ended within the last day. */
  readonly lastStorm?: { readonly since: EpochMs; readonly endedAt: EpochMs };
  /** Every server that a person has to look at. */
  readonly handedOver: ReadonlySet<string>;
  readonly exclusions: ReadonlyMap<string, Exclusion>;
  /** When this ledger was begun; much later than the deployment, it was emptied in between. */
  readonly begunAt: EpochMs;
  readonly fleetLooks: FleetLooks;
}

/** The permission to drive a run: one holder at a time, each with a higher token than the one before. */
export interface Lease {
  readonly runId: string;
  readonly token: number;
}

// ── A run ──────────────────────────────────────────────────────────────────────────────────────────────

/** A call of batch-restart for one target, from the claim on. */
export interface Attempt {
  readonly claimedAt: EpochMs;
  /** The target was running when it was taken: only status 3 or its job shows that the restart happened. */
  readonly wasRunning: boolean;
  /** The restart of a healthy server that nobody named. */
  readonly planned: boolean;
  /** The guards that a person overrode for it. */
  readonly override?: Override;
  /** Which attempt since the last recovery this is, from 1. */
  readonly number: number;
  readonly requestId?: string;
  readonly jobId?: string;
  readonly job?: Job;
  /** Seen in status 3 since the claim. */
  readonly restartSeen: boolean;
  /** What the answer or the job said against it. */
  readonly error?: PlatformError;
}

/** Where a target is. The last five end it. */
export type Progress =
  /**
   * `conflicts`: how often CPH could not just now; `turnedAway`: how often a call was not sent or throttled;
   * `maxBatch`: set when a list that it was in was refused as a whole.
   */
  | {
      readonly state: 'waiting';
      readonly since: EpochMs;
      readonly notBefore?: EpochMs;
      readonly conflicts: number;
      readonly turnedAway: number;
      readonly maxBatch?: number;
      /** Since when something that has to be known could not be looked at. */
      readonly blindSince?: EpochMs;
      readonly holds: readonly Hold[];
    }
  | { readonly state: 'claimed'; readonly attempt: Attempt }
  | { readonly state: 'unknown'; readonly attempt: Attempt; readonly since: EpochMs }
  | { readonly state: 'accepted'; readonly attempt: Attempt; readonly since: EpochMs }
  | { readonly state: 'verifying'; readonly attempt: Attempt; readonly since: EpochMs }
  | {
      readonly state: Exclude<Outcome, 'held'>;
      readonly attempt: Attempt;
      readonly endedAt: EpochMs;
      /** When the next attempt may be; for outcomes that leave the server unwell. */
      readonly until?: EpochMs;
      /** That was the last attempt: from here on a person has to look at it. */
      readonly handedOver?: true;
    }
  | { readonly state: 'held'; readonly holds: readonly Hold[]; readonly endedAt: EpochMs };

export type Outcome = 'recovered' | 'not_recovered' | 'rejected' | 'unconfirmed' | 'held';

export interface Target {
  readonly encodeServerId: string;
  readonly serverId: string;
  /** The state it was in when the selector resolved to it. */
  readonly resolvedAs: ServerState;
  /** An alarm or a person meant this very server, not just its host. */
  readonly named: boolean;
  readonly progress: Progress;
}

export type RunState = 'resolving' | 'watching' | 'running' | 'verifying' | 'done' | 'cancelled' | 'expired';

/** One request being carried out. */
export interface Run {
  readonly runId: string;
  readonly request: RestartRequest;
  readonly state: RunState;
  readonly openedAt: EpochMs;
  /** When its selector was resolved; the request must not be stale by then. */
  readonly resolvedAt?: EpochMs;
  /** What still waits then is held. */
  readonly endsAt: EpochMs;
  readonly endedAt?: EpochMs;
  readonly settingsHash: string;
  /** Hosts that the request led to; where a watching run looks again. */
  readonly hosts: readonly string[];
  readonly targets: readonly Target[];
  /** The `request_id` of every batch-restart call that was answered, in order. */
  readonly requestIds: readonly string[];
  /** Why no more restarts are sent, when something ended the run early. */
  readonly stopped?: Reason;
  /** It has ended, and what it has to tell only waits to be gathered with others. */
  readonly awaitsGathering?: true;
  /** The report's SMN message id once it was accepted. */
  readonly reportedAs?: string;
}

export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean =>
  state === 'done' || state === 'cancelled' || state === 'expired';

// ── Things handed in ───────────────────────────────────────────────────────────────────────────────────

export type LogFields = Readonly<Record<string, unknown>>;

/** One line of JSON a call; `child` adds fields to every line. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

/** Exhaustiveness: a `switch` that reaches this forgot a case. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
