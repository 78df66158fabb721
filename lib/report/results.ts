/** The complete job results of a run, for `results_topic`: JSON in numbered parts, every target in exactly one. */
import type { Run, Target } from '../types.ts';
import { cleanId } from './clean.ts';
import { MOST_BYTES, type ReportMessage, senderFacts, sizeInside } from './envelope.ts';
import { type RestartFacts, restartFacts } from './facts.ts';
import { byAttention, tally } from './tally.ts';
import type { ReportOptions } from './text.ts';
import type { Standing } from './words.ts';

export const SCHEMA = 'encode-restart.results/1';

export interface MachineResults {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly run_id: string;
  /** From 1 to `of`. */
  readonly part: number;
  readonly of: number;
  /** Of the whole run. */
  readonly counts: Readonly<Record<Standing, number>>;
  /** What needs attention first, over all parts. */
  readonly restarts: readonly RestartFacts[];
}

/** More parts than a run will ever have: what `part` and `of` take up is measured with it. */
const MOST_PARTS = 9_999_999;

/**
 * Rows are made twice, once to be measured and once to be sent: so only the parts themselves are ever held in
 * full, some 45 MB for 100,000 targets.
 */
export function resultsMessages(run: Run, options: ReportOptions): readonly ReportMessage[] {
  const targets = byAttention(run.targets);
  const runId = cleanId(run.runId);
  const head = { schema: SCHEMA, ...senderFacts(options), run_id: runId } as const;
  const { counts } = tally(run);
  const structureOf = (part: number, of: number, restarts: readonly RestartFacts[]): string => {
    const results: MachineResults = { ...head, part, of, counts, restarts };
    // Nobody but programs subscribes to this topic: one copy for all protocols.
    return JSON.stringify({ default: JSON.stringify(results) });
  };
  const room = MOST_BYTES - Buffer.byteLength(structureOf(MOST_PARTS, MOST_PARTS, []));
  const parts = partsThatFit(targets, room);
  return parts.map(([from, to], index) => ({
    subject: `[encode-restart] results of ${runId}, part ${index + 1} of ${parts.length}`,
    messageStructure: structureOf(index + 1, parts.length, targets.slice(from, to).map(restartFacts)),
  }));
}

/** Where each part begins and ends; one part when there is nothing to tell. */
function partsThatFit(targets: readonly Target[], room: number): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  let from = 0;
  let left = room;
  for (const [index, target] of targets.entries()) {
    const size = sizeInside(restartFacts(target));
    if (size > left && index > from) {
      parts.push([from, index]);
      from = index;
      left = room;
    }
    left -= size;
  }
  return [...parts, [from, targets.length]];
}
