/** What the local cloud consists of, and how it behaves where the platform's documentation leaves it open. */
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { CpsCode, ItemError } from './codes.ts';

/** One encode server in a fleet file. Field names are the platform's. */
export interface FleetRow {
  readonly encode_server_id: string;
  /** The host it sits on. */
  readonly server_id: string;
  /** 1 running, 2 abnormal, 3 restarting, 4 frozen, 5 shut down, 0, 100 and 1014 being created. */
  readonly status: number;
  /** 0 server, 1 container. */
  readonly type: number;
  readonly phones: readonly string[];
  /** Whether a restart mends it. */
  readonly recovers: boolean;
  /** 5 in service; the same for all servers of a host. */
  readonly host_status: number;
  readonly restart_seconds?: number;
  /** The platform's own work on the host, if there is any; the same for all servers of a host. */
  readonly host_maintenance?: Maintenance;
}

/** `state` of a scheduled event. */
export type Maintenance = 'scheduled' | 'executing';

/** How a restart will go. */
export interface Restart {
  /** From when on the list shows status 3. */
  readonly shownFrom: EpochMs;
  readonly endsAt: EpochMs;
  readonly endStatus: number;
}

export interface EncodeServer {
  readonly row: FleetRow;
  readonly name: string;
  readonly address: string;
  /** Its status before the restart under way, if there is one. */
  status: number;
  restart?: Restart;
}

export interface Host {
  readonly server_id: string;
  readonly name: string;
  readonly address: string;
  readonly status: number;
  readonly maintenance?: Maintenance;
}

export interface Phone {
  readonly phone_id: string;
  readonly server_id: string;
  readonly name: string;
}

export interface Job {
  readonly job_id: string;
  readonly request_id: string;
  readonly encode_server_id: string;
  readonly beginsAt: EpochMs;
  /** Absent: it stays running for ever. */
  readonly endsAt?: EpochMs;
  readonly error?: ItemError;
}

/** A message as it was published: `messages` by protocol, `default` for those that are not there. */
export interface Mail {
  readonly message_id: string;
  readonly topic_urn: string;
  readonly at: EpochMs;
  readonly subject: string;
  readonly messages: Readonly<Record<string, string>>;
}

/** What a function subscribed to a topic is handed. */
export interface Notification {
  readonly topic_urn: string;
  readonly message_id: string;
  readonly timestamp: string;
  readonly subject: string;
  readonly message: string;
}

export interface Subscription {
  readonly name: string;
  readonly deliver: (notification: Notification) => void;
  /** `functionstage` unless it says otherwise. */
  readonly protocol?: string;
  /** An address, a number, a URN; its name unless it says otherwise. */
  readonly endpoint?: string;
  /** 0 is unconfirmed, 1 confirmed, as it is unless it says otherwise, 3 cancelled. */
  readonly status?: 0 | 1 | 3;
}

/** One server in a batch-restart call; `call` and `position` count from 1. */
export interface RestartAsk {
  readonly call: number;
  readonly position: number;
  readonly encode_server_id: string;
}

/** What a fault makes of one server's restart; what it leaves out goes its usual way. */
export interface Ruling {
  readonly refused?: ItemError;
  readonly job?: 'succeeds' | 'fails' | 'sticks';
  readonly endStatus?: number;
}

export interface Behaviour {
  /** The platform documents no limit for encode servers; its sibling for hosts takes 100. */
  readonly maxIdsPerRestart: number;
  readonly restartTakes: (row: FleetRow) => DurationMs;
  /** How long the list still shows the old status after a restart was accepted. */
  readonly listLag: (row: FleetRow) => DurationMs;
  /** Undocumented: what a restart of a server that is restarting already is answered with. */
  readonly alreadyRestarting: CpsCode | 'accepted';
  /** How the job of a server ends that no restart mends. */
  readonly jobOfTheLost: (row: FleetRow) => 'succeeds' | 'fails';
  /** The jobs' `encode_server_id` was documented in 2021 and is not any more. */
  readonly jobsNameServers: boolean;
  /** The dimension by which Cloud Eye names a host; SYS.CPH's are not published. */
  readonly alarmDimension: string;
  /** How long a job can be asked for after it began; absent: for ever. Undocumented. */
  readonly jobRetention?: DurationMs;
  /** The HTTP status that comes with a code, where it is another than usual: they have moved over the years. */
  readonly httpStatusOfCodes: (code: CpsCode) => number | undefined;
  /** In which order the servers are listed; asked for every page anew. */
  readonly order: (servers: readonly EncodeServer[]) => readonly EncodeServer[];
  /** ListScheduledEvents is new: not every region has it. */
  readonly scheduledEvents: 'published' | 'missing';
}

export interface Model {
  readonly region: string;
  readonly projectId: string;
  behaviour: Behaviour;
  /** In the order in which they are usually listed. */
  readonly servers: ReadonlyMap<string, EncodeServer>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly phones: ReadonlyMap<string, Phone>;
  readonly jobs: Job[];
  /** Every restart that was accepted: shows whether a server was restarted twice. */
  readonly restarts: {
    readonly encode_server_id: string;
    readonly at: EpochMs;
    readonly request_id: string;
    readonly job_id: string;
    /** What the list showed when the restart was accepted. */
    readonly statusBefore: number;
  }[];
  /** Restart calls that were not refused as a whole. */
  restartCalls: number;
  readonly rulings: ((ask: RestartAsk) => Ruling | undefined)[];
  /** Subscriptions by topic. */
  readonly topics: Map<string, Subscription[]>;
  readonly mailbox: Mail[];
  /** URNs of the functions that can be called. */
  readonly functions: Set<string>;
  /** Every asynchronous call that was accepted. */
  readonly asyncInvocations: {
    readonly function_urn: string;
    readonly event: unknown;
    readonly at: EpochMs;
  }[];
  /** Open alarms by host, with the id of the alarm record. */
  readonly alarms: Map<string, string>;
  /** A fresh id of 32 hexadecimal characters; the same run of the model yields the same ids. */
  readonly newId: (kind: string) => string;
}
