/** Scenarios of alarms: repeated, delivered twice, too early, too late, coming and going. */

import { minutes } from '../../lib/time.ts';
import {
  fleetOf,
  never,
  neverAtAll,
  neverHealthy,
  neverPaged,
  neverTwice,
  neverWithinCooldown,
  restartsOf,
  type Scenario,
} from './scenario.ts';

export const alarmRepeats: Scenario = {
  name: 'alarm-repeats',
  title: 'The alarm repeats every minute',
  fear: 'Cloud Eye goes on shouting while one server stays down, and each shout restarts something again.',
  fleet: fleetOf(2, 4, (id) => (id === 'h1-3' ? { recovers: false } : {})),
  setting: 'No restart mends h1-3.',
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(15));
      await script.at(0, 10);
      script.hangs('h1-2', 'h1-3');
      for (let minute = 0; minute < 12; minute += 1) {
        await script.at(minute, 20);
        script.says('Cloud Eye', 'alarm on h1');
        script.alarm('h1');
      }
      await script.at(15);
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never('send a message for each alarm', ({ reports, pages }) => reports.length + pages.length <= 3),
  ],
};

export const deliveredTwice: Scenario = {
  name: 'delivered-twice',
  title: 'The same alarm is delivered twice at once',
  fear: 'SMN hands one message to two instances in the same second, and both restart the server.',
  fleet: fleetOf(1, 4),
  create: () => ({
    async play(script) {
      script.hangs('h1-2', 'h1-3');
      await script.at(0, 20);
      script.says('Cloud Eye', 'alarm on h1, which SMN delivers twice');
      script.alarm('h1', { deliveries: 2 });
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never('report the same thing twice', ({ reports }) => reports.length === 1),
    neverPaged,
  ],
};

export const alarmBeforeStatus: Scenario = {
  name: 'alarm-before-status',
  title: 'The alarm comes before the status shows it',
  fear: 'The alarm is a minute ahead of what CPH lists; nothing looks wrong yet, so nothing is done and the alarm is spent.',
  fleet: fleetOf(2, 2),
  create: () => ({
    async play(script) {
      await script.at(0, 5);
      script.says('Cloud Eye', 'alarm on h1');
      script.alarm('h1');
      await script.at(0, 40);
      script.says('CPH', 'shows h1-2 as abnormal only now');
      script.hangs('h1-2');
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never('take the alarm for a false one', (seen) => restartsOf(seen, 'h1-2') === 1),
  ],
};

export const recoveryFirst: Scenario = {
  name: 'recovery-first',
  title: 'The recovery overtakes the alarm',
  fear: 'SMN delivers out of order: the end of the alarm first, then the alarm of servers that are well again.',
  fleet: fleetOf(1, 3),
  create: () => ({
    async play(script) {
      const late = script.alarm('h1', { deliveries: 0 });
      await script.at(2);
      script.says('Cloud Eye', 'the alarm on h1 is over; SMN has not delivered its beginning yet');
      script.recovery('h1');
      await script.at(2, 5);
      script.says('SMN', 'delivers the beginning of the alarm on h1');
      late();
    },
  }),
  not: [neverAtAll, neverPaged, never('send a report about nothing', ({ reports }) => reports.length === 0)],
};

export const flapping: Scenario = {
  name: 'flapping',
  title: 'The alarm comes and goes all the time',
  fear: 'A server hangs again soon after each recovery, and is restarted every few minutes all night.',
  fleet: fleetOf(2, 2),
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(20));
      for (const minute of [0, 4, 8, 12]) {
        await script.at(minute, 10);
        script.hangs('h1-2');
        await script.at(minute, 20);
        script.says('Cloud Eye', 'alarm on h1');
        script.alarm('h1');
        await script.at(minute + 2, 20);
        script.says('Cloud Eye', 'the alarm on h1 is over');
        script.recovery('h1');
      }
      await script.at(20);
    },
  }),
  not: [
    neverWithinCooldown,
    neverHealthy,
    never('report the same held server again and again', ({ reports }) => reports.length <= 3),
  ],
};
