import { describe, expect, it } from 'vitest';
import { storm } from '../../../lib/guards/storm.ts';
import { after, type EpochMs, minutes } from '../../../lib/time.ts';
import { alarmEvent, fleetOf, restarted, stage } from '../../support/stage.ts';
import {
  A_MOMENT,
  ago,
  answers,
  breaksOff,
  type Case,
  context,
  healthy,
  hence,
  listOfAbnormal,
  memory,
  noes,
  settings,
} from './support.ts';

/** So many troubled servers, spread over so many hosts. */
const troubled = (count: number, hosts: number) => ({
  troubled: new Map(Array.from({ length: count }, (_, index) => [`t${index}`, `h${index % hosts}`])),
});
const fleet = (eligible: number) => ({ fleet: { total: 1_000, eligible } });
/** One has been let through in this look: in a storm a second one is not. */
const second = { canariesNow: 1 };
/** 31 of 100 on four hosts. */
const stormy = { ...troubled(31, 4), ...fleet(100) };
const figures = { troubled: 31, hosts: 4, fleet: 100 };
const round = (size: number, startedAt: EpochMs, ends: readonly ('open' | 'recovered' | 'failed')[]) => ({
  memory: memory({
    storm: {
      since: ago(minutes(60)),
      round: { startedAt, size, canaries: new Map(ends.map((end, index) => [`c${index}`, end])) },
    },
  }),
});
const no = (canaries: number, until?: ReturnType<typeof hence>) => ({
  reason: { code: 'storm', canaries, ...figures } as const,
  ...(until === undefined ? {} : { until }),
});

const CASES: readonly Case[] = [
  ['nine troubled servers, however small the fleet', { ...second, ...troubled(9, 9), ...fleet(9) }],
  ['ten on two hosts: that is a host, not a storm', { ...second, ...troubled(10, 2), ...fleet(10) }],
  [
    'ten on three hosts that are just the share of the fleet',
    { ...second, ...troubled(10, 3), ...fleet(34) },
  ],
  ['the first canary when they are more than the share', { ...troubled(10, 3), ...fleet(33) }],
  [
    'a second one when they are one more than the share',
    { ...second, ...troubled(10, 3), ...fleet(33) },
    { reason: { code: 'storm', canaries: 1, troubled: 10, hosts: 3, fleet: 33 }, until: hence(minutes(10)) },
  ],
  ['a second canary', { ...stormy, ...second }, no(1, hence(minutes(10)))],
  ['a healthy server: it is no canary', { ...healthy, ...stormy }, no(1, hence(minutes(10)))],
  ['a second canary of a round of two', { ...stormy, ...round(2, ago(minutes(1)), ['open']) }],
  [
    'a third canary of a round of two, until the round is over',
    { ...stormy, ...round(2, ago(minutes(1)), ['open', 'recovered']) },
    no(2, hence(minutes(9))),
  ],
  [
    'the next one a moment before the round is over',
    { ...stormy, ...round(1, after(ago(minutes(10)), A_MOMENT), ['recovered']) },
    no(1, hence(A_MOMENT)),
  ],
  [
    'the next one when the time of the round is over and its canary is still under way; nobody knows until when',
    { ...stormy, ...round(1, ago(minutes(10)), ['open']) },
    no(1),
  ],
  ['the next one when the round is over', { ...stormy, ...round(1, ago(minutes(10)), ['recovered']) }],
  [
    'the third of the two that a round which recovered allows next',
    { ...stormy, ...round(1, ago(minutes(10)), ['recovered']), canariesNow: 2 },
    no(2, hence(minutes(10))),
  ],
  [
    'a second one after a round of four in which one failed',
    { ...stormy, ...round(4, ago(minutes(10)), ['recovered', 'failed', 'recovered']), canariesNow: 1 },
    no(1, hence(minutes(10))),
  ],
  [
    'the next one while a canary is not back, however long that takes',
    { ...stormy, ...round(1, ago(minutes(30)), ['open']) },
    no(1),
  ],
  [
    'all but canaries where the share is 0 % of the fleet',
    { ...troubled(10, 3), ...fleet(1_000), settings: settings({ max_abnormal: '0%' }), canariesNow: 1 },
    {
      reason: { code: 'storm', canaries: 1, troubled: 10, hosts: 3, fleet: 1_000 },
      until: hence(minutes(10)),
    },
  ],
  [
    'few troubled servers where the limit is 0',
    { ...second, ...troubled(9, 3), settings: settings({ max_abnormal: 0 }) },
  ],
];

describe('storm', () => {
  answers(storm, CASES);

  it('holds what it cannot count: the troubled, or, when they are many, the fleet', () => {
    const unseen = storm.check(context({ troubled: 'unchecked' }));
    expect(unseen).toEqual({ reason: { code: 'unchecked', what: 'servers' } });
    const unmeasured = storm.check(context({ ...stormy, fleet: 'unchecked' }));
    expect(unmeasured).toEqual({ reason: { code: 'unchecked', what: 'fleet' } });
    expect(storm.check(context({ ...troubled(9, 9), fleet: 'unchecked' }))).toBeUndefined();
  });

  it('over HTTP: a list of abnormal servers that breaks off restarts nothing', async () => {
    const fleet = fleetOf(2, 3, (index) => (index % 3 === 0 ? { status: 2 } : {}));
    const played = await stage({ fleet, events: [alarmEvent('server_id:h0')], faults: [afterTheAlarm()] });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's0')).toContain('storm: unchecked');
  });

  it('over HTTP: a fleet that cannot be measured while many are troubled restarts nothing', async () => {
    const fleet = fleetOf(4, 5, (index) => (index % 5 < 3 ? { status: 2 } : {}));
    const isProbe = breaksOff('ListEncodeServers', ({ encode_servers: rows = [] }) => rows.length < 2);
    const played = await stage({ fleet, events: [alarmEvent('server_id:h0')], faults: [isProbe] });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's0')).toContain('storm: unchecked');
  });
});

/** The alarm asks for what is abnormal too, once; from then on the list breaks off. */
function afterTheAlarm(): typeof listOfAbnormal {
  let isFirst = true;
  return {
    async intercept(call, proceed) {
      if (listOfAbnormal.intercept === undefined) return proceed();
      const reply = await listOfAbnormal.intercept(call, proceed);
      if (reply !== 'reset' || !isFirst) return reply;
      isFirst = false;
      return proceed();
    },
  };
}
