/** Several runs in one message: people are interrupted once, not once a run. */
import type { Run, Target } from '../types.ts';
import { attentionOf, most, RANK } from './attention.ts';
import { cleanId } from './clean.ts';
import { costOf, type ReportMessage, roomIn, senderFacts, structureOf, textOf, titleOf } from './envelope.ts';
import { type RestartFacts, restartFacts } from './facts.ts';
import { columns } from './layout.ts';
import { type FittedFacts, fittedFacts, fittedHead, reportMessage } from './message.ts';
import { reasonText } from './reasons.ts';
import { MOST_SERVERS, tableOf } from './table.ts';
import { ORDER, ofStanding, tally, tallyTargets } from './tally.ts';
import { notesOf, placeOf, type ReportOptions, whereOf, wordsIn } from './text.ts';
import { type Attention, moment, type Standing, type Words } from './words.ts';

export const SCHEMA = 'encode-restart.gathered/1';

/** More sections than these nobody reads. */
const MOST_RUNS = 20;
/** The share of the room that the heads of runs may take; the rest is for the rows of what failed. */
const HEADS_SHARE = 0.6;

export interface GatheredReport {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly project_id: string;
  readonly mode: 'observe' | 'active';
  readonly needs_person: boolean;
  /** Of every server once, as the last run left it. */
  readonly counts: Readonly<Record<Standing, number>>;
  /** What needs attention first. */
  readonly runs: readonly FittedFacts[];
  readonly omitted_runs?: number;
}

/** One run is reported as ever. Of several, a server is counted once: as the last of them left it. */
export function gatheredMessage(runs: readonly Run[], options: ReportOptions): ReportMessage {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return reportMessage(only, options);
  const words = wordsIn(options.language);
  const ranked = byNeed(runs, options);
  const left = lastSeen(runs);
  // What a later run mended calls nobody any more.
  const attention = runs.reduce<Attention>(
    (worst, run) => most(worst, attentionOf({ ...run, targets: leftBy(run, left) }, options)),
    'none',
  );
  const figures = tallyTargets(left);
  const total = words.headline({ ...figures, kind: 'repair', stage: 'finished' });
  const headline = words.ofRuns(runs.length, total);
  const text = textOf([
    [words.opening(headline, words.attention(attention))],
    columns([
      [words.label('where'), whereOf(options, words, placeOf(runs, words))],
      [words.label('mode'), words.mode(options.mode, false)],
    ]),
    ...sectionsOf(ranked, options, words),
    notesOf(runs, options, words),
  ]);
  const { subject, sms } = titleOf(headline, attention, words, placeOf(runs, words));
  const structureWith = (fitted: readonly FittedFacts[]): string => {
    const omitted = runs.length - fitted.length;
    const report: GatheredReport = {
      schema: SCHEMA,
      ...senderFacts(options),
      needs_person: attention === 'needed',
      counts: figures.counts,
      ...(omitted > 0 ? { omitted_runs: omitted } : {}),
      runs: fitted,
    };
    return structureOf({ text, sms }, report);
  };
  return { subject, messageStructure: structureWith(runsThatFit(ranked, roomIn(structureWith([])))) };
}

/** Runs that need a person first; else in the order given. */
const byNeed = (runs: readonly Run[], options: ReportOptions): readonly Run[] =>
  runs
    .map((run) => ({ run, rank: RANK[attentionOf(run, options)] }))
    .sort((first, second) => second.rank - first.rank)
    .map(({ run }) => run);

function lastSeen(runs: readonly Run[]): readonly Target[] {
  const byServer = new Map<string, Target>();
  const inOrder = [...runs].sort((first, second) => first.openedAt - second.openedAt);
  for (const { targets } of inOrder) {
    for (const target of targets) byServer.set(target.encodeServerId, target);
  }
  return [...byServer.values()];
}

/** Those of a run's servers that no later run had to do with. */
const leftBy = (run: Run, left: readonly Target[]): readonly Target[] =>
  run.targets.filter((target) => left.includes(target));

function sectionsOf(runs: readonly Run[], options: ReportOptions, words: Words): string[][] {
  let mostServers = MOST_SERVERS;
  const sections = runs.slice(0, MOST_RUNS).map((run) => {
    const { lines, named } = tableOf(run, words, { mostServers, countsRecovered: true });
    mostServers -= named;
    return [...openingOf(run, options, words), ...lines];
  });
  const untold = runs.length - sections.length;
  return untold > 0 ? [...sections, [words.moreRuns(untold)]] : sections;
}

function openingOf(run: Run, options: ReportOptions, words: Words): string[] {
  const { request, runId, state, stopped } = run;
  const when = moment(request.requestedAt);
  return [
    [cleanId(runId), words.source(request.source), when, words.runState(state)].join(' · '),
    words.opening(words.headline(tally(run)), words.attention(attentionOf(run, options))),
    ...(stopped === undefined ? [] : [`${words.label('stopped')} ${reasonText(stopped, words)}`]),
  ];
}

/** The heads of as many runs as fit, then rows: the failures of all runs before the recovered of any. */
function runsThatFit(runs: readonly Run[], room: number): readonly FittedFacts[] {
  const all = runs.map((run) => {
    const head = fittedHead(run);
    return { run, head, rows: [] as RestartFacts[], cost: costOf(fittedFacts(head, [], run.targets.length)) };
  });
  const kept = all.slice(0, howManyFit(all, room * HEADS_SHARE));
  let left = room - kept.reduce((sum, { cost }) => sum + cost, 0);
  const inOrder = ORDER.flatMap((standing) =>
    kept.flatMap(({ run, rows }) => ofStanding(run.targets, standing).map((target) => ({ target, rows }))),
  );
  for (const { target, rows } of inOrder) {
    const row = restartFacts(target);
    left -= costOf(row);
    if (left < 0) break;
    rows.push(row);
  }
  return kept.map(({ run, head, rows }) => fittedFacts(head, rows, run.targets.length));
}

function howManyFit(all: readonly { readonly cost: number }[], room: number): number {
  let left = room;
  const tooMany = all.findIndex(({ cost }) => {
    left -= cost;
    return left < 0;
  });
  return tooMany < 0 ? all.length : tooMany;
}
