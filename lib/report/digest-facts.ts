/** The daily digest for machines. */

import type { Digest } from '../messages.ts';
import { iso } from '../time.ts';
import type { Outcome } from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import { costOf, roomIn, rowsThatFit, senderFacts } from './envelope.ts';
import { type HoldFacts, holdFacts } from './facts.ts';
import type { ReportOptions } from './options.ts';

export const SCHEMA = 'encode-restart.digest/1';

export interface MachineDigest {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly needs_person: boolean;
  readonly from: string;
  readonly to: string;
  readonly fleet: number | null;
  readonly runs: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly would_restart: number;
  readonly handed_over: readonly HandedOverFacts[];
  readonly omitted_handed_over?: number;
  readonly abnormal: readonly AbnormalFacts[];
  readonly omitted_abnormal?: number;
  /** Restarted again and again in this period. */
  readonly recurring: readonly RecurringFacts[];
  readonly omitted_recurring?: number;
  /** CPH could not be asked what is abnormal. */
  readonly abnormal_unknown: boolean;
  /** Neither running nor abnormal. */
  readonly others: number | null;
  readonly pause: { readonly who: string; readonly why: string; readonly until: string } | null;
  readonly storm: { readonly since: string; readonly round_size: number } | null;
  readonly exclusions: number;
  readonly undeliverable: number;
  readonly maintenance_unknown: boolean;
}

export interface HandedOverFacts {
  readonly encode_server_id: string;
  readonly server_id: string;
  readonly since: string;
  readonly why: string;
}

export interface AbnormalFacts {
  readonly encode_server_id: string;
  readonly server_id: string;
  readonly since: string;
  readonly hold: HoldFacts | null;
}

export interface RecurringFacts {
  readonly encode_server_id: string;
  readonly server_id: string;
  readonly restarts: number;
}

export const attemptsOf = ({ counts }: Digest): number =>
  counts.recovered + counts.not_recovered + counts.rejected + counts.unconfirmed;

/** Nothing happened, and nothing is the matter. */
export const isCalm = (digest: Digest): boolean =>
  attemptsOf(digest) + digest.counts.held + digest.wouldRestart + digest.undeliverable === 0 &&
  digest.handedOver.length + digest.abnormal.length + (digest.others ?? 0) === 0 &&
  digest.abnormalUnknown === undefined &&
  digest.pause === undefined &&
  digest.storm === undefined;

/** As many servers as fit, the handed over first; `structureOf` tells how large a message would be. */
export function machineDigest(
  digest: Digest,
  options: ReportOptions,
  needsPerson: boolean,
  structureOf: (machine: MachineDigest) => string,
): MachineDigest {
  const { handedOver, abnormal, recurring } = digest;
  const machineWith = (
    handed: readonly HandedOverFacts[],
    ill: readonly AbnormalFacts[],
    again: readonly RecurringFacts[],
  ): MachineDigest => ({
    schema: SCHEMA,
    ...senderFacts(options),
    mode: digest.mode,
    needs_person: needsPerson,
    from: iso(digest.from),
    to: iso(digest.to),
    fleet: digest.fleet ?? null,
    runs: digest.runs,
    counts: digest.counts,
    would_restart: digest.wouldRestart,
    handed_over: handed,
    ...(handed.length < handedOver.length ? { omitted_handed_over: handedOver.length - handed.length } : {}),
    abnormal: ill,
    ...(ill.length < abnormal.length ? { omitted_abnormal: abnormal.length - ill.length } : {}),
    recurring: again,
    ...(again.length < recurring.length ? { omitted_recurring: recurring.length - again.length } : {}),
    pause: pauseFacts(digest),
    storm:
      digest.storm === undefined
        ? null
        : { since: iso(digest.storm.since), round_size: digest.storm.round.size },
    abnormal_unknown: digest.abnormalUnknown === true,
    others: digest.others ?? null,
    exclusions: digest.exclusions,
    undeliverable: digest.undeliverable,
    maintenance_unknown: digest.maintenanceUnknown,
  });
  const room = roomIn(structureOf(machineWith([], [], [])));
  const costsOf = (rows: readonly object[]) => rows.reduce((sum, row) => sum + costOf(row), 0);
  const handed = rowsThatFit(handedOver, handedOverFacts, room);
  const ill = rowsThatFit(abnormal, abnormalFacts, room - costsOf(handed));
  const left = room - costsOf(handed) - costsOf(ill);
  return machineWith(handed, ill, rowsThatFit(recurring, recurringFacts, left));
}

function pauseFacts({ pause }: Digest): MachineDigest['pause'] {
  if (pause === undefined) return null;
  return { who: clean(pause.who, LIMITS.id), why: clean(pause.why, LIMITS.line), until: iso(pause.until) };
}

const handedOverFacts = (one: Digest['handedOver'][number]): HandedOverFacts => ({
  encode_server_id: cleanId(one.encodeServerId),
  server_id: cleanId(one.serverId),
  since: iso(one.since),
  why: clean(one.why, LIMITS.line),
});

const abnormalFacts = (one: Digest['abnormal'][number]): AbnormalFacts => ({
  encode_server_id: cleanId(one.encodeServerId),
  server_id: cleanId(one.serverId),
  since: iso(one.since),
  hold: one.hold === undefined ? null : holdFacts(one.hold),
});

const recurringFacts = (one: Digest['recurring'][number]): RecurringFacts => ({
  encode_server_id: cleanId(one.encodeServerId),
  server_id: cleanId(one.serverId),
  restarts: one.restarts,
});
