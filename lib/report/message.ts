/** A run as one SMN message: text for people, JSON for machines, all of it under SMN's limit. */
import type { Run } from '../types.ts';
import { attentionOf } from './attention.ts';
import { type ReportMessage, roomIn, rowsThatFit, senderFacts, structureOf } from './envelope.ts';
import { headFacts, type RestartFacts, type RunFacts, restartFacts } from './facts.ts';
import { byAttention } from './tally.ts';
import { type ReportOptions, reportText } from './text.ts';

export { MOST_BYTES, type ReportMessage } from './envelope.ts';

export const SCHEMA = 'encode-restart.report/1';

/** How many of a run's request ids a message names; every restart carries its own anyway. */
const MOST_REQUEST_IDS = 100;

/** The facts of a run, with what was left out for room. */
export interface FittedFacts extends RunFacts {
  /** How many rows of `restarts` were left out: the recovered first, then the held, and so on. */
  readonly omitted?: number;
  /** How many of `request_ids` were left out. */
  readonly omitted_request_ids?: number;
}

export interface MachineReport extends FittedFacts {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly needs_person: boolean;
}

export function reportMessage(run: Run, options: ReportOptions): ReportMessage {
  const { subject, text, sms } = reportText(run, options);
  const targets = byAttention(run.targets);
  const head = fittedHead(run);
  const structureWith = (restarts: readonly RestartFacts[]): string => {
    const report: MachineReport = {
      schema: SCHEMA,
      ...senderFacts(options),
      needs_person: attentionOf(run, options) === 'needed',
      ...fittedFacts(head, restarts, targets.length),
    };
    return structureOf({ text, sms }, report);
  };
  const rows = rowsThatFit(targets, restartFacts, roomIn(structureWith([])));
  return { subject, messageStructure: structureWith(rows) };
}

export type FittedHead = Omit<FittedFacts, 'restarts' | 'omitted'>;

export function fittedHead(run: Run): FittedHead {
  const facts = headFacts(run);
  const omittedIds = Math.max(0, facts.request_ids.length - MOST_REQUEST_IDS);
  return {
    ...facts,
    request_ids: facts.request_ids.slice(0, MOST_REQUEST_IDS),
    ...(omittedIds > 0 ? { omitted_request_ids: omittedIds } : {}),
  };
}

export function fittedFacts(head: FittedHead, restarts: readonly RestartFacts[], total: number): FittedFacts {
  const omitted = total - restarts.length;
  return { ...head, ...(omitted > 0 ? { omitted } : {}), restarts };
}
