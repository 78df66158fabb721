/** The phrases of the daily digest in English. */
import type { DigestWords } from './digest-words.ts';
import { count, isAre } from './reasons.en.ts';

const partsOf = (parts: readonly (readonly [number, string])[]): string[] =>
  parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${amount} ${what}`);

export const englishDigest: DigestWords = {
  calm: () => 'daily digest: all is well, nothing had to be restarted',
  headline(digest, attempts) {
    const { counts, handedOver, abnormal, abnormalUnknown, recurring, others = 0 } = digest;
    const { storm, pause, wouldRestart, undeliverable } = digest;
    return `daily digest: ${[
      attempts > 0
        ? `${counts.recovered} of ${count(attempts, 'restart')} recovered`
        : 'nothing was restarted',
      ...partsOf([
        [handedOver.length, 'handed over to a person'],
        [abnormal.length, 'abnormal'],
        [recurring.length, 'hung again and again'],
        [others, 'neither running nor abnormal'],
        [wouldRestart, 'would have been restarted'],
      ]),
      ...(abnormalUnknown === true ? ['CPH could not be asked'] : []),
      ...(storm === undefined ? [] : ['a storm is on']),
      ...(pause === undefined ? [] : ['restarts are paused']),
      ...(undeliverable > 0 ? [`${count(undeliverable, 'report')} not delivered`] : []),
    ].join(', ')}`;
  },
  label: (of) => ({ period: 'Period:', fleet: 'Fleet:', done: 'Done:', observed: 'Observed:' })[of],
  fleet: (amount) => count(amount, 'encode server'),
  done: (runs, counts) =>
    `${count(runs, 'run')}: ${
      partsOf([
        [counts.recovered, 'recovered'],
        [counts.not_recovered, 'did not'],
        [counts.rejected, 'rejected'],
        [counts.unconfirmed, 'unconfirmed'],
        [counts.held, 'held back'],
      ]).join(', ') || 'nothing was found to restart'
    }`,
  wouldRestart: (amount) =>
    `${count(amount, 'encode server')} would have been restarted, were it not for mode observe or a dry run`,
  handedOver: (amount) =>
    `${count(amount, 'encode server')} ${amount === 1 ? 'needs' : 'need'} a person and ${isAre(amount)} not restarted any more:`,
  takeBack: () =>
    'Once such a server has stayed well for a whole cooldown, it is ours again. To have it restarted before that, take it back (ack): DELETE /handed-over/{encode_server_id}',
  abnormal: (amount) => `${count(amount, 'encode server')} ${isAre(amount)} abnormal now:`,
  recurring: (amount) =>
    `${count(amount, 'encode server')} hung again and again after ${amount === 1 ? 'its' : 'their'} restarts. Look for the cause, or exclude ${amount === 1 ? 'it' : 'them'} (PUT /exclusions/{id}):`,
  times: (restarts) => count(restarts, 'restart'),
  abnormalUnknown: () => 'CPH could not be asked which encode servers are abnormal now: nobody knows.',
  others: (amount) =>
    `${count(amount, 'encode server')} ${isAre(amount)} neither running nor abnormal (restarting, being created, frozen, powered off) and not restarted. If that lasts, look at ${amount === 1 ? 'it' : 'them'} in the CPH console.`,
  since: (at) => `since ${at}`,
  underWay: () => 'being seen to',
  storm: (since, canaries) =>
    `A storm is on since ${since}: only ${count(canaries, 'restart')} a round. Look for the common cause.`,
  paused: (who, why, until) =>
    `Restarts are paused by ${who} until ${until}: “${why}”. To end it: DELETE /pause`,
  exclusions: (amount) =>
    `${count(amount, 'host or server', 'hosts or servers')} ${isAre(amount)} excluded by people: GET /exclusions names them.`,
  undeliverable: (amount) =>
    `${count(amount, 'report')} could not be delivered and ${isAre(amount)} in the log in full. Check the topics and the permission smn:topic:publish.`,
  maintenanceUnknown: () =>
    'Scheduled maintenance of hosts cannot be seen in this account or region: restarts do not wait for it.',
};
