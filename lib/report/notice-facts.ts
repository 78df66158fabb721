/** A notice for machines. */

import type { Notice } from '../messages.ts';
import { iso } from '../time.ts';
import { unreachable } from '../types.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import { senderFacts } from './envelope.ts';
import type { ReportOptions } from './options.ts';

export const SCHEMA = 'encode-restart.notice/1';

/** How many ids a list in `figures` has at most. */
const MOST_IDS = 300;

export interface MachineNotice {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly needs_person: boolean;
  readonly code: Notice['code'];
  readonly at: string;
  readonly figures: Readonly<Record<string, unknown>>;
  /** How many ids were left out of a list in `figures`. */
  readonly omitted?: number;
}

/** Of a notice that is tidied. */
export function machineNotice(notice: Notice, options: ReportOptions, needsPerson: boolean): MachineNotice {
  const omitted = idsOf(notice).length - MOST_IDS;
  return {
    schema: SCHEMA,
    ...senderFacts(options),
    needs_person: needsPerson,
    code: notice.code,
    at: iso(notice.at),
    figures: figuresOf(notice),
    ...(omitted > 0 ? { omitted } : {}),
  };
}

/** The servers or resources it is about. */
export function idsOf(notice: Notice): readonly string[] {
  if (notice.code === 'host_out_of_service') return notice.encodeServerIds;
  return notice.code === 'hardware' ? notice.resourceIds : [];
}

/** With all text that others wrote cleaned. */
export function tidied(notice: Notice): Notice {
  switch (notice.code) {
    case 'host_out_of_service':
      return {
        ...notice,
        serverId: cleanId(notice.serverId),
        encodeServerIds: notice.encodeServerIds.map(cleanId),
      };
    case 'pause_runs_long': {
      const { who, why, until } = notice.pause;
      return { ...notice, pause: { who: clean(who, LIMITS.id), why: clean(why, LIMITS.line), until } };
    }
    case 'ledger_away':
      return {
        ...notice,
        where: clean(notice.where, LIMITS.line),
        reason: clean(notice.reason, LIMITS.error),
      };
    case 'cph_away':
    case 'not_authorised': {
      const { code, message } = notice.error;
      return { ...notice, error: { code: cleanId(code), message: clean(message, LIMITS.error) } };
    }
    case 'hardware':
      return {
        ...notice,
        event: cleanId(notice.event),
        alarmName: clean(notice.alarmName, LIMITS.line),
        resourceIds: notice.resourceIds.map(cleanId),
      };
    case 'template_without_is_alarm':
      return { ...notice, alarmName: clean(notice.alarmName, LIMITS.line) };
    case 'alarm_unreadable':
      return {
        ...notice,
        topicUrn: clean(notice.topicUrn, LIMITS.line),
        said: clean(notice.said, LIMITS.error),
      };
    default:
      return notice;
  }
}

function figuresOf(notice: Notice): MachineNotice['figures'] {
  switch (notice.code) {
    case 'storm_began':
      return { troubled: notice.troubled, hosts: notice.hosts, fleet: notice.fleet };
    case 'storm_ended':
      return { since: iso(notice.since) };
    case 'host_out_of_service':
      return {
        server_id: notice.serverId,
        status: notice.status,
        since: iso(notice.since),
        encode_server_ids: notice.encodeServerIds.slice(0, MOST_IDS),
      };
    case 'pause_runs_long':
      return { who: notice.pause.who, why: notice.pause.why, until: iso(notice.pause.until) };
    case 'ledger_emptied':
      return { until: iso(notice.until) };
    case 'ledger_away':
      return {
        where: notice.where,
        reason: notice.reason,
        ...(notice.since === undefined ? {} : { since: iso(notice.since) }),
      };
    case 'cph_away':
      return {
        since: iso(notice.since),
        error: { code: notice.error.code, message: notice.error.message },
      };
    case 'not_authorised':
      return { error: { code: notice.error.code, message: notice.error.message } };
    case 'hardware':
      return {
        event: notice.event,
        alarm_name: notice.alarmName,
        resource_ids: notice.resourceIds.slice(0, MOST_IDS),
      };
    case 'template_without_is_alarm':
      return { alarm_name: notice.alarmName };
    case 'alarm_unreadable':
      return { topic_urn: notice.topicUrn, said: notice.said };
    default:
      return unreachable(notice);
  }
}
