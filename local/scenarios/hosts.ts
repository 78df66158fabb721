/** Scenarios of servers and hosts that a restart does not mend, and of a storm. */
import { after, minutes } from '../../lib/time.ts';
import {
  BEGINS_AT,
  fleetOf,
  never,
  neverHealthy,
  neverTwice,
  neverWithinCooldown,
  restartsOf,
  type Scenario,
  type Seen,
} from './scenario.ts';

const isAfterThird = ({ model, pages }: Seen): boolean => {
  const third = model.restarts.filter(({ encode_server_id: id }) => id === 'h1-2')[2];
  return third !== undefined && pages.every(({ at }) => at > third.at);
};

export const neverBack: Scenario = {
  name: 'never-back',
  title: 'A server never comes back',
  fear: 'One broken server is restarted all night long, pages somebody each time, and keeps the nightly restart from the others.',
  fleet: fleetOf(3, 2, (id) => (id === 'h1-2' ? { recovers: false } : {})),
  setting: 'No restart mends h1-2 until a technician has been there.',
  create() {
    let isMended = false;
    return {
      faults: [
        {
          ruling: ({ encode_server_id: id }) =>
            id === 'h1-2' && isMended ? { endStatus: 1, job: 'succeeds' } : undefined,
        },
      ],
      async play(script) {
        script.patrolFor(minutes(102));
        await script.at(0, 10);
        script.hangs('h1-2');
        await script.at(75, 10);
        script.says('timer', 'the nightly restart is due');
        script.nightly();
        await script.at(95, 20);
        isMended = true;
        script.says('person', 'a technician mends what was wrong with h1-2');
        await script.http('DELETE', '/handed-over/h1-2');
        await script.at(102);
      },
    };
  },
  not: [
    neverWithinCooldown,
    never('try a fourth time before a person took it back', (seen) => restartsOf(seen, 'h1-2') === 4),
    never('wake anybody before the third attempt had failed', isAfterThird),
    never(
      'hold up the nightly restart of the others',
      ({ model }) => new Set(model.restarts.map(({ encode_server_id }) => encode_server_id)).size === 6,
    ),
  ],
};

export const wholeHost: Scenario = {
  name: 'whole-host',
  title: 'A whole host fails',
  fear: 'Every server of a host is dead because the host is; each is tried three times and each pages by itself.',
  fleet: fleetOf(4, 3, (_, host) => (host === 'h1' ? { recovers: false } : {})),
  setting: 'No restart mends a server of h1.',
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(75));
      await script.at(0, 10);
      script.hangs('h1-1', 'h1-2', 'h1-3');
      await script.at(0, 20);
      script.says('Cloud Eye', 'alarm on h1');
      script.alarm('h1');
      await script.at(75);
    },
  }),
  not: [
    neverHealthy,
    neverWithinCooldown,
    never('try any server a third time', (seen) =>
      ['h1-1', 'h1-2', 'h1-3'].every((id) => restartsOf(seen, id) === 2),
    ),
    never('page for each server', ({ pages }) => pages.length < 3),
  ],
};

export const hostAway: Scenario = {
  name: 'host-away',
  title: 'A host is out of service',
  fear: 'Servers are restarted on a host that is shut down, or everything waits for it and nobody is told.',
  fleet: fleetOf(3, 3, (_, host) => (host === 'h1' ? { host_status: 10 } : {})),
  setting: 'h1 is shut down (status 10).',
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(45));
      await script.at(0, 10);
      script.hangs('h1-1', 'h1-2', 'h1-3');
      await script.at(5, 10);
      script.hangs('h2-1');
      await script.at(45);
    },
  }),
  not: [
    neverHealthy,
    never('restart anything on that host', ({ model }) =>
      model.restarts.every(({ encode_server_id: id }) => !id.startsWith('h1-')),
    ),
    never('keep the other hosts waiting', (seen) => restartsOf(seen, 'h2-1') === 1),
  ],
};

export const storm: Scenario = {
  name: 'storm',
  title: 'A storm: a third of the fleet hangs at once',
  fear: 'Something bigger is broken, and 170 restarts at once make it worse, with 170 pages.',
  fleet: fleetOf(50, 10),
  create: () => ({
    async play(script) {
      script.patrolFor(minutes(65));
      await script.at(0, 10);
      const all = [...script.model.servers.keys()];
      script.hangs(...all.filter((_, index) => (index * 7) % 50 < 17));
      await script.at(65);
    },
  }),
  not: [
    neverTwice,
    neverHealthy,
    never(
      'restart more than its canaries, 15 servers, in the first 40 minutes',
      ({ model }) => model.restarts.filter(({ at }) => at < after(BEGINS_AT, minutes(40))).length === 15,
    ),
    never('page for each server', ({ pages }) => pages.length < 10),
  ],
};
