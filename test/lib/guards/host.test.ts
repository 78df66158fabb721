import { describe, expect, it } from 'vitest';
import { host } from '../../../lib/guards/host.ts';
import type { ServerState } from '../../../lib/types.ts';
import { restarted, row, stage, timerEvent } from '../../support/stage.ts';
import {
  answers,
  type Case,
  context,
  healthy,
  listOfAbnormal,
  memory,
  NOW,
  neighbours,
  noes,
  server,
  settings,
} from './support.ts';

const onHost = (count: number) => ({
  takenOnHost: Array.from({ length: count }, (_, index) => ({ encodeServerId: `t${index}`, serverId: 'h1' })),
});
const full = (inFlight: number, limit: number) => ({
  reason: { code: 'host_limit', inFlight, limit } as const,
});
const busy = (encodeServerId: string) => ({ reason: { code: 'host_busy', encodeServerId } as const });
/** Beside the target, another server of its host. */
const beside = (...states: readonly ServerState[]) => ({
  neighbours: neighbours(
    server('running'),
    ...states.map((state, index) => server(state, { encodeServerId: `s${index + 2}` })),
  ),
});
const troubled = (...ids: readonly string[]) => ({ troubled: new Map(ids.map((id) => [id, 'h1'])) });
const exclusion = { who: 'wei', why: 'broken', since: NOW };

const CASES: readonly Case[] = [
  ['repair on a host with nothing in flight', {}],
  ['repair when one place of ten is left', onHost(9)],
  ['repair when no place is left', onHost(10), full(10, 10)],
  ['repair beyond that', onHost(11), full(11, 10)],
  ['repair while other hosts are full', { taken: 10 }],
  [
    'repair where nothing may be in flight on a host',
    { settings: settings({ max_per_host: 0 }) },
    full(0, 0),
  ],
  [
    'planned work where nothing may be in flight on a host',
    { ...healthy, settings: settings({ max_per_host: 0 }) },
    full(0, 0),
  ],
  ['repair beside troubled servers', { ...beside('abnormal'), ...troubled('s1', 's2') }],
  ['planned work on a quiet host', { ...healthy, ...beside('running', 'running') }],
  ['planned work beside one that is restarted or unverified', { ...healthy, ...onHost(1) }, busy('t0')],
  ['planned work while another host is busy', { ...healthy, taken: 1 }],
  [
    'planned work beside one that restarts by itself',
    { ...healthy, ...beside('running', 'restarting') },
    busy('s3'),
  ],
  [
    'planned work beside a troubled one',
    { ...healthy, ...beside('abnormal'), ...troubled('s2') },
    busy('s2'),
  ],
  [
    'planned work beside one that became abnormal since the fleet was looked at',
    { ...healthy, ...beside('abnormal') },
    busy('s2'),
  ],
  [
    'planned work beside one that was handed over: it is not troubled any more',
    { ...healthy, ...beside('abnormal'), memory: memory({ handedOver: new Set(['s2']) }) },
  ],
  [
    'planned work beside one that is excluded',
    { ...healthy, ...beside('abnormal'), settings: settings({ exclude: ['s2'] }) },
  ],
  [
    'planned work beside one that somebody excluded',
    { ...healthy, ...beside('abnormal'), memory: memory({ exclusions: new Map([['s2', exclusion]]) }) },
  ],
  ['planned work beside a frozen one', { ...healthy, ...beside('unavailable') }],
  [
    'planned work while the troubled are on other hosts',
    { ...healthy, ...beside('running'), troubled: new Map([['s9', 'h2']]) },
  ],
  [
    'planned work beside one that was troubled a moment ago',
    { ...healthy, ...beside('running'), ...troubled('s2') },
    busy('s2'),
  ],
  ['planned work on one that was troubled itself a moment ago', { ...healthy, ...troubled('s1') }],
];

describe('host', () => {
  answers(host, CASES);

  it('holds planned work when nobody can tell who is troubled', () => {
    const given = context({ ...healthy, troubled: 'unchecked' });
    expect(host.check(given)).toEqual({ reason: { code: 'unchecked', what: 'servers' } });
  });

  it('over HTTP: a list of abnormal servers that breaks off restarts no healthy server', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent(undefined)],
      fleet: [row('h1', 's1', 2), row('h1', 's2'), row('h2', 's3'), row('h2', 's4')],
      faults: [listOfAbnormal],
    });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's2')).toContain('host: unchecked');
    expect(noes(played, 's3')).toContain('host: unchecked');
  });
});
