import { describe, expect, it } from 'vitest';
import { inventory } from '../../../lib/guards/inventory.ts';
import { hours } from '../../../lib/time.ts';
import { restarted, row, stage, timerEvent } from '../../support/stage.ts';
import { ago, answers, breaksOff, type Case, context, healthy, memory, noes } from './support.ts';

const looks = (...counts: readonly number[]) => ({
  memory: memory({
    fleetLooks: counts.map((count, index) => ({ at: ago(hours(counts.length - index)), count })),
  }),
});
const fleet = (total: number) => ({ fleet: { total, eligible: total } });
const shrank = (count: number, usual: number) => ({
  reason: { code: 'fleet_shrank', count, usual } as const,
});

const CASES: readonly Case[] = [
  ['planned work at first sight of a fleet', { ...healthy, ...fleet(100), ...looks() }],
  [
    'planned work while the fleet is as large as ever',
    { ...healthy, ...fleet(100), ...looks(100, 100, 100) },
  ],
  [
    'planned work on a fleet that lost exactly a fifth',
    { ...healthy, ...fleet(80), ...looks(100, 100, 100) },
  ],
  [
    'planned work on a fleet that lost one more',
    { ...healthy, ...fleet(79), ...looks(100, 100, 100) },
    shrank(79, 100),
  ],
  ['planned work on a fleet of five that lost one', { ...healthy, ...fleet(4), ...looks(5) }],
  ['planned work on a fleet of five that lost two', { ...healthy, ...fleet(3), ...looks(5) }, shrank(3, 5)],
  [
    'planned work where one look was off: the median counts',
    { ...healthy, ...fleet(100), ...looks(100, 900, 100) },
  ],
  [
    'planned work where half of the looks were as small: the larger half counts',
    { ...healthy, ...fleet(7), ...looks(7, 10) },
    shrank(7, 10),
  ],
  [
    'planned work on a fleet that nothing is shown of',
    { ...healthy, ...fleet(0), ...looks(100) },
    shrank(0, 100),
  ],
  ['planned work on a fleet that grew', { ...healthy, ...fleet(500), ...looks(100) }],
  ['repair on a fleet that shrank', { ...fleet(10), ...looks(100) }],
  ['repair on a fleet that was not measured', { fleet: 'unchecked', ...looks(100) }],
];

describe('inventory', () => {
  answers(inventory, CASES);

  it('holds planned work when the fleet could not be measured', () => {
    expect(inventory.check({ ...context(healthy), fleet: 'unchecked' })).toEqual({
      reason: { code: 'unchecked', what: 'fleet' },
    });
  });

  it('over HTTP: a size that CPH does not tell restarts no healthy server', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent(undefined)],
      // Two that are left out, so that the list of what is abnormal has more rows than a probe for the size.
      fleet: [
        row('x', 'x1', 2),
        row('x', 'x2', 2),
        row('h1', 's1'),
        row('h1', 's2'),
        row('h2', 's3'),
        row('h2', 's4'),
      ],
      settings: { exclude: ['x'] },
      faults: [breaksOff('ListEncodeServers', ({ encode_servers: rows = [] }) => rows.length < 2)],
    });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's1')).toContain('inventory: unchecked');
    expect(noes(played, 's4')).toContain('inventory: unchecked');
  });
});
