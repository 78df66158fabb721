/** What waits, what is held, and what could not be looked at. */
import { describe, expect, it } from 'vitest';
import { plan } from '../../../lib/run/plan.ts';
import type { Sight } from '../../../lib/run/sight.ts';
import { minutes, seconds } from '../../../lib/time.ts';
import type { EncodeServer, Hold, Progress, Run, Target } from '../../../lib/types.ts';
import {
  A_MOMENT,
  ago,
  hence,
  memory,
  NOW,
  neighbours,
  record,
  request,
  settings,
  target,
} from '../guards/support.ts';
import { ended, holdsOf, idsOf, later, many, on, run, sight, stateOf, waiting, without } from './looks.ts';

const of = ({ encodeServerId, serverId, state }: EncodeServer, more: Partial<Target> = {}): Target =>
  target({ encodeServerId, serverId, resolvedAs: state, ...more });
const abnormal = (count: number, host = (index: number) => `h${index}`) =>
  Array.from({ length: count }, (_, index) => on(host(index), `s${index}`, 'abnormal'));
const running = (count: number, host = (index: number) => `h${index}`) =>
  Array.from({ length: count }, (_, index) => on(host(index), `s${index}`, 'running'));
const planOf = (
  servers: readonly EncodeServer[],
  more: { sight?: Partial<Sight>; run?: Partial<Run>; settings?: object } = {},
) =>
  plan(
    run(
      servers.map((one) => of(one)),
      more.run,
    ),
    sight(servers, more.sight),
    settings(more.settings),
    NOW,
  );
const inFlightOn = (serverId: string) => [
  { encodeServerId: 'x1', serverId, runId: 'run-2', claimedAt: ago(seconds(9)) },
];

describe('a no', () => {
  it.each([
    ['settling', {}, { memory: memory() }],
    [
      'host',
      { max_per_host: 1 },
      {
        memory: memory({
          inFlight: inFlightOn('h0'),
          servers: new Map([['s0', record({ firstSeenAbnormalAt: NOW - 3_600_000 } as object)]]),
        }),
      },
    ],
  ])('of %s makes a target wait', (guard, given, more) => {
    const { targets } = planOf(abnormal(1), { settings: given, sight: more });
    expect([stateOf(targets, 's0'), holdsOf(targets, 's0')[0]]).toEqual(['waiting', guard]);
  });

  it('of settling is asked again when it is over', () => {
    const { targets } = planOf(abnormal(1), { sight: { memory: memory() } });
    expect(targets[0]?.progress).toMatchObject({ notBefore: hence(minutes(1)) });
  });

  it.each([
    ['a limit of 0', { max_concurrency: 0 }, 'concurrency'],
    ['a limit of 0 %', { max_concurrency: '0%' }, 'concurrency'],
    ['a host limit of 0', { max_per_host: 0 }, 'host'],
  ])('by %s is not worth waiting for', (_, given, guard) => {
    const { targets } = planOf(abnormal(1), { settings: given });
    expect([stateOf(targets, 's0'), holdsOf(targets, 's0')[0]]).toEqual(['held', guard]);
  });

  it('by a max_unavailable of 0 holds planned work, by a full one it waits', () => {
    expect(stateOf(planOf(running(1), { settings: { max_unavailable: 0 } }).targets, 's0')).toBe('held');
    const troubled = { troubled: new Map([['x1', 'h9']]) };
    const full = planOf(running(1), { settings: { max_unavailable: 1 }, sight: troubled });
    expect(stateOf(full.targets, 's0')).toBe('waiting');
  });

  it('leaves a target alone that is not due yet, has an end, or whose host was not asked about', () => {
    const soon: Progress = { ...waiting, state: 'waiting', notBefore: later(A_MOMENT) } as Progress;
    const targets = [
      of(on('h0', 's0', 'abnormal'), { progress: soon }),
      ...many(1, ended('rejected'), 1),
      of(on('h9', 's9', 'abnormal')),
    ];
    const next = plan(run(targets), sight(abnormal(2)), settings(), NOW);
    expect(next.targets.every((one, index) => one === targets[index])).toBe(true);
    expect(next.batches).toEqual([]);
  });

  it('is not said of a target whose host was only looked at to follow another restart', () => {
    const followed = { servers: neighbours(...abnormal(1)), host: 'unasked' } as const;
    const one = of(on('h0', 's0', 'abnormal'));
    const next = plan(
      run([one]),
      sight(abnormal(1), { hosts: new Map([['h0', followed]]) }),
      settings(),
      NOW,
    );
    expect([next.targets[0], next.batches]).toEqual([one, []]);
  });

  it('not being there, a target stays as it is: a large run is saved only where it changed', () => {
    const one = of(on('h0', 's0', 'abnormal'));
    const next = plan(run([one]), sight(abnormal(1)), settings(), NOW);
    expect(next.targets[0]).toBe(one);
    expect(next.batches[0]?.[0]?.target).toBe(one);
  });
});

describe('observing', () => {
  it.each([{ mode: 'observe' }, { dry: true }])(
    'asks all guards about all, takes no place, and ends at once: %j',
    (how) => {
      const dry = { request: request({ source: 'timer', selector: { kind: 'all' }, dryRun: true }) };
      const { targets, batches } = planOf([...abnormal(4, () => 'h1')], {
        settings: 'mode' in how ? { mode: 'observe', max_per_host: 1 } : { max_per_host: 1 },
        ...('dry' in how ? { run: dry } : {}),
      });
      expect(batches).toEqual([]);
      expect(targets.map(({ progress }) => progress.state)).toEqual(Array(4).fill('held'));
      expect(targets.map((one) => holdsOf(targets, one.encodeServerId))).toEqual(Array(4).fill(['mode']));
    },
  );

  it.each([{ mode: 'observe' }, { dry: true }])(
    'does not wait for a place that it would not take: %j',
    (how) => {
      const dry = { request: request({ dryRun: true }) };
      const full = { memory: { ...sight(abnormal(1)).memory, inFlight: inFlightOn('h9') } };
      const { targets } = planOf(abnormal(1), {
        settings: { max_concurrency: 1, ...('mode' in how ? how : {}) },
        sight: full,
        ...('dry' in how ? { run: dry } : {}),
      });
      expect([stateOf(targets, 's0'), holdsOf(targets, 's0')]).toEqual(['held', ['concurrency', 'mode']]);
    },
  );

  it('waits until a server has settled, and for nothing else', () => {
    const { targets } = planOf(abnormal(1), { settings: { mode: 'observe' }, sight: { memory: memory() } });
    expect([stateOf(targets, 's0'), ...holdsOf(targets, 's0')]).toEqual(['waiting', 'settling', 'mode']);
  });
});

describe('what could not be looked at', () => {
  const servers = abnormal(1);
  const since = (span: number): Target =>
    of(on('h0', 's0', 'abnormal'), { progress: { ...waiting, blindSince: NOW - span } as Progress });
  const host = (what: 'unchecked') => ({
    hosts: new Map([['h0', { servers: neighbours(...servers), host: what }]]),
  });
  const BLIND: readonly (readonly [string, Sight, string])[] = [
    ['its host', sight(servers, { hosts: new Map(), unseen: new Set(['h0']) }), 'servers'],
    ['whether its host is in service', sight(servers, host('unchecked')), 'host'],
    ['who is troubled', without('troubled', sight(servers)), 'servers'],
    ['maintenance', without('maintenance', sight(servers)), 'maintenance'],
  ];

  it.each(BLIND)('%s: it waits from then on', (_, look) => {
    const { targets, batches } = plan(run(servers.map((one) => of(one))), look, settings(), NOW);
    expect(batches).toEqual([]);
    expect(targets[0]?.progress).toMatchObject({ state: 'waiting', blindSince: NOW });
  });

  it.each(BLIND)('%s: after five minutes it is held, and not a moment before', (_, look, what) => {
    const at = (span: number) => plan(run([since(span)]), look, settings(), NOW);
    expect(at(minutes(5) - A_MOMENT).targets[0]?.progress.state).toBe('waiting');
    const { targets, batches } = at(minutes(5));
    expect(batches).toEqual([]);
    const holds: readonly Hold[] = targets[0]?.progress.state === 'held' ? targets[0].progress.holds : [];
    expect(holds[0]?.reason).toEqual({ code: 'unchecked', what });
  });

  it('is said by every limit that planned work would have asked it for', () => {
    const healthy = of(on('h0', 's0', 'running'), {
      progress: { ...waiting, blindSince: NOW - minutes(5) } as Progress,
    });
    const shown = sight([on('h0', 's0', 'running'), on('h0', 's1', 'running')]);
    const { targets } = plan(run([healthy]), without('troubled', shown), settings(), NOW);
    const unchecked = { reason: { code: 'unchecked', what: 'servers' } };
    expect(targets[0]?.progress).toMatchObject({
      state: 'held',
      holds: ['storm', 'host', 'unavailable'].map((guard) => ({ guard, ...unchecked })),
    });
  });

  it('as the size of the fleet holds planned work, and repair only where there may be a storm', () => {
    const codes = (given: readonly EncodeServer[]) => {
      const look = without('fleet', sight(given));
      const { targets, batches } = plan(run(given.map((one) => of(one))), look, settings(), NOW);
      const { progress } = targets[0] ?? target();
      return [idsOf(batches), 'holds' in progress ? progress.holds.map(({ reason }) => reason.code) : []];
    };
    expect(codes(running(1))).toEqual([[], ['unchecked']]);
    expect(codes(abnormal(1))).toEqual([['s0'], []]);
    expect(codes(abnormal(31, (index) => `h${index % 4}`))).toEqual([[], ['unchecked']]);
  });

  it('is not what was looked at and is gone: that is held at once', () => {
    const gone = plan(run([of(on('h0', 's9', 'abnormal'))]), sight(servers), settings(), NOW);
    expect(gone.targets[0]?.progress).toMatchObject({
      holds: [{ guard: 'state', reason: { code: 'gone' } }],
    });
  });

  it('is forgotten when it is seen again, whether the target may be restarted then or waits on', () => {
    const ready = plan(run([since(minutes(4))]), sight(servers), settings(), NOW);
    expect(idsOf(ready.batches)).toEqual(['s0']);
    expect(ready.targets[0]?.progress).not.toHaveProperty('blindSince');
    expect(ready.batches[0]?.[0]?.target.progress).not.toHaveProperty('blindSince');
    const full = plan(run([since(minutes(4))]), sight(servers, { memory: memory() }), settings(), NOW);
    expect(full.targets[0]?.progress).not.toHaveProperty('blindSince');
  });
});
