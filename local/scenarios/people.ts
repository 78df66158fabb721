/** Scenarios of people: somebody pauses, somebody insists. */
import { minutes } from '../../lib/time.ts';
import { fleetOf, never, neverHealthy, neverTwice, restartsOf, type Scenario } from './scenario.ts';

export const pauseMidRun: Scenario = {
  name: 'pause-mid-run',
  title: 'Somebody pauses in the middle of a run',
  fear: 'A release begins; the pause comes too late for the run that is under way, or what is under way is forgotten.',
  fleet: fleetOf(2, 4),
  settings: { max_per_host: 1 },
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(18));
      await script.at(0, 10);
      script.hangs('h1-2', 'h1-3', 'h1-4');
      await script.at(0, 20);
      script.says('Cloud Eye', 'alarm on h1');
      script.alarm('h1');
      await script.at(0, 35);
      await script.http('PUT', '/pause', { who: 'li.wei', why: 'release', for: '2h' });
      await script.at(12, 30);
      await script.http('DELETE', '/pause');
      await script.at(18);
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never('restart anything while it was paused', ({ model, endedAt }) =>
      model.restarts.every(({ at }) => {
        const second = (at - (endedAt - 18 * 60_000)) / 1_000;
        return second <= 35 || second >= 750;
      }),
    ),
    never('tell of the same pause again and again', ({ reports }) => reports.length <= 3),
  ],
};

export const insists: Scenario = {
  name: 'insists',
  title: 'Somebody restarts what was just restarted',
  fear: 'Two people answer one black screen, and the second restart hits the server while the first is not over.',
  fleet: fleetOf(2, 3),
  create: () => ({
    async play(script) {
      const ask = { encode_server_ids: ['h1-2'], who: 'li.wei', reason: 'black screen' };
      script.hangs('h1-2');
      await script.at(0, 10);
      await script.http('POST', '/restarts', ask);
      await script.at(0, 25);
      await script.http('POST', '/restarts', { ...ask, who: 'chen.yu' });
      await script.at(8);
      script.hangs('h1-2');
      await script.http('POST', '/restarts', { ...ask, who: 'chen.yu' });
      await script.at(9);
      const override = { guards: ['cooldown', 'settling'], why: 'the customer waits' };
      await script.http('POST', '/restarts', { ...ask, who: 'chen.yu', override });
    },
  }),
  not: [
    never('restart it while it was restarting', (seen) => restartsOf(seen, 'h1-2') === 2),
    never(
      'break the cooldown without a name and a reason',
      ({ ledger }) =>
        [...ledger.runs.values()]
          .flatMap(({ targets }) => targets)
          .filter(({ progress }) => 'attempt' in progress && progress.attempt.override !== undefined)
          .length === 1,
    ),
    neverHealthy,
  ],
};
