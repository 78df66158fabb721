/** Scenarios of the nightly rolling restart: it fails, runs out of time, comes too late, or sees half a fleet. */
import { emptyState, seededState } from '../../lib/ledger/state.ts';
import { before, minutes } from '../../lib/time.ts';
import { listIn } from '../faults/spoil.ts';
import {
  fleetOf,
  never,
  neverAtAll,
  neverPaged,
  neverTwice,
  restartsOf,
  type Scenario,
  type Seen,
} from './scenario.ts';

const atMost =
  (count: number) =>
  ({ model }: Seen): boolean =>
    model.restarts.length <= count;

export const lostHalf: Scenario = {
  name: 'lost-half',
  title: 'The list loses half of the fleet during the nightly restart',
  fear: 'CPH lists half of the servers; what is left looks like a small fleet with room for more, or the missing ones count as well.',
  fleet: fleetOf(12, 1),
  setting:
    'The fleet had 12 servers in the nights before. From 1:30 on CPH does not list hosts h7 to h12; at 10:00 another timer is due.',
  create() {
    let isHalf = false;
    const isMissing = (row: unknown) =>
      isHalf && Number(String((row as { server_id?: unknown }).server_id).slice(1)) > 6;
    return {
      ledger: seededState({
        fleet_looks: [26, 27, 28].map((day) => ({ at: `2026-02-${day}T18:30:00Z`, count: 12 })),
      }),
      faults: [
        {
          async intercept({ operation }, proceed) {
            const reply = await proceed();
            if (operation !== 'ListEncodeServers' || typeof reply === 'string') return reply;
            const rows = listIn(reply.body, 'encode_servers').filter((row) => !isMissing(row));
            return { ...reply, body: { ...(reply.body as object), encode_servers: rows } };
          },
        },
      ],
      async play(script) {
        script.patrolFor(minutes(12));
        script.says('timer', 'the nightly restart is due');
        script.nightly();
        await script.at(1, 30);
        isHalf = true;
        script.says('CPH', 'lists only half of the servers');
        await script.at(10);
        script.says('timer', 'the nightly restart is due once more');
        script.nightly();
        await script.at(12);
      },
    };
  },
  not: [
    neverTwice,
    never('restart a server that it could not see', (seen) =>
      [7, 8, 9, 10, 11, 12].every((host) => restartsOf(seen, `h${host}-1`) === 0),
    ),
    never('take the half for the whole fleet when the timer came again', atMost(6)),
  ],
};

export const startsToFail: Scenario = {
  name: 'starts-to-fail',
  title: 'The nightly restart starts to fail',
  fear: 'A bad image is out: what is restarted does not come back, and by the morning the whole fleet is down.',
  fleet: fleetOf(20, 1, (_, host) => (Number(host.slice(1)) > 3 ? { recovers: false } : {})),
  setting: 'From the fourth server on, what is restarted stays down.',
  settings: { max_unavailable: '20%' },
  create: () => ({
    async play(script) {
      script.says('timer', 'the nightly restart is due');
      script.nightly();
    },
  }),
  not: [
    neverTwice,
    never('take down more servers than its tolerance of 10 %: two of 20', ({ ledger }) => {
      const targets = [...ledger.runs.values()].flatMap((run) => run.targets);
      return targets.filter(({ progress }) => progress.state === 'not_recovered').length <= 2;
    }),
  ],
};

export const windowCloses: Scenario = {
  name: 'window-closes',
  title: 'The nightly restart runs out of its window',
  fear: 'The night is too short; healthy servers are restarted in the morning, or the same ones every night and others never.',
  fleet: fleetOf(12, 1),
  setting: 'The timer is due at 02:30, five minutes before the window closes.',
  settings: { window: '02:00-02:35 Asia/Shanghai' },
  create: () => ({
    ledger: emptyState(),
    async play(script) {
      for (const night of [0, 1]) {
        await script.at(night * 24 * 60);
        script.says('timer', 'the nightly restart is due');
        script.nightly();
        await script.settled();
      }
    },
  }),
  not: [
    neverPaged,
    never('restart a healthy server outside the window', ({ model }) =>
      model.restarts.every(({ at }) => at % minutes(24 * 60) < (18 * 60 + 35) * 60_000),
    ),
    never(
      'leave out anybody in two nights',
      ({ model }) => new Set(model.restarts.map(({ encode_server_id }) => encode_server_id)).size === 12,
    ),
  ],
};

export const staleTimer: Scenario = {
  name: 'stale-timer',
  title: 'A timer comes twenty minutes late',
  fear: 'The platform had trouble of its own and delivers the timer of the night when the day has begun.',
  fleet: fleetOf(4, 1),
  create: () => ({
    async play(script) {
      script.says('timer', 'the nightly restart that was due 20 minutes ago');
      script.nightly(undefined, before(script.clock.now(), minutes(20)));
    },
  }),
  not: [neverAtAll, never('keep that to itself', ({ reports }) => reports.length === 1)],
};
