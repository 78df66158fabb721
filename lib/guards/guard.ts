/** What a guard is: one question that can hold a target back, asked of plain data. */
import type { Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type {
  EncodeServer,
  GuardName,
  Hold,
  Host,
  InFlight,
  Recollection,
  RestartRequest,
  ServerRecord,
  StormFigures,
  Target,
} from '../types.ts';
import type { Window } from '../window.ts';

/** What is the same for every target of a run at one moment. What could not be looked at is a no. */
export interface Situation {
  readonly now: EpochMs;
  readonly settings: Settings;
  readonly runId: string;
  readonly request: RestartRequest;
  /** When the request was taken up: its age counts until then. */
  readonly takenUpAt: EpochMs;
  readonly memory: Recollection;
  /** The restarts in flight, by encode server id. */
  readonly inFlight: ReadonlyMap<string, InFlight>;
  /** Every troubled server with its host. */
  readonly troubled: ReadonlyMap<string, string> | 'unchecked';
  /** Hosts under maintenance that goes on now, with the event's id. */
  readonly maintenance: ReadonlyMap<string, string> | 'unchecked';
  readonly fleet: { readonly total: number; readonly eligible: number } | 'unchecked';
  /** The storm's figures; nothing when there is none; what could not be looked at. */
  readonly storm: StormFigures | undefined | 'servers' | 'fleet';
  /** Planned work lies inside all of these lists, each a choice of windows. */
  readonly windows: readonly (readonly Window[])[];
  /** How many may be in flight at all; for planned work, how many may be unavailable. */
  readonly concurrency: number;
  readonly unavailable: number;
  readonly rolling: Rolling;
}

/** How a run's planned work stands. */
export interface Rolling {
  readonly failures: number;
  readonly tolerance: number;
  /** Planned restarts of the run in flight: its round is not over. */
  readonly inFlight: number;
  /** How many restarts the next round has. */
  readonly roundSize: number;
}

/** A restart in flight, or one decided a moment ago. */
export interface Taken {
  readonly encodeServerId: string;
  readonly serverId: string;
}

/** All that a guard may know. */
export interface GuardContext extends Situation {
  readonly target: Target;
  /** The restart of a healthy server that nobody named; everything else is repair. */
  readonly planned: boolean;
  /** As just seen; `absent`: its host was looked at and it was not there. */
  readonly server: EncodeServer | 'absent' | 'unchecked';
  readonly host: Host | 'absent' | 'unchecked';
  /** The servers of its host, as just seen. */
  readonly neighbours: ReadonlyMap<string, EncodeServer>;
  readonly record: ServerRecord | undefined;
  /** In flight, or decided a moment ago: how many in all, and which on its host. */
  readonly taken: number;
  readonly takenOnHost: readonly Taken[];
  /** Troubled or taken, nobody twice. */
  readonly missing: number;
  /** Of those decided a moment ago: how many are planned, and how many are not: in a storm its canaries. */
  readonly plannedNow: number;
  readonly canariesNow: number;
}

export interface Guard {
  readonly name: GuardName;
  /** The guard's no, or nothing. */
  readonly check: (context: GuardContext) => Omit<Hold, 'guard'> | undefined;
}
