/** The daily digest, the sign of life: what was done, what is held and why, what needs a person. */
import type { Digest } from '../messages.ts';
import { attentionToHeld, HAS_A_NOTICE, most } from './attention.ts';
import { clean, LIMITS } from './clean.ts';
import { crowdLine, parted } from './crowds.ts';
import { englishDigest } from './digest.en.ts';
import { chineseDigest } from './digest.zh.ts';
import { attemptsOf, isCalm, machineDigest } from './digest-facts.ts';
import type { DigestWords } from './digest-words.ts';
import { type ReportMessage, structureOf, textOf, titleOf } from './envelope.ts';
import { columns } from './layout.ts';
import { holdsText } from './sentences.ts';
import { MOST_SERVERS, rowsByHost } from './table.ts';
import { type ReportOptions, whereOf, wordsIn } from './text.ts';
import { type Attention, moment, type Words } from './words.ts';

const SAY = { en: englishDigest, 'zh-CN': chineseDigest } as const;

export function digestMessage(digest: Digest, options: ReportOptions): ReportMessage {
  const words = wordsIn(options.language);
  const say = SAY[options.language];
  const attention = attentionToDigest(digest);
  const headline = isCalm(digest) ? say.calm() : say.headline(digest, attemptsOf(digest));
  const canWait = attention !== 'needed' && digest.undeliverable > 0;
  const sentence = canWait ? words.noticeAttention('not_yet') : words.attention(attention);
  const text = textOf([
    [words.opening(headline, sentence)],
    headOf(digest, options, words, say),
    handedOverLines(digest, words, say),
    abnormalLines(digest, words, say),
    recurringLines(digest, words, say),
    notesOf(digest, say),
  ]);
  const { subject, sms } = titleOf(headline, attention, words);
  const structureWith = (machine: object) => structureOf({ text, sms }, machine);
  const machine = machineDigest(digest, options, attention === 'needed', structureWith);
  return { subject, messageStructure: structureWith(machine) };
}

export function attentionToDigest({
  handedOver,
  abnormal,
  abnormalUnknown,
  recurring,
  storm,
}: Digest): Attention {
  if (handedOver.length > 0 || storm !== undefined) return 'needed';
  const least: Attention = abnormalUnknown === true || recurring.length > 0 ? 'not_yet' : 'none';
  return abnormal.reduce<Attention>((worst, { hold }) => {
    // The notice was yesterday's news; that it still is so is today's.
    if (hold !== undefined && HAS_A_NOTICE.has(hold.reason.code)) return 'needed';
    return most(worst, attentionToHeld(hold === undefined ? [] : [hold], 'not_yet'));
  }, least);
}

function headOf(digest: Digest, options: ReportOptions, words: Words, say: DigestWords): string[] {
  const { from, to, mode, fleet, runs, counts, wouldRestart } = digest;
  return columns([
    [say.label('period'), `${moment(from)} – ${moment(to)}`],
    [words.label('where'), whereOf(options, words)],
    [words.label('mode'), words.mode(mode, false)],
    ...(fleet === undefined ? [] : [[say.label('fleet'), say.fleet(fleet)]]),
    ...(runs > 0 ? [[say.label('done'), say.done(runs, counts)]] : []),
    ...(wouldRestart > 0 ? [[say.label('observed'), say.wouldRestart(wouldRestart)]] : []),
  ]);
}

function handedOverLines({ handedOver }: Digest, words: Words, say: DigestWords): string[] {
  if (handedOver.length === 0) return [];
  const named = handedOver.slice(0, MOST_SERVERS).map(({ encodeServerId, serverId, since, why }) => ({
    encodeServerId,
    serverId,
    cells: [say.since(moment(since)), words.quoted(clean(why, LIMITS.line))],
  }));
  const unnamed = handedOver.length - named.length;
  return [
    say.handedOver(handedOver.length),
    ...rowsByHost(named, words),
    ...(unnamed > 0 ? [words.more(unnamed)] : []),
    say.takeBack(),
  ];
}

function abnormalLines({ abnormal, handedOver }: Digest, words: Words, say: DigestWords): string[] {
  if (abnormal.length === 0) return [];
  const { alone, crowds } = parted(abnormal, ({ hold }) => hold);
  const named = alone.slice(0, Math.max(0, MOST_SERVERS - handedOver.length));
  const rows = named.map(({ encodeServerId, serverId, since, hold }) => ({
    encodeServerId,
    serverId,
    cells: [say.since(moment(since)), hold === undefined ? say.underWay() : holdsText([hold], words)],
  }));
  const unnamed = alone.length - named.length;
  return [
    say.abnormal(abnormal.length),
    ...rowsByHost(rows, words),
    ...(unnamed > 0 ? [words.more(unnamed)] : []),
    ...crowds.map((crowd) => crowdLine(crowd, words)),
  ];
}

function recurringLines({ recurring }: Digest, words: Words, say: DigestWords): string[] {
  if (recurring.length === 0) return [];
  const named = recurring.slice(0, MOST_SERVERS).map(({ encodeServerId, serverId, restarts }) => ({
    encodeServerId,
    serverId,
    cells: [say.times(restarts)],
  }));
  const unnamed = recurring.length - named.length;
  return [
    say.recurring(recurring.length),
    ...rowsByHost(named, words),
    ...(unnamed > 0 ? [words.more(unnamed)] : []),
  ];
}

function notesOf(digest: Digest, say: DigestWords): string[] {
  const { pause, storm, exclusions, undeliverable, maintenanceUnknown, abnormalUnknown, others = 0 } = digest;
  const notes: string[] = [];
  if (abnormalUnknown === true) notes.push(say.abnormalUnknown());
  if (others > 0) notes.push(say.others(others));
  if (storm !== undefined) notes.push(say.storm(moment(storm.since), storm.round.size));
  if (pause !== undefined) {
    notes.push(say.paused(clean(pause.who, LIMITS.id), clean(pause.why, LIMITS.line), moment(pause.until)));
  }
  if (exclusions > 0) notes.push(say.exclusions(exclusions));
  if (undeliverable > 0) notes.push(say.undeliverable(undeliverable));
  if (maintenanceUnknown) notes.push(say.maintenanceUnknown());
  return notes;
}
