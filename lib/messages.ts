/** What people are told beside the reports of runs, and the letters that anything is told in. Plain data, as types.ts. */
import type { EpochMs } from './time.ts';
import type { Hold, Outcome, Pause, PlatformError, Storm, StormFigures } from './types.ts';

/** Something a person should know that is no run. `code` picks the sentence, the rest are its figures. */
export type Notice =
  | ({ readonly code: 'storm_began'; readonly at: EpochMs } & StormFigures)
  | { readonly code: 'storm_ended'; readonly at: EpochMs; readonly since: EpochMs }
  | {
      readonly code: 'host_out_of_service';
      readonly at: EpochMs;
      readonly serverId: string;
      readonly status: number;
      readonly since: EpochMs;
      readonly encodeServerIds: readonly string[];
    }
  | { readonly code: 'pause_runs_long'; readonly at: EpochMs; readonly pause: Pause }
  | { readonly code: 'ledger_emptied'; readonly at: EpochMs; readonly until: EpochMs }
  | {
      readonly code: 'ledger_away';
      readonly at: EpochMs;
      /** The first time that patrol was not answered; absent: this instance is too young to know. */
      readonly since?: EpochMs;
      /** Hosts and ports. */
      readonly where: string;
      readonly reason: string;
    }
  | { readonly code: 'not_authorised'; readonly at: EpochMs; readonly error: PlatformError }
  /** CPH has not answered since then: nobody knows what is abnormal. */
  | {
      readonly code: 'cph_away';
      readonly at: EpochMs;
      readonly since: EpochMs;
      readonly error: PlatformError;
    }
  | {
      readonly code: 'hardware';
      readonly at: EpochMs;
      /** The platform's event id, such as `gpuAbnormal`. */
      readonly event: string;
      readonly alarmName: string;
      readonly resourceIds: readonly string[];
    }
  | { readonly code: 'template_without_is_alarm'; readonly at: EpochMs; readonly alarmName: string }
  | {
      readonly code: 'alarm_unreadable';
      readonly at: EpochMs;
      readonly topicUrn: string;
      /** What was expected, and what was there. Untrusted text. */
      readonly said: string;
    };

/** What the daily digest says: the sign of life. */
export interface Digest {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly mode: 'observe' | 'active';
  readonly runs: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Distinct servers that would have been restarted. */
  readonly wouldRestart: number;
  /** Servers that a person has to look at, with since when and why. */
  readonly handedOver: readonly {
    readonly encodeServerId: string;
    readonly serverId: string;
    readonly since: EpochMs;
    readonly why: string;
  }[];
  /** What is abnormal now and not handed over, with why it is held, if it is. */
  readonly abnormal: readonly {
    readonly encodeServerId: string;
    readonly serverId: string;
    readonly since: EpochMs;
    readonly hold?: Hold;
  }[];
  /** Servers that were restarted again and again, the most often first: they come back, and hang again. */
  readonly recurring: readonly {
    readonly encodeServerId: string;
    readonly serverId: string;
    readonly restarts: number;
  }[];
  /** CPH could not be asked what is abnormal. */
  readonly abnormalUnknown?: true;
  /** How many are neither running nor abnormal now: restarting, being created, frozen, powered off. */
  readonly others?: number;
  readonly fleet?: number;
  readonly pause?: Pause;
  readonly storm?: Storm;
  readonly exclusions: number;
  /** Reports that nobody accepted; they are in the log in full. */
  readonly undeliverable: number;
  /** The account or region has no ListScheduledEvents: maintenance is not seen. */
  readonly maintenanceUnknown: boolean;
}

/** A message on its way to a topic: kept until SMN has taken it. */
export interface Letter {
  /** The same news has the same id: it is sent once. */
  readonly letterId: string;
  readonly topicUrn: string;
  readonly subject: string;
  readonly messageStructure: string;
  readonly writtenAt: EpochMs;
}
