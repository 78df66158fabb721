/** Which waiting targets may be restarted now, and in which calls. */
import { describe, expect, it } from 'vitest';
import { concurrencyLimit, isPlannedWork, plan } from '../../../lib/run/plan.ts';
import type { Sight } from '../../../lib/run/sight.ts';
import { minutes, seconds } from '../../../lib/time.ts';
import type { EncodeServer, Progress, Run, ServerState, Target } from '../../../lib/types.ts';
import { ago, hence, NOW, request, settings, target } from '../guards/support.ts';
import { ended, holdsOf, idsOf, many, on, run, sight, stateOf, waiting } from './looks.ts';

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

describe('each yes counts for those after it', () => {
  it('against max_per_host: the rest waits', () => {
    const { targets, batches } = planOf(
      abnormal(3, () => 'h1'),
      { settings: { max_per_host: 2 } },
    );
    expect(idsOf(batches)).toEqual(['s0', 's1']);
    expect(stateOf(targets, 's2')).toBe('waiting');
    expect(holdsOf(targets, 's2')).toEqual(['host']);
  });

  it('against max_concurrency, with what other runs have in flight', () => {
    const servers = abnormal(3);
    const withSettled = sight(servers).memory;
    const { batches, targets } = planOf(servers, {
      settings: { max_concurrency: 3 },
      sight: { memory: { ...withSettled, inFlight: inFlightOn('h9') } },
    });
    expect(idsOf(batches)).toEqual(['s0', 's1']);
    expect(holdsOf(targets, 's2')).toEqual(['concurrency']);
  });

  it('against max_unavailable and the round of planned work, repair included', () => {
    const seven = many(7, ended('recovered'), 20);
    const servers = [on('h0', 's0', 'abnormal'), ...running(6).slice(1)];
    const targets = [...seven, ...servers.map((one) => of(one))];
    const next = plan(run(targets), sight(servers), settings({ max_unavailable: 3, max_errors: 9 }), NOW);
    expect(idsOf(next.batches)).toEqual(['s0', 's1', 's2']);
    expect(holdsOf(next.targets, 's3')).toEqual(['unavailable']);
  });

  it('against the round of planned work: the first goes alone, the others wait for it', () => {
    const { targets, batches } = planOf(running(3));
    expect(idsOf(batches)).toEqual(['s0']);
    expect([stateOf(targets, 's1'), holdsOf(targets, 's1')]).toEqual(['waiting', ['unavailable']]);
  });

  it('against max_unavailable, with what is in flight and what is troubled; what is both counts once', () => {
    const servers = running(3);
    const troubled = new Map([
      ['x1', 'h9'],
      ['x2', 'h9'],
    ]);
    const withX1 = { ...sight(servers).memory, inFlight: inFlightOn('h9') };
    const missing = (limit: number) =>
      planOf(servers, {
        settings: { max_unavailable: limit },
        sight: { memory: withX1, troubled },
      });
    expect(idsOf(missing(3).batches)).toEqual(['s0']);
    expect(idsOf(missing(2).batches)).toEqual([]);
    expect(holdsOf(missing(2).targets, 's0')).toEqual(['unavailable']);
  });

  it('against its host: planned work leaves each host one at a time and waits half a minute for it', () => {
    const three = many(3, ended('recovered'), 20);
    const servers = [...running(2, () => 'h1'), on('h2', 's2', 'running')];
    const next = plan(
      run([...three, ...servers.map((one) => of(one))]),
      sight(servers),
      settings({ max_errors: 9 }),
      NOW,
    );
    expect(idsOf(next.batches)).toEqual(['s0', 's2']);
    expect(next.targets.at(-2)?.progress).toMatchObject({ state: 'waiting', notBefore: hence(seconds(30)) });
  });

  it('against its host, also when it is not us who restart the other server there', () => {
    const servers = [on('h1', 's0', 'running'), on('h1', 's9', 'restarting')];
    const { targets, batches } = plan(run([of(on('h1', 's0', 'running'))]), sight(servers), settings(), NOW);
    expect(batches).toEqual([]);
    expect(targets[0]?.progress).toMatchObject({
      state: 'waiting',
      holds: [{ guard: 'host', reason: { code: 'host_busy', encodeServerId: 's9' } }],
    });
  });

  it("against a storm's canaries: one goes, the others are held", () => {
    const { batches, targets } = planOf(abnormal(31, (index) => `h${index % 4}`));
    expect(idsOf(batches)).toEqual(['s0']);
    expect(targets.filter(({ progress }) => progress.state === 'held')).toHaveLength(30);
    expect(holdsOf(targets, 's1')).toEqual(['storm']);
  });
});

describe('a restart that CPH answered with a conflict, and that goes on', () => {
  const planOfConflict = (more: object) => {
    const restarting = on('h0', 's0', 'restarting');
    const progress = {
      state: 'waiting',
      since: ago(minutes(1)),
      conflicts: 1,
      turnedAway: 0,
      holds: [],
    } as const;
    return plan(run([of(restarting, { progress })]), sight([restarting]), settings(more), NOW);
  };

  it('is ours, to be claimed and followed', () => {
    expect(planOfConflict({}).adopted.map(({ encodeServerId }) => encodeServerId)).toEqual(['s0']);
  });

  it('is claimed by nobody once the mode is `observe`', () => {
    const { adopted, targets } = planOfConflict({ mode: 'observe' });
    expect(adopted).toEqual([]);
    expect([stateOf(targets, 's0'), holdsOf(targets, 's0')]).toEqual(['held', ['state', 'mode']]);
  });
});

describe('the ledger and the clock are asked', () => {
  it('what another run restarts is not restarted, though CPH shows it abnormal still', () => {
    const inFlight = [{ encodeServerId: 's0', serverId: 'h0', runId: 'run-2', claimedAt: ago(seconds(9)) }];
    const settled = sight(abnormal(1)).memory;
    const { targets, batches } = planOf(abnormal(1), { sight: { memory: { ...settled, inFlight } } });
    expect(batches).toEqual([]);
    expect(targets[0]?.progress).toMatchObject({
      holds: [{ guard: 'cooldown', reason: { code: 'in_flight', runId: 'run-2' } }],
    });
  });

  it('a request ages until its run was resolved; before that, until the run was opened', () => {
    const old = { request: request({ source: 'http', requestedAt: ago(minutes(20)) }) };
    const late = run([of(on('h0', 's0', 'abnormal'))], { ...old, openedAt: ago(minutes(10)) });
    const { resolvedAt: _, ...opened } = late;
    const holdsIn = (given: Run) =>
      holdsOf(plan(given, sight(abnormal(1)), settings({ max_age: '15m' }), NOW).targets, 's0');
    expect([holdsIn(late), holdsIn(opened)]).toEqual([['stale'], []]);
  });
});

describe('a server that is restarting', () => {
  const planned = (conflicts: number, state: ServerState) => {
    const one = of(on('h0', 's0', 'abnormal'), { progress: { ...waiting, conflicts } as Progress });
    const { targets, batches, adopted } = plan(run([one]), sight([on('h0', 's0', state)]), settings(), NOW);
    return [stateOf(targets, 's0'), idsOf(batches), idsOf([adopted.map((target) => ({ target }))])];
  };

  it('after a conflict is one whose call was taken all the same: it is claimed, and not called again', () => {
    expect(planned(1, 'restarting')).toEqual(['waiting', [], ['s0']]);
  });

  it('without one restarts for somebody else: it is held', () => {
    expect(planned(0, 'restarting')).toEqual(['held', [], []]);
  });

  it('is not one that was frozen since the conflict, nor one that is still abnormal', () => {
    expect(planned(1, 'unavailable')).toEqual(['held', [], []]);
    expect(planned(1, 'abnormal')).toEqual(['waiting', ['s0'], []]);
  });
});

describe('calls', () => {
  const waitingWith = (maxBatch: number) => ({ ...waiting, maxBatch }) as Progress;

  it('have at most batch_size ids', () => {
    const { batches } = planOf(abnormal(5), { settings: { batch_size: 2 } });
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
  });

  it('have at most as many as a list that was refused may have, and never more than batch_size', () => {
    const servers = abnormal(7);
    const targets = servers.map((one, index) =>
      of(one, index < 4 ? { progress: waitingWith(index < 2 ? 1 : 50) } : {}),
    );
    const { batches } = plan(run(targets), sight(servers), settings({ batch_size: 3 }), NOW);
    expect(batches.map((batch) => idsOf([batch]))).toEqual([
      ['s0'],
      ['s1'],
      ['s2', 's3', 's4'],
      ['s5', 's6'],
    ]);
  });
});

describe('planned work', () => {
  const shown = sight([on('h1', 's1', 'running'), on('h1', 's2', 'abnormal')]);
  it('is the restart of a healthy server that nobody named', () => {
    expect(isPlannedWork(target(), shown)).toBe(true);
    expect(isPlannedWork(target({ named: true }), shown)).toBe(false);
    expect(isPlannedWork(target({ encodeServerId: 's2', resolvedAs: 'running' }), shown)).toBe(false);
    expect(isPlannedWork(target({ encodeServerId: 's3' }), shown)).toBe(false);
  });

  it('is told from repair in what may be restarted', () => {
    const { batches } = planOf([on('h0', 's0', 'abnormal'), on('h1', 's1', 'running')]);
    expect(batches.flat().map((one) => one.planned)).toEqual([false, true]);
  });

  it.each([[['nonsense']], [[]]])(
    'is never let through by a narrowed window that nobody can read: %j',
    (window) => {
      const all = request({ source: 'timer', selector: { kind: 'all' }, narrowed: { window } });
      const { batches, targets } = planOf(running(1), { run: { request: all } });
      expect(idsOf(batches)).toEqual([]);
      expect(holdsOf(targets, 's0')).toEqual(['window']);
    },
  );
});

describe('max_concurrency', () => {
  it('is a share of the fleet, at least ten, and exactly what it says when it is a count', () => {
    const limit = (eligible: number | undefined, given: string | number) =>
      concurrencyLimit(
        eligible === undefined
          ? {}
          : { fleet: { measuredAt: NOW, total: 999, excluded: new Set<string>(), eligible } },
        settings({ max_concurrency: given }),
      );
    expect([limit(40, '20%'), limit(50, '20%'), limit(59, '20%'), limit(100, '20%')]).toEqual([
      10, 10, 11, 20,
    ]);
    expect([limit(undefined, '20%'), limit(100, 3), limit(100, 0), limit(100, '0%')]).toEqual([10, 3, 0, 0]);
  });
});
