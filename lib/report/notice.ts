/** A notice as one SMN message: what happened, what is done about it by itself, and what the person is to do. */
import type { Notice } from '../messages.ts';
import { unreachable } from '../types.ts';
import { type ReportMessage, structureOf, textOf, titleOf } from './envelope.ts';
import { columns } from './layout.ts';
import { englishNotice, englishNoticeLabels } from './notice.en.ts';
import { chineseNotice, chineseNoticeLabels } from './notice.zh.ts';
import { idsOf, machineNotice, tidied } from './notice-facts.ts';
import { type ReportOptions, whereOf, wordsIn } from './text.ts';
import { type Attention, moment } from './words.ts';

/** How many ids a text names. */
const MOST_IDS = 50;

const IN = {
  en: { say: englishNotice, labels: englishNoticeLabels },
  'zh-CN': { say: chineseNotice, labels: chineseNoticeLabels },
} as const;

export function noticeMessage(notice: Notice, options: ReportOptions): ReportMessage {
  const words = wordsIn(options.language);
  const { say, labels } = IN[options.language];
  const tidy = tidied(notice);
  const { headline, happened, byItself, toDo } = say(tidy);
  const attention = attentionToNotice(notice);
  const ids = idsOf(tidy);
  const named = ids.slice(0, MOST_IDS);
  const list = [...named, ...(ids.length > named.length ? [words.moreIds(ids.length - named.length)] : [])];
  const text = textOf([
    [words.opening(headline, words.noticeAttention(attention))],
    columns([
      [labels.happened, happened],
      [labels.byItself, byItself],
      [labels.toDo, toDo],
    ]),
    columns([
      ...(list.length > 0 ? [[labels.ids, list.join(', ')]] : []),
      [words.label('where'), whereOf(options, words)],
      [labels.at, moment(notice.at)],
    ]),
  ]);
  const { subject, sms } = titleOf(headline, attention, words);
  const machine = machineNotice(tidy, options, attention === 'needed');
  return { subject, messageStructure: structureOf({ text, sms }, machine) };
}

/** `not_yet`: a person should see to it, but not in the middle of the night. */
export function attentionToNotice({ code }: Notice): Attention {
  switch (code) {
    case 'storm_began':
    case 'host_out_of_service':
    case 'ledger_emptied':
    case 'ledger_away':
    case 'not_authorised':
    case 'cph_away':
    case 'hardware':
      return 'needed';
    case 'pause_runs_long':
    case 'template_without_is_alarm':
    case 'alarm_unreadable':
      return 'not_yet';
    case 'storm_ended':
      return 'none';
    default:
      return unreachable(code);
  }
}
