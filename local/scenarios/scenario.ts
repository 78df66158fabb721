/** What a scenario is: something an operator fears, played for real, with what must not come of it. */
import type { LedgerState } from '../../lib/ledger/state.ts';
import { type EpochMs, epochMs, minutes } from '../../lib/time.ts';
import type { Onlooker, Stage } from '../demo/stage.ts';
import type { FaultInstance } from '../faults/index.ts';
import type { FleetRow, Mail, Model } from '../model/index.ts';

/** 02:30 in Shanghai; nothing in the page depends on the date. */
export const BEGINS_AT: EpochMs = epochMs(Date.parse('2026-03-01T18:30:00Z'));

export interface Scenario {
  readonly name: string;
  /** What an operator would call it. */
  readonly title: string;
  /** What is feared, in one sentence. */
  readonly fear: string;
  readonly fleet: readonly FleetRow[];
  /** What the fleet's figures do not show. */
  readonly setting?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Made anew for every play: the world may change on the way. */
  readonly create: () => Drama;
  readonly not: readonly Never[];
}

export interface Drama {
  readonly faults?: readonly FaultInstance[];
  readonly ledger?: LedgerState;
  readonly play: (script: Script) => Promise<void>;
}

/** A stage with a stopwatch, on which things happen that the page tells of. */
export interface Script extends Stage {
  /** Waits until the stopwatch shows this. */
  at(minute: number, second?: number): Promise<void>;
  says: Onlooker['says'];
  /** These servers hang now. */
  hangs(...encodeServerIds: readonly string[]): void;
}

/** `claim` ends the sentence "It did not …"; it is looked up in the cloud's own record. */
export interface Never {
  readonly claim: string;
  readonly holds: (seen: Seen) => boolean;
}

/** What can be seen when the curtain falls. */
export interface Seen {
  readonly model: Model;
  readonly ledger: LedgerState;
  readonly calls: Readonly<Record<string, number>>;
  readonly reports: readonly Mail[];
  readonly pages: readonly Mail[];
  readonly endedAt: EpochMs;
}

/** `hosts` hosts h1, h2, … with `each` servers h1-1, h1-2, …; all well, a restart takes half a minute. */
export function fleetOf(
  hosts: number,
  each: number,
  more: (encodeServerId: string, serverId: string) => Partial<FleetRow> = () => ({}),
): readonly FleetRow[] {
  return Array.from({ length: hosts * each }, (_, index) => {
    const server_id = `h${Math.floor(index / each) + 1}`;
    const encode_server_id = `${server_id}-${(index % each) + 1}`;
    return {
      ...{ encode_server_id, server_id, status: 1, type: 1, phones: [], recovers: true, host_status: 5 },
      restart_seconds: 30,
      ...more(encode_server_id, server_id),
    };
  });
}

/** How often CPH took a restart of this server. */
export const restartsOf = ({ model }: Seen, encodeServerId: string): number =>
  model.restarts.filter(({ encode_server_id }) => encode_server_id === encodeServerId).length;

export const neverTwice: Never = {
  claim: 'restart any server twice',
  holds: ({ model }) =>
    new Set(model.restarts.map(({ encode_server_id }) => encode_server_id)).size === model.restarts.length,
};

export const neverWithinCooldown: Never = {
  claim: 'restart any server within its cooldown of 30 minutes',
  holds: ({ model }) =>
    model.restarts.every(
      ({ encode_server_id, at }) =>
        !model.restarts.some(
          (other) =>
            other.encode_server_id === encode_server_id && other.at < at && at - other.at < minutes(30),
        ),
    ),
};

export const neverHealthy: Never = {
  claim: 'touch a server that was well',
  holds: ({ model }) => model.restarts.every(({ statusBefore }) => statusBefore !== 1),
};

export const neverAtAll: Never = {
  claim: 'restart anything',
  holds: ({ model }) => model.restarts.length === 0,
};

export const neverPaged: Never = { claim: 'wake anybody', holds: ({ pages }) => pages.length === 0 };

export const never = (claim: string, holds: Never['holds']): Never => ({ claim, holds });
