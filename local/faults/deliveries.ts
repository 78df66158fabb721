/** Faults of events and invocations: late, twice, out of order, too big, cut short, or overtaken by an operator. */
import { emptyState } from '../../lib/ledger/state.ts';
import { after, minutes, seconds } from '../../lib/time.ts';
import { hang } from '../model/look.ts';
import type { Fault } from './fault.ts';
import {
  failures,
  heldBy,
  ignoredAs,
  outcomes,
  promised,
  reports,
  restartCalls,
  restarts,
} from './promises.ts';
import { alarm, OPENS_AT, server, usualFleet } from './setting.ts';

const HOST = 'server_id:h1';

export const eventTooBig: Fault = {
  name: 'event-too-big',
  does: 'the event of the alarm is larger than the 256 KB that an asynchronous call may have',
  promise:
    'the platform refuses it before the function begins: nothing is restarted, and patrol has to find it',
  create: () => ({}),
  setting: () => ({ events: [alarm(HOST, { padding: 256 * 1_024 })] }),
  holds: promised(outcomes({}), restartCalls(0), failures(1)),
};

export const replayedEvent: Fault = {
  name: 'replayed-event',
  does: 'the same alarm is delivered three times',
  promise: 'it is carried out once and reported once; the others are ignored with a reason',
  create: () => ({}),
  setting: () => ({ events: [alarm(HOST), alarm(HOST), alarm(HOST)] }),
  holds: promised(outcomes({ recovered: 3 }), restarts(3), reports(1), ignoredAs('delivered before')),
};

export const recoveryFirst: Fault = {
  name: 'recovery-first',
  does: 'the end of an alarm arrives before the alarm, when all servers are well again',
  promise: 'nothing is restarted and nobody is troubled with a report',
  create: () => ({}),
  setting: () => ({
    fleet: [server('h1', 's1', 1), server('h1', 's2', 1)],
    events: [alarm(HOST, { after: minutes(2), status: 'ok' }), alarm(HOST)],
  }),
  holds: promised(outcomes({}), restartCalls(0), reports(0), ignoredAs('a recovery')),
};

export const flappingAlarm: Fault = {
  name: 'flapping-alarm',
  does: 'a server hangs again soon after every recovery, and its alarm comes and goes',
  promise: 'it is restarted once within its cooldown and held from then on',
  create: () => ({}),
  setting: () => ({
    fleet: [server('h1', 's1', 1), server('h1', 's2', 2)],
    events: [0, 4, 8, 12].flatMap((minute) => [
      alarm(HOST, { after: minutes(minute) }),
      alarm(HOST, { after: minutes(minute + 2), status: 'ok' }),
    ]),
    happenings: [3, 7, 11].map((minute) => ({
      after: minutes(minute),
      does: (model, now) => hang(model, 's2', now),
    })),
  }),
  holds: promised(outcomes({ recovered: 1, held: 3 }), restarts(1), heldBy('cooldown')),
};

export const settingsChanged: Fault = {
  name: 'settings-changed',
  does: 'while a run is under way an operator makes the cooldown two hours; the alarm comes again after 35 minutes',
  promise: 'the run keeps the settings that it began with, the next one takes the new ones',
  create: () => ({
    settings: (now) => (now < after(OPENS_AT, seconds(20)) ? {} : { cooldown: '2h' }),
  }),
  setting: () => ({
    fleet: [server('h1', 's1', 1), server('h1', 's2', 2, { recovers: false })],
    events: [alarm(HOST), alarm(HOST, { after: minutes(35) })],
  }),
  holds: promised(outcomes({ not_recovered: 1, held: 1 }), restarts(1), heldBy('cooldown')),
};

export const pauseMidRun: Fault = {
  name: 'pause-mid-run',
  does: 'half a minute after the first of three restarts somebody pauses everything',
  promise: 'the restart under way is followed to its end; the others are held, and the report says by whom',
  create: () => ({}),
  setting() {
    const ledger = emptyState();
    const pause = { who: 'ops', why: 'a release', until: after(OPENS_AT, minutes(60)) };
    return {
      ledger,
      fleet: usualFleet({ restart_seconds: 60 }),
      settings: { max_per_host: 1 },
      happenings: [
        {
          after: seconds(30),
          does() {
            ledger.pause = pause;
          },
        },
      ],
    };
  },
  holds: promised(outcomes({ recovered: 1, held: 2 }), restarts(1), heldBy('pause'), reports(1)),
};

export const timeLimit: Fault = {
  name: 'time-limit',
  does: 'the function may run for two minutes, which is less than the restarts take; the alarm is delivered again',
  promise: 'it ends in time, patrol carries the run on, and nothing is restarted a second time',
  create: () => ({}),
  setting: () => ({
    fleet: usualFleet({ restart_seconds: 110 }),
    events: [alarm(HOST), alarm(HOST)],
    timeoutSeconds: 120,
  }),
  holds: promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1), failures(0)),
};

export const killed: Fault = {
  name: 'killed',
  does: 'the platform kills the function twenty seconds after it began and delivers the alarm again',
  promise: 'patrol takes the run up where it was left, and nothing is restarted a second time',
  create: () => ({ killedAfter: seconds(20) }),
  setting: () => ({
    fleet: usualFleet({ restart_seconds: 60 }),
    events: [alarm(HOST), alarm(HOST)],
    patrolFor: minutes(5),
  }),
  holds: promised(
    outcomes({ recovered: 3 }),
    restarts(3),
    restartCalls(1),
    failures(1),
    ignoredAs('delivered before'),
  ),
};
