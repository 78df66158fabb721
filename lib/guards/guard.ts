/** What a guard is: one question that can hold a target back, asked of plain data. */
import type { Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type { EncodeServer, GuardName, Hold, Host, Pause, ServerRecord, Target } from '../types.ts';

/** All that a guard may know. What could not be looked at is `unchecked`, and that is a no. */
export interface GuardContext {
  readonly now: EpochMs;
  readonly settings: Settings;
  readonly runId: string;
  readonly dryRun: boolean;
  readonly target: Target;
  /** As just seen; `absent`: its host was looked at and it was not there. */
  readonly server: EncodeServer | 'absent' | 'unchecked';
  readonly host: Host | 'absent' | 'unchecked';
  readonly record: ServerRecord | undefined;
  readonly pause: Pause | undefined;
  /** The run that has a restart of this server in flight. */
  readonly inFlightUnder: string | undefined;
  /** Restarts in flight on the target's host, and everywhere, with those decided a moment ago. */
  readonly inFlightOnHost: number;
  readonly inFlight: number;
  /** How many may be in flight at all. */
  readonly concurrency: number;
}

export interface Guard {
  readonly name: GuardName;
  /** The guard's no, or nothing. */
  readonly check: (context: GuardContext) => Omit<Hold, 'guard'> | undefined;
}
