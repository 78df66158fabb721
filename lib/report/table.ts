/** The servers of a run as lines for people: what needs attention first, at most so many of them by name. */
import type { Run, Target } from '../types.ts';
import { cleanId, cutToBytes } from './clean.ts';
import { crowdLine, FEW, type Parted, parted } from './crowds.ts';
import { columns } from './layout.ts';
import { holdsOf, sentence, standingOf, wouldRestart } from './sentences.ts';
import { byAttention, kindOf } from './tally.ts';
import type { Words } from './words.ts';

export const MOST_SERVERS = 50;
const MOST_SENTENCE_BYTES = 600;

/** A server's line: its id, and the columns behind it. */
export interface Row {
  readonly encodeServerId: string;
  readonly serverId: string;
  readonly cells: readonly string[];
}

/** One line a server under its host: ids first, words last. A host comes where its first server does. */
export function rowsByHost(rows: readonly Row[], words: Words): string[] {
  const lines = columns(
    rows.map(({ encodeServerId, cells }) => [
      cleanId(encodeServerId),
      ...cells.map((cell) => cutToBytes(cell, MOST_SENTENCE_BYTES)),
    ]),
  );
  const byHost = new Map<string, string[]>();
  for (const [index, { serverId }] of rows.entries()) {
    const ofHost = byHost.get(serverId) ?? [];
    byHost.set(serverId, [...ofHost, `  ${lines[index] ?? ''}`]);
  }
  return [...byHost].flatMap(([serverId, ofHost]) => [words.host(cleanId(serverId)), ...ofHost]);
}

export interface Table {
  readonly lines: readonly string[];
  /** How many servers the lines name. */
  readonly named: number;
}

export interface Brevity {
  readonly mostServers?: number;
  /** Count recovered servers instead of naming them, unless they are few; else only planned work does. */
  readonly countsRecovered?: boolean;
}

export function tableOf(run: Run, words: Words, brevity: Brevity = {}): Table {
  const { mostServers = MOST_SERVERS, countsRecovered = kindOf(run) !== 'repair' } = brevity;
  const { alone, crowds, recovered } = partsOf(run, countsRecovered);
  const named = alone.slice(0, mostServers);
  const unnamed = alone.length - named.length;
  const rows = named.map((target) => rowOf(target, words));
  return {
    lines: [
      ...rowsByHost(rows, words),
      ...(unnamed > 0 ? [words.more(unnamed)] : []),
      ...crowds.map((crowd) => crowdLine(crowd, words)),
      ...(recovered > 0 ? [words.crowd(recovered, words.standing('recovered'))] : []),
    ],
    named: named.length,
  };
}

/** In planned work the recovered are what was meant to be. */
function partsOf(run: Run, countsRecovered: boolean): Parted<Target> & { readonly recovered: number } {
  const isPlanned = kindOf(run) !== 'repair';
  const { alone, crowds } = parted(byAttention(run.targets), ({ progress }) => {
    if (progress.state !== 'held') return undefined;
    // Which servers would have been restarted is what an observed repair is read for.
    return wouldRestart(progress) && !isPlanned ? undefined : holdsOf(progress)[0];
  });
  const isRecovered = ({ progress }: Target) => progress.state === 'recovered';
  const recovered = countsRecovered ? alone.filter(isRecovered).length : 0;
  if (recovered <= FEW) return { alone, crowds, recovered: 0 };
  return { alone: alone.filter((target) => !isRecovered(target)), crowds, recovered };
}

const rowOf = ({ encodeServerId, serverId, progress }: Target, words: Words): Row => ({
  encodeServerId,
  serverId,
  cells: [
    wouldRestart(progress) ? words.wouldRestart() : words.standing(standingOf(progress)),
    sentence(progress, words),
  ],
});
