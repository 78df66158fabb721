/** A run as one SMN message: text for people, JSON for machines, all of it under SMN's limit. */
import type { Run, Target } from '../types.ts';
import { attentionOf } from './attention.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import { headFacts, type RestartFacts, type RunFacts, restartFacts } from './facts.ts';
import { byAttention } from './tally.ts';
import { type ReportOptions, reportText } from './text.ts';

export const SCHEMA = 'encode-restart.report/1';

/**
 * SMN takes 256 KB. Nobody says whether a K is 1,000 or 1,024 there, so the smaller is kept to; it is the
 * `message_structure` itself that is measured, with the JSON inside it escaped.
 */
export const MOST_BYTES = 256_000;

/** How many of a run's request ids the message names; every restart carries its own anyway. */
const MOST_REQUEST_IDS = 100;

/** What the subscribers that are programs get; SMN picks by protocol and has no key for "all of them". */
const MACHINE_KEYS = ['functionstage', 'https'] as const;

export interface MachineReport extends RunFacts {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly needs_person: boolean;
  /** How many rows of `restarts` were left out for room: the recovered first, then the held, and so on. */
  readonly omitted?: number;
  /** How many of `request_ids` were left out for room. */
  readonly omitted_request_ids?: number;
}

export interface ReportMessage {
  readonly subject: string;
  /** The value of SMN's `message_structure`: JSON in a string, with JSON in strings inside it. */
  readonly messageStructure: string;
}

export function reportMessage(run: Run, options: ReportOptions): ReportMessage {
  const { subject, text, sms } = reportText(run, options);
  const targets = byAttention(run.targets);
  const head = machineHead(run, options);
  const structureOf = (restarts: readonly RestartFacts[]): string => {
    const omitted = targets.length - restarts.length;
    const report: MachineReport = { ...head, ...(omitted > 0 ? { omitted } : {}), restarts };
    const machine = JSON.stringify(report);
    const forMachines = Object.fromEntries(MACHINE_KEYS.map((key) => [key, machine]));
    return JSON.stringify({ default: text, email: text, sms, ...forMachines });
  };
  const room = MOST_BYTES - Buffer.byteLength(structureOf([]));
  return { subject, messageStructure: structureOf(rowsThatFit(targets, room)) };
}

/** The rows from the first on that fit; no row after them is even made. */
function rowsThatFit(targets: readonly Target[], room: number): readonly RestartFacts[] {
  const rows: RestartFacts[] = [];
  let left = room;
  for (const target of targets) {
    const row = restartFacts(target);
    left -= MACHINE_KEYS.length * sizeInside(row);
    if (left < 0) break;
    rows.push(row);
  }
  return rows;
}

/** The bytes a row and its comma take as JSON within a string: of its two quotes, one counts as the comma. */
const sizeInside = (row: RestartFacts): number => Buffer.byteLength(JSON.stringify(JSON.stringify(row))) - 1;

function machineHead(run: Run, options: ReportOptions): Omit<MachineReport, 'restarts' | 'omitted'> {
  const facts = headFacts(run);
  const omittedIds = Math.max(0, facts.request_ids.length - MOST_REQUEST_IDS);
  return {
    schema: SCHEMA,
    region: clean(options.region, LIMITS.id),
    project_id: cleanId(options.projectId),
    mode: options.mode,
    needs_person: attentionOf(run, options) === 'needed',
    ...facts,
    request_ids: facts.request_ids.slice(0, MOST_REQUEST_IDS),
    ...(omittedIds > 0 ? { omitted_request_ids: omittedIds } : {}),
  };
}
