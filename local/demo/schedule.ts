/** The nightly rolling restart of a small fleet. */
import { standardFleet, standardServerId } from '../fleet.ts';
import { statusAt } from '../model/index.ts';
import { counted, noneTwice } from './checks.ts';
import type { Demo, End } from './show.ts';

const LOST = standardServerId(2, 5);
const FLEET = standardFleet({ abnormal: 0 }).map((row) =>
  row.encode_server_id === LOST ? { ...row, recovers: false } : row,
);

export const schedule: Demo = {
  title: 'the nightly restart goes round the fleet, a few at a time',
  begins: '2026-03-01T19:30:00Z',
  time: 'virtual',
  fleet: FLEET,
  intro: [
    'Rounds of 1, 2, 4; never more than 20 % of the fleet, one server of a host at a time.',
    'It stops when 4 did not come back; one of them will not.',
  ],
  settings: { max_unavailable: '20%', max_errors: 4 },
  async play({ nightly }, says) {
    says('timer', 'the nightly restart is due: 03:30 in Shanghai');
    nightly({ all: true, reason: 'nightly rolling restart' });
  },
  checks: (end) => {
    const sizes = roundsOf(end);
    const lost = end.model.servers.get(LOST);
    const others = [...end.model.servers.values()].filter((server) => server !== lost);
    const running = others.filter((server) => statusAt(server, end.now) === 1).length;
    return [
      counted(end.model.restarts.length, FLEET.length, `restarts of ${FLEET.length} servers`),
      noneTwice(end),
      [sizes.slice(0, 3).join() === '1,2,4', `the first calls restarted ${sizes.slice(0, 3).join(', ')}`],
      [mostOnAHost(end) === 1, `never more than ${mostOnAHost(end)} at a time on a host`],
      counted(running, others.length, `of the ${others.length} that a restart mends are running`),
      counted(end.reports.length, 1, 'report arrived'),
    ];
  },
};

/** How many restarts CPH took in each call, in order. */
function roundsOf({ model }: End): readonly number[] {
  const sizes = new Map<string, number>();
  for (const { request_id } of model.restarts) sizes.set(request_id, (sizes.get(request_id) ?? 0) + 1);
  return [...sizes.values()];
}

/** In CPH's own record: the restarts of a host that overlap. */
function mostOnAHost({ model: { jobs, servers } }: End): number {
  const hostOf = (id: string) => servers.get(id)?.row.server_id;
  const overlapping = jobs.map(
    ({ beginsAt, encode_server_id: id }) =>
      jobs.filter(
        (other) =>
          hostOf(other.encode_server_id) === hostOf(id) &&
          other.beginsAt <= beginsAt &&
          beginsAt < (other.endsAt ?? Number.POSITIVE_INFINITY),
      ).length,
  );
  return Math.max(0, ...overlapping);
}
