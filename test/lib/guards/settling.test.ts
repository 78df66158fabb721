import { describe, expect, it } from 'vitest';
import { settling } from '../../../lib/guards/settling.ts';
import { after, before, minutes, seconds } from '../../../lib/time.ts';
import { restarted, row, stage, timerEvent } from '../../support/stage.ts';
import {
  A_MOMENT,
  ago,
  answers,
  type Case,
  healthy,
  hence,
  listOfAbnormal,
  NOW,
  noes,
  record,
  request,
  server,
  settings,
  target,
} from './support.ts';

const since = (firstSeenAbnormalAt: typeof NOW) => ({ record: record({ firstSeenAbnormalAt }) });
const fresh = (requestedAt: typeof NOW) => ({ request: request({ source: 'alarm', requestedAt }) });
const firstSight = { reason: { code: 'settling', since: NOW }, until: hence(minutes(1)) } as const;

const CASES: readonly Case[] = [
  [
    'what is abnormal for 20 s, for 40 s more',
    since(ago(seconds(20))),
    { reason: { code: 'settling', since: ago(seconds(20)) }, until: hence(seconds(40)) },
  ],
  [
    'what is abnormal for a moment less than it has to be',
    since(after(ago(minutes(1)), A_MOMENT)),
    { reason: { code: 'settling', since: after(ago(minutes(1)), A_MOMENT) }, until: hence(A_MOMENT) },
  ],
  ['what is abnormal for just as long as it has to be', since(ago(minutes(1)))],
  ['what nobody has seen abnormal before', { record: undefined }, firstSight],
  ['what has a history but was well until now', { record: record() }, firstSight],
  ['what a fresh alarm is about', { record: undefined, ...fresh(NOW) }],
  ['what an alarm is about that is just young enough', { record: undefined, ...fresh(ago(minutes(15))) }],
  [
    'what an alarm is about that is a moment too old',
    { record: undefined, ...fresh(before(ago(minutes(15)), A_MOMENT)) },
    firstSight,
  ],
  [
    'what an alarm is about that was fresh when it was taken up',
    { record: undefined, ...fresh(ago(minutes(20))), takenUpAt: ago(minutes(20)) },
  ],
  [
    'what a timer asks for: that is no alarm',
    { record: undefined, request: request({ source: 'timer' }) },
    firstSight,
  ],
  ['at first sight where nothing has to settle', { record: undefined, settings: settings({ settle: '0s' }) }],
  ['a healthy server of the nightly restart', healthy],
  [
    'a running server that somebody named',
    {
      record: undefined,
      server: server('running'),
      target: target({ named: true }),
      request: request({ source: 'http' }),
    },
  ],
  ['a restarting one: the state says so', { record: undefined, server: server('restarting') }],
];

describe('settling', () => {
  answers(settling, CASES);

  it('over HTTP: while nobody can tell since when it is abnormal, it has not settled', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent(undefined)],
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      faults: [listOfAbnormal],
    });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's1')).toContain('settling: settling');
  });
});
