/** A run as text for people: a subject, a mail, a short message. */
import { hasEnded, type Override, type Run } from '../types.ts';
import { attentionOf } from './attention.ts';
import { clean, cleanId, LIMITS } from './clean.ts';
import { type Title, textOf, titleOf } from './envelope.ts';
import { columns } from './layout.ts';
import type { ReportOptions } from './options.ts';
import { reasonText } from './reasons.ts';
import { tableOf } from './table.ts';
import { tally } from './tally.ts';
import { english } from './words.en.ts';
import { type Language, moment, type Words } from './words.ts';
import { chinese } from './words.zh.ts';

export type { ReportOptions } from './options.ts';

export interface ReportText extends Title {
  readonly text: string;
}

const MOST_REQUEST_IDS = 5;

export const wordsIn = (language: Language): Words => ({ en: english, 'zh-CN': chinese })[language];

export function reportText(run: Run, options: ReportOptions): ReportText {
  const words = wordsIn(options.language);
  const attention = attentionOf(run, options);
  const headline = words.headline(tally(run));
  const text = textOf([
    [words.opening(headline, words.attention(attention))],
    headOf(run, options, words),
    tableOf(run, words).lines,
    notesOf([run], options, words),
    tailOf(run, words),
  ]);
  return { ...titleOf(headline, attention, words, placeOf([run], words)), text };
}

function headOf(run: Run, options: ReportOptions, words: Words): string[] {
  const { request } = run;
  const source = words.source(request.source);
  const stopped: [string, string][] =
    run.stopped === undefined ? [] : [[words.label('stopped'), reasonText(run.stopped, words)]];
  return columns([
    [words.label('trigger'), `${source} · ${words.quoted(clean(request.reason, LIMITS.line))}`],
    [words.label('by'), words.quoted(clean(request.requestedBy, LIMITS.line))],
    [words.label('at'), moment(request.requestedAt)],
    [words.label('where'), whereOf(options, words, placeOf([run], words))],
    [words.label('mode'), words.mode(options.mode, request.dryRun)],
    ...(request.override === undefined
      ? []
      : [[words.label('override'), overrideText(request.override, words)]]),
    ...stopped,
  ]);
}

const overrideText = ({ guards, who, why }: Override, words: Words): string =>
  [guards.join(', '), clean(who, LIMITS.id), words.quoted(clean(why, LIMITS.line))].join(' · ');

export function notesOf(runs: readonly Run[], { sharedLedger }: ReportOptions, words: Words): string[] {
  const notes: string[] = [];
  if (!runs.every(hasEnded)) notes.push(words.stillOpen(sharedLedger ? 'carried_on' : 'forgotten'));
  if (!sharedLedger) notes.push(words.ledgerForgets());
  return notes;
}

function tailOf(run: Run, words: Words): string[] {
  const ids = run.requestIds.slice(0, MOST_REQUEST_IDS).map(cleanId);
  const unnamed = run.requestIds.length - ids.length;
  const list = [...ids, ...(unnamed > 0 ? [words.moreIds(unnamed)] : [])].join(', ');
  return columns([
    ...(list === '' ? [] : [[words.label('requestIds'), list]]),
    [words.label('run'), `${cleanId(run.runId)} · ${words.runState(run.state)}`],
  ]);
}

export const whereOf = ({ region, projectId }: ReportOptions, words: Words, place = ''): string =>
  [clean(region, LIMITS.id), words.project(cleanId(projectId)), place]
    .filter((part) => part !== '')
    .join(' · ');

const hostsOf = (run: Run): readonly string[] =>
  run.targets.length > 0 ? run.targets.map(({ serverId }) => serverId) : run.hosts;

/** The one host it is about, or how many. */
export function placeOf(runs: readonly Run[], words: Words): string {
  const hosts = new Set(runs.flatMap(hostsOf));
  const [only] = hosts;
  if (only === undefined) return '';
  return hosts.size === 1 ? words.host(cleanId(only)) : words.hosts(hosts.size);
}
