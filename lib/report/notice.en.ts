/** What people are told that is no run, in English. */

import type { Notice } from '../messages.ts';
import type { EpochMs } from '../time.ts';
import { unreachable } from '../types.ts';
import type { NoticeLabels, NoticeText } from './notice-words.ts';
import { count } from './reasons.en.ts';
import { errorText, hoursAndMinutes, moment } from './words.ts';

export const englishNoticeLabels: NoticeLabels = {
  happened: 'What happened:',
  byItself: 'Done by itself:',
  toDo: 'For you to do:',
  ids: 'Ids:',
  at: 'At:',
};

function span(from: EpochMs, to: EpochMs): string {
  const [hours, minutes] = hoursAndMinutes(from, to);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes} min`;
}

export function englishNotice(notice: Notice): NoticeText {
  switch (notice.code) {
    case 'storm_began': {
      const { troubled, hosts, fleet } = notice;
      return {
        headline: `storm: ${troubled} of ${count(fleet, 'encode server')} abnormal, on ${count(hosts, 'host')}`,
        happened: 'So many at once point to one common cause, not to single servers that hang.',
        byItself:
          'One restart per ten minutes goes out as a test; each round that recovers doubles the next. All others wait. You are told when the storm is over.',
        toDo: 'Look for the common cause: the last change, the network, the CPH console, notices of Huawei Cloud. To restart certain servers all the same, name them in `POST /restarts` and override the guard `storm`.',
      };
    }
    case 'storm_ended':
      return {
        headline: `the storm is over after ${span(notice.since, notice.at)}`,
        happened: `Few enough encode servers are abnormal again. The storm began ${moment(notice.since)}.`,
        byItself: 'Restarts go at their usual pace again; what is still abnormal gets its turn.',
        toDo: 'Nothing. The daily digest names what is left.',
      };
    case 'host_out_of_service':
      return {
        headline: `host ${notice.serverId} is out of service, with ${count(notice.encodeServerIds.length, 'encode server')}`,
        happened: `CPH has shown the host in status ${notice.status} since ${moment(notice.since)}; 5 is in service.`,
        byItself:
          'Its encode servers are not restarted while the host is down. Once it is back, those that are still abnormal are.',
        toDo: 'Look at the host in the CPH console and restart it there, or open a ticket with Huawei Cloud.',
      };
    case 'pause_runs_long':
      return {
        headline: `restarts are still paused, until ${moment(notice.pause.until)}`,
        happened: `${notice.pause.who} paused all restarts: “${notice.pause.why}”.`,
        byItself: `Nothing is restarted meanwhile. Restarts go on by themselves ${moment(notice.pause.until)}.`,
        toDo: `Ask ${notice.pause.who} whether the pause is still needed; if not, end it: DELETE /pause.`,
      };
    case 'ledger_emptied':
      return {
        headline: 'the ledger was emptied',
        happened:
          'The memory of past restarts is gone, and with it any pause, exclusion or hand-over that somebody had entered.',
        byItself: `Until ${moment(notice.until)}, one cooldown, nothing is restarted, as it may have been restarted just before. Only servers that a person names are.`,
        toDo: 'Find out why Redis lost its data (flush, restart without persistence, eviction). Enter pauses and exclusions again: `PUT /pause`, `PUT /exclusions/{id}`.',
      };
    case 'ledger_away':
      return {
        headline: 'the ledger does not answer, nothing is restarted',
        happened: `Redis at ${notice.where} gives patrol no answer${notice.since === undefined ? '' : `, not since ${moment(notice.since)} at the latest`}: “${notice.reason}”.`,
        byItself:
          'Without its memory of past restarts nothing is restarted: alarms, the nightly restart and HTTP calls fail. As soon as Redis answers, patrol carries on what is open and looks for what is abnormal. Until then you are told every half hour.',
        toDo: 'Look at the Redis instance in the DCS console: does it run, is its memory full? Then whether the functions are in its VPC, its security group lets them in, and LEDGER_URL is right. What cannot wait, restart in the CPH console.',
      };
    case 'cph_away':
      return {
        headline: `CPH does not answer since ${moment(notice.since)}`,
        happened: `Patrol asks every minute which encode servers are abnormal, in vain. The last answer was: ${errorText(notice.error)}.`,
        byItself:
          'Nothing can be seen, so nothing is restarted. As soon as CPH answers, patrol does what is to be done.',
        toDo: 'Look whether the CPH console works and what Huawei Cloud announces for the region. In a VPC, the functions need a NAT gateway or an endpoint.',
      };
    case 'not_authorised':
      return {
        headline: `Huawei Cloud refuses our calls: ${notice.error.code}`,
        happened: `The answer was: ${errorText(notice.error)}.`,
        byItself: 'Nothing can be restarted. It is tried again with the next alarm and by patrol.',
        toDo: "Check the functions' agency and its CPH permissions, and whether the account is in arrears or frozen.",
      };
    case 'hardware':
      return {
        headline: `hardware event ${notice.event}: no restart mends that`,
        happened: `The alarm “${notice.alarmName}” reports failing hardware.`,
        byItself: 'Nothing is restarted because of it.',
        toDo: 'Open a ticket with Huawei Cloud and move phones away from the host.',
      };
    case 'template_without_is_alarm':
      return {
        headline: `alarms of “${notice.alarmName}” cannot be read as alarms`,
        happened: 'Its message template lacks IsAlarm, so an alarm looks like a recovery.',
        byItself:
          'Its messages restart nothing. Patrol, where it runs, still finds abnormal servers every minute.',
        toDo: 'Add IsAlarm to the message template of the alarm rule, or use the default template.',
      };
    case 'alarm_unreadable':
      return {
        headline: 'a message on the alarm topic is no alarm that can be read',
        happened: `It came from ${notice.topicUrn}. ${notice.said}.`,
        byItself:
          'It restarts nothing, nor does the next one. Patrol, where it runs, still finds abnormal servers every minute.',
        toDo: 'Let the alarm rule send the default format, or a JSON template with IsAlarm and ResourceId. Of further messages like this today you are not told.',
      };
    default:
      return unreachable(notice);
  }
}
