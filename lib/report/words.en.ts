/** The phrases of a report in English. */
import { headline } from './headline.en.ts';
import { count, englishReasons } from './reasons.en.ts';
import type { Standing, Words } from './words.ts';

const STANDING: Readonly<Record<Standing, string>> = {
  recovered: 'recovered',
  not_recovered: 'NOT RECOVERED',
  rejected: 'REJECTED',
  unconfirmed: 'UNCONFIRMED',
  held: 'held back',
  unfinished: 'unfinished',
};

export const english: Words = {
  ...englishReasons,

  standing: (standing) => STANDING[standing],
  wouldRestart: () => 'would restart',
  recovered: (seconds, attempt) => `running again after ${seconds} s, attempt ${attempt}`,
  notRecovered: (attempt) => `still abnormal after restart attempt ${attempt}`,
  rejected: (error) => `CPH refused the restart: ${error}`,
  notSeenAgain: () => 'the restart was accepted, but the server was not seen running again',
  answerLost: () => 'nobody knows whether CPH took the restart; nothing was seen of it',
  nextAttempt: (from, attempt) => `may be tried again from ${from}, as attempt ${attempt}`,
  handOver: () => 'that was the last attempt: a person has to look at it',
  notBefore: (at) => `not before ${at}`,
  also: (reason) => `also: ${reason}`,
  aside: (text, aside) => `${text} (${aside})`,
  underWay(state) {
    if (state === 'waiting') return 'waiting for its turn';
    if (state === 'claimed') return 'about to be restarted; no answer is recorded yet';
    if (state === 'unknown') return 'the answer to the restart was lost; looking whether it happened';
    return state === 'accepted' ? 'restart accepted, under way' : 'restarted; looking whether it is back';
  },
  join: (parts) => parts.join('; '),
  withError: (what, error) => `${what} (CPH: ${error})`,

  headline,
  attention(attention) {
    if (attention === 'needed') return 'A person is needed.';
    return attention === 'not_yet' ? 'No person is needed yet.' : 'No person is needed.';
  },
  noticeAttention(attention) {
    if (attention === 'needed') return 'A person is needed.';
    return attention === 'not_yet' ? 'Not urgent, but please see to it.' : 'No person is needed.';
  },
  ofRuns: (amount, text) => `${count(amount, 'run')}: ${text}`,
  moreRuns: (amount) => `and ${count(amount, 'more run', 'more runs')}: see the JSON`,
  alert: (text) => `Person needed: ${text}`,
  opening: (text, attention) => `${text.charAt(0).toUpperCase()}${text.slice(1)}. ${attention}`,
  host: (id) => `host ${id}`,
  hosts: (amount) => count(amount, 'host'),
  project: (id) => `project ${id}`,
  source: (source) => ({ alarm: 'alarm', timer: 'timer', http: 'HTTP call', patrol: 'patrol' })[source],
  mode: (mode, dryRun) => (dryRun ? `${mode}, dry run` : mode),
  runState: (state) => state,
  quoted: (text) => `“${text}”`,
  label: (of) =>
    ({
      trigger: 'Trigger:',
      by: 'Asked by:',
      at: 'Asked at:',
      where: 'Where:',
      mode: 'Mode:',
      run: 'Run:',
      stopped: 'Stopped:',
      override: 'Override:',
      requestIds: 'Request ids:',
    })[of],
  more: (amount) => `and ${amount} more: see the JSON`,
  crowd: (amount, text) => `${count(amount, 'server')}: ${text}`,
  firstNotBefore: (at) => `the first not before ${at}`,
  moreIds: (amount) => `and ${amount} more`,
  stillOpen: (fate) =>
    fate === 'carried_on'
      ? 'This run is not finished: this is how it stands now.'
      : 'This run is not finished and nothing carries it on: look at the unfinished servers.',
  ledgerForgets: () =>
    'No shared ledger: cooldown, attempts and history are known to this one invocation only.',
};
