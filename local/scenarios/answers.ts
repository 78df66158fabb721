/** Scenarios of a cloud that does not answer as it should, and of a function that is killed. */
import { minutes, seconds } from '../../lib/time.ts';
import { gatewayError } from '../cloud/answer.ts';
import { faultNamed } from '../faults/index.ts';
import { hexId } from '../model/ids.ts';
import {
  fleetOf,
  never,
  neverHealthy,
  neverPaged,
  neverTwice,
  neverWithinCooldown,
  type Scenario,
  type Script,
} from './scenario.ts';

/** Three of the host's four servers hang, and an alarm tells of it. */
async function hostHangs(script: Script): Promise<void> {
  await script.at(0, 10);
  script.hangs('h1-2', 'h1-3', 'h1-4');
  await script.at(0, 20);
  script.says('Cloud Eye', 'alarm on h1');
  script.alarm('h1');
}

export const lostAnswer: Scenario = {
  name: 'lost-answer',
  title: 'The answer to the restart is lost',
  fear: 'CPH restarts the servers but its answer never arrives, so the call is made again and restarts them twice.',
  fleet: fleetOf(2, 4),
  create: () => ({
    faults: [faultNamed('lost-answer').create()],
    async play(script) {
      script.patrolFor(minutes(3));
      await hostHangs(script);
    },
  }),
  not: [
    neverTwice,
    never('call a second time to be sure', ({ calls }) => calls['RestartEncodeServer'] === 1),
  ],
};

export const throttled: Scenario = {
  name: 'throttled',
  title: 'CPH throttles the restarts',
  fear: 'The gateway answers 429; the function hammers it, or gives the servers up.',
  fleet: fleetOf(2, 4),
  setting: 'The gateway turns away two restart calls, the first with `Retry-After: 45`.',
  create() {
    let turned = 0;
    const turnedAway = () =>
      gatewayError(429, 'APIGW.0308', 'The throttling threshold has been reached', hexId('throttled'));
    return {
      faults: [
        {
          async intercept({ operation }, proceed) {
            if (operation !== 'RestartEncodeServer' || ++turned > 2) return proceed();
            return turned === 1 ? { ...turnedAway(), headers: { 'retry-after': '45' } } : turnedAway();
          },
        },
      ],
      play: hostHangs,
    };
  },
  not: [
    neverTwice,
    neverPaged,
    never('count a call that was turned away as an attempt', ({ ledger }) =>
      [...ledger.runs.values()].every(({ targets }) =>
        targets.every(({ progress }) => !('attempt' in progress) || progress.attempt.number === 1),
      ),
    ),
  ],
};

export const killed: Scenario = {
  name: 'killed',
  title: 'The function is killed in the middle of a run',
  fear: 'The platform kills the instance right after the restart; nobody looks whether the servers came back, or the next instance restarts them again.',
  fleet: fleetOf(2, 4, () => ({ restart_seconds: 50 })),
  setting: 'A restart takes 50 s.',
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(5));
      await script.at(0, 10);
      script.hangs('h1-2', 'h1-3', 'h1-4');
      await script.at(0, 20);
      script.says('Cloud Eye', 'alarm on h1');
      script.alarm('h1', { diesAfter: seconds(12) });
      await script.at(5);
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never('forget the run: it was reported', ({ reports }) => reports.length === 1),
  ],
};

export const smnDown: Scenario = {
  name: 'smn-down',
  title: 'SMN is down when the report is due',
  fear: 'The restarts are done but nobody hears of them: the report is lost.',
  fleet: fleetOf(2, 4),
  create() {
    let isDown = false;
    return {
      faults: [
        {
          intercept: async ({ operation }, proceed) =>
            isDown && operation === 'PublishMessage' ? 'reset' : proceed(),
        },
      ],
      async play(script) {
        script.patrolFor(minutes(6));
        isDown = true;
        script.says('SMN', 'breaks off every call');
        await hostHangs(script);
        await script.at(3, 30);
        isDown = false;
        script.says('SMN', 'is well again');
        await script.at(6);
      },
    };
  },
  not: [
    neverTwice,
    never('lose the report', ({ reports }) => reports.length > 0),
    never('go on sending once it was taken', ({ reports }) => reports.length <= 2),
  ],
};

export const wrongCredentials: Scenario = {
  name: 'wrong-credentials',
  title: 'The credentials are not valid any more',
  fear: 'Somebody changes the agency; from then on nothing is restarted, and nobody notices for days.',
  fleet: fleetOf(2, 3),
  setting: 'CPH refuses every call from 0:50 to 20:30; SMN still takes messages.',
  create() {
    let isRefused = false;
    const refusal = () =>
      gatewayError(401, 'APIGW.0301', 'Incorrect IAM authentication information', hexId('refused'));
    return {
      faults: [
        {
          intercept: async ({ operation }, proceed) =>
            isRefused && operation !== 'PublishMessage' ? refusal() : proceed(),
        },
      ],
      async play(script) {
        script.patrolFor(minutes(24));
        await script.at(0, 50);
        isRefused = true;
        script.says('IAM', 'the agency loses its permission');
        await script.at(2, 10);
        script.hangs('h1-2');
        await script.at(20, 30);
        isRefused = false;
        script.says('person', 'gives the permission back');
        await script.at(24);
      },
    };
  },
  not: [
    neverWithinCooldown,
    neverHealthy,
    never('page every minute: once a day', ({ pages }) => pages.length === 1),
  ],
};
