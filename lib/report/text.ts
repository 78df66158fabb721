/** A run as text for people: a subject, a mail, a short message. */
import type { Progress, Run } from '../types.ts';
import { attentionOf } from './attention.ts';
import { clean, cleanId, cutToBytes, cutToLength, LIMITS } from './clean.ts';
import { columns } from './layout.ts';
import { sentence, standingOf, wouldRestart } from './sentences.ts';
import { byAttention, isFinished, tally } from './tally.ts';
import { english } from './words.en.ts';
import { type Attention, type Language, moment, reasonText, type Words } from './words.ts';
import { chinese } from './words.zh.ts';

export interface ReportOptions {
  readonly language: Language;
  readonly region: string;
  readonly projectId: string;
  readonly mode: 'observe' | 'active';
  /** Whether the ledger outlives this invocation; what is left open is only taken up again if it does. */
  readonly sharedLedger: boolean;
}

export interface ReportText {
  /** One line of at most 120 characters, which are fewer bytes than the 512 SMN takes. */
  readonly subject: string;
  readonly text: string;
  /** At most 140 bytes: SMN splits a short message at 256. */
  readonly sms: string;
}

const MOST_SUBJECT = 120;
const MOST_SMS_BYTES = 140;
const MOST_SERVERS = 50;
const MOST_REQUEST_IDS = 5;
const MOST_SENTENCE_BYTES = 600;

export function reportText(run: Run, options: ReportOptions): ReportText {
  const words = options.language === 'en' ? english : chinese;
  const attention = attentionOf(run, options);
  const headline = words.headline(tally(run));
  const alert = attention === 'needed' ? words.alert(headline) : headline;
  const title = `[encode-restart] ${alert}`;
  const hosts = placeOf(run, words);
  const withPlace = hosts === '' ? title : `${title} · ${hosts}`;
  return {
    subject: withPlace.length <= MOST_SUBJECT ? withPlace : cutToLength(title, MOST_SUBJECT),
    text: bodyOf(run, options, words, attention),
    sms: Buffer.byteLength(withPlace) <= MOST_SMS_BYTES ? withPlace : cutToBytes(title, MOST_SMS_BYTES),
  };
}

function bodyOf(run: Run, options: ReportOptions, words: Words, attention: Attention): string {
  const opening = words.opening(words.headline(tally(run)), words.attention(attention));
  const table = tableOf(run, words);
  const notes = notesOf(run, options, words);
  const paragraphs = [[opening], headOf(run, options, words), table, notes, tailOf(run, words)];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headOf(run: Run, options: ReportOptions, words: Words): string[] {
  const { request } = run;
  const source = words.source(request.source);
  const where = [
    clean(options.region, LIMITS.id),
    words.project(cleanId(options.projectId)),
    placeOf(run, words),
  ];
  const stopped: [string, string][] =
    run.stopped === undefined ? [] : [[words.label('stopped'), reasonText(run.stopped, words)]];
  return columns([
    [words.label('trigger'), `${source} · ${words.quoted(clean(request.reason, LIMITS.line))}`],
    [words.label('by'), words.quoted(clean(request.requestedBy, LIMITS.line))],
    [words.label('at'), moment(request.requestedAt)],
    [words.label('where'), where.filter((part) => part !== '').join(' · ')],
    [words.label('mode'), words.mode(options.mode, request.dryRun)],
    ...stopped,
  ]);
}

/** One line a server under its host: ids first, words last. The host with the worst server comes first. */
function tableOf(run: Run, words: Words): string[] {
  const named = byAttention(run.targets).slice(0, MOST_SERVERS);
  const lines = columns(named.map(({ encodeServerId, progress }) => rowOf(encodeServerId, progress, words)));
  const byHost = new Map<string, string[]>();
  for (const [index, { serverId }] of named.entries()) {
    const ofHost = byHost.get(serverId) ?? [];
    byHost.set(serverId, [...ofHost, `  ${lines[index] ?? ''}`]);
  }
  const groups = [...byHost].flatMap(([serverId, ofHost]) => [words.host(cleanId(serverId)), ...ofHost]);
  const unnamed = run.targets.length - named.length;
  return [...groups, ...(unnamed > 0 ? [words.more(unnamed)] : [])];
}

const rowOf = (id: string, progress: Progress, words: Words): readonly string[] => [
  cleanId(id),
  wouldRestart(progress) ? words.wouldRestart() : words.standing(standingOf(progress)),
  cutToBytes(sentence(progress, words), MOST_SENTENCE_BYTES),
];

function notesOf(run: Run, { sharedLedger }: ReportOptions, words: Words): string[] {
  const notes: string[] = [];
  if (!isFinished(run)) notes.push(words.stillOpen(sharedLedger ? 'carried_on' : 'forgotten'));
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

const hostsOf = (run: Run): ReadonlySet<string> =>
  new Set(run.targets.length > 0 ? run.targets.map(({ serverId }) => serverId) : run.hosts);

function placeOf(run: Run, words: Words): string {
  const hosts = hostsOf(run);
  const [only] = hosts;
  if (only === undefined) return '';
  return hosts.size === 1 ? words.host(cleanId(only)) : words.hosts(hosts.size);
}
