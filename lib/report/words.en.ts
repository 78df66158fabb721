/** The phrases of a report in English. */
import type { Standing, Tally, Words } from './words.ts';

const count = (amount: number, one: string, many = `${one}s`) => `${amount} ${amount === 1 ? one : many}`;
const isAre = (amount: number) => (amount === 1 ? 'is' : 'are');

/** `1 did not, 2 held back`: all but the recovered, what needs attention first; nothing for a count of 0. */
function others({ counts, wouldRestart }: Tally): string[] {
  const parts: [number, string][] = [
    [counts.not_recovered, 'did not'],
    [counts.rejected, 'rejected'],
    [counts.unconfirmed, 'unconfirmed'],
    [counts.unfinished, 'unfinished'],
    [wouldRestart, 'would have been restarted'],
    [counts.held - wouldRestart, 'held back'],
  ];
  return parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${amount} ${what}`);
}

function headline(tally: Tally): string {
  const { total, counts, finished, stopped, onlyLooking } = tally;
  const servers = count(total, 'encode server');
  if (total === 0 && stopped) return 'nothing restarted, the run was stopped';
  if (total === 0) return finished ? 'nothing was found to restart' : 'nothing abnormal found so far';
  if (counts.held < total) {
    return [`${counts.recovered} of ${servers} recovered`, ...others(tally)].join(', ');
  }
  if (onlyLooking === undefined) return `nothing restarted, ${servers} held back`;
  const how = onlyLooking === 'observe' ? 'mode observe' : 'dry run';
  const rest = others({ ...tally, wouldRestart: 0, counts: { ...counts, held: total - tally.wouldRestart } });
  return [`nothing restarted (${how}): ${tally.wouldRestart} of ${servers} would have been`, ...rest].join(
    ', ',
  );
}

const STANDING: Readonly<Record<Standing, string>> = {
  recovered: 'recovered',
  not_recovered: 'NOT RECOVERED',
  rejected: 'REJECTED',
  unconfirmed: 'UNCONFIRMED',
  held: 'held back',
  unfinished: 'unfinished',
};

export const english: Words = {
  notIncluded: () => 'not among the servers that may be restarted (setting include)',
  excluded: () => 'excluded from restarts',
  paused: (who, why) => `restarts are paused by ${who}: “${why}”`,
  wellAgain: () => 'running again without a restart',
  restartingAlready: () => 'restarting already',
  unavailable: (status) => `in a state in which it is never restarted (status ${status})`,
  gone: () => 'no longer among the encode servers that CPH lists',
  hostNotInService: (status) => `the host is not in service (status ${status})`,
  hostGone: () => 'the host is no longer found',
  unchecked: (what) =>
    `${what === 'host' ? "its host's state" : 'its state'} could not be read, so it was left alone`,
  cooldown: (at) => `in its cooldown: last restarted ${at}`,
  inFlight: (runId) => `being restarted by run ${runId}`,
  attemptsUsed: (attempts) => `${count(attempts, 'attempt')} without recovery: a person has to look at it`,
  handedOver: (since, why) => `handed over to a person since ${since}: “${why}”`,
  hostLimit: (inFlight, limit) =>
    `${inFlight} of its host's servers ${isAre(inFlight)} restarting already; the limit is ${limit}`,
  concurrencyLimit: (inFlight, limit) =>
    `${count(inFlight, 'restart')} ${isAre(inFlight)} in flight already; the limit is ${limit}`,
  observe: () => 'mode observe restarts nothing',
  dryRun: () => 'a dry run restarts nothing',
  runEnded: () => 'the run ended before its turn came',
  notAuthorised: (error) => `Huawei Cloud refused our credentials or permission: ${error}`,

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
      requestIds: 'Request ids:',
    })[of],
  more: (amount) => `and ${amount} more: see the JSON`,
  moreIds: (amount) => `and ${amount} more`,
  stillOpen: (fate) =>
    fate === 'carried_on'
      ? 'This run is not finished: this is how it stands now.'
      : 'This run is not finished and nothing carries it on: look at the unfinished servers.',
  ledgerForgets: () =>
    'No shared ledger: cooldown, attempts and history are known to this one invocation only.',
};
