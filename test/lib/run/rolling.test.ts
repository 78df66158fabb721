/** The rolling restart's figures: how large a round is, what may fail, how many may be missing. */
import { describe, expect, it } from 'vitest';
import { hostsInLine, rollingOf, unavailableLimit } from '../../../lib/run/rolling.ts';
import { seconds } from '../../../lib/time.ts';
import type { Narrowing, Progress, Target } from '../../../lib/types.ts';
import { hence, memory, NOW, request, settings, target } from '../guards/support.ts';
import { attempt, ended, many, planned, run, waiting } from './looks.ts';

const LARGE = settings({ max_errors: 1_000 });
const share = (percent: number) => ({ kind: 'percent', percent }) as const;
const count = (of: number) => ({ kind: 'count', count: of }) as const;
const narrowedTo = (narrowed: Narrowing) => ({
  request: request({ source: 'timer', selector: { kind: 'all' }, narrowed }),
});
const inFlight = (state: 'claimed' | 'unknown' | 'accepted' | 'verifying'): Progress =>
  state === 'claimed' ? { state, attempt: planned() } : { state, attempt: planned(), since: NOW };

describe('a round', () => {
  it.each([
    [0, 1],
    [1, 2],
    [2, 2],
    [3, 4],
    [6, 4],
    [7, 8],
    [14, 8],
    [15, 16],
    [1_023, 1_024],
  ])('after %d that came back has %d', (recovered, size) => {
    expect(
      rollingOf(run(many(recovered, ended('recovered'))), 10_000, settings({ max_errors: 5_000 })).roundSize,
    ).toBe(size);
  });

  it('grows by what came back only, not by what failed', () => {
    const targets = [...many(3, ended('recovered')), ...many(12, ended('unconfirmed'), 3)];
    expect(rollingOf(run(targets), 10_000, LARGE).roundSize).toBe(4);
  });

  it('is never larger than what may be unavailable', () => {
    expect(rollingOf(run(many(15, ended('recovered'))), 5, LARGE).roundSize).toBe(5);
    expect(rollingOf(run(many(15, ended('recovered'))), 0, LARGE).roundSize).toBe(0);
  });

  it('is never larger than what may still fail, and never less than nothing', () => {
    const of = (failures: number) =>
      rollingOf(
        run([...many(15, ended('recovered')), ...many(failures, ended('unconfirmed'), 15)]),
        100,
        settings({ max_errors: 3 }),
      );
    expect([0, 1, 2, 3, 4].map((failures) => of(failures).roundSize)).toEqual([3, 2, 1, 0, 0]);
  });

  it.each(['claimed', 'unknown', 'accepted', 'verifying'] as const)(
    'is not over while one is %s',
    (state) => {
      expect(rollingOf(run(many(1, inFlight(state))), 5, LARGE).inFlight).toBe(1);
    },
  );

  it('is over when all have an end; repair has no part in it', () => {
    const repair: Progress = { state: 'accepted', attempt: attempt(), since: NOW };
    const targets = [...many(3, ended('rejected')), ...many(2, repair, 3), ...many(4, waiting, 5)];
    expect(rollingOf(run(targets), 5, LARGE).inFlight).toBe(0);
    const repaired = many(7, ended('recovered', attempt()));
    expect(rollingOf(run(repaired), 5, LARGE).roundSize).toBe(1);
  });
});

describe('the tolerance', () => {
  const tolerance = (targets: readonly Target[], maxErrors: string | number, narrowed: Narrowing = {}) =>
    rollingOf(run(targets, narrowedTo(narrowed)), 5, settings({ max_errors: maxErrors })).tolerance;

  it('is a share of the targets, rounded down, and at least one', () => {
    expect([1, 9, 19, 20, 29].map((size) => tolerance(many(size, waiting), '10%'))).toEqual([1, 1, 1, 2, 2]);
  });

  it('of 0 or 0 % is none: the floor is for settings above 0', () => {
    expect(tolerance(many(50, waiting), 0)).toBe(0);
    expect(tolerance(many(50, waiting), '0%')).toBe(0);
    expect(tolerance(many(50, waiting), '10%', { maxErrors: share(0) })).toBe(0);
    expect(tolerance(many(50, waiting), '10%', { maxErrors: count(0) })).toBe(0);
  });

  it('is narrowed by a timer, never widened', () => {
    expect(tolerance(many(50, waiting), '10%', { maxErrors: count(2) })).toBe(2);
    expect(tolerance(many(50, waiting), '10%', { maxErrors: share(100) })).toBe(5);
    expect(tolerance(many(50, waiting), 3, { maxErrors: count(40) })).toBe(3);
  });

  it.each(['not_recovered', 'rejected', 'unconfirmed'] as const)('is used up by what ends %s', (state) => {
    const targets = [
      ...many(2, ended(state)),
      ...many(3, ended(state, attempt()), 2),
      ...many(2, ended('recovered'), 5),
    ];
    expect(rollingOf(run(targets), 5, LARGE).failures).toBe(2);
  });

  it('is a share of those that may be touched: excluded and handed over leave it above and below the line', () => {
    const targets = many(40, waiting);
    const ids = (from: number, to: number) =>
      targets.slice(from, to).map(({ encodeServerId }) => encodeServerId);
    const why = { who: 'wei', why: 'broken', since: NOW };
    const left = memory({
      handedOver: new Set(ids(0, 10)),
      exclusions: new Map([...ids(10, 15), 'h15', 'h16', 'h17', 'h18', 'h19'].map((id) => [id, why])),
    });
    const of = (given: typeof LARGE) => rollingOf(run(targets), 5, given, left).tolerance;
    expect(of(settings({ max_errors: '10%' }))).toBe(2);
    expect(of(settings({ max_errors: '10%', exclude: ['h20', 's21'] }))).toBe(1);
  });

  it('does not shrink when a server that failed in this run is handed over by it', () => {
    const targets = [...many(2, ended('not_recovered')), ...many(18, waiting, 2)];
    const left = memory({ handedOver: new Set(['s0', 's1']) });
    expect(rollingOf(run(targets), 5, settings(), left)).toMatchObject({ failures: 2, tolerance: 2 });
  });
});

describe('what may be unavailable', () => {
  const limit = (eligible: number | undefined, given: string | number, narrowed: Narrowing = {}) => {
    const fleet =
      eligible === undefined
        ? undefined
        : { measuredAt: NOW, total: 1_000, excluded: new Set<string>(), eligible };
    return unavailableLimit(run([], narrowedTo(narrowed)), fleet, settings({ max_unavailable: given }));
  };

  it('is a share of the fleet without those left out, rounded down, and at least one', () => {
    expect([3, 20, 39, 40, 100].map((eligible) => limit(eligible, '5%'))).toEqual([1, 1, 1, 2, 5]);
  });

  it('of 0 or 0 % is none', () => {
    expect([limit(100, 0), limit(100, '0%'), limit(undefined, '0%')]).toEqual([0, 0, 0]);
  });

  it('of a fleet that was not measured is that of a small one', () => {
    expect([limit(undefined, '50%'), limit(undefined, 7)]).toEqual([1, 7]);
  });

  it('is narrowed by a timer, never widened', () => {
    expect(limit(100, '5%', { maxUnavailable: count(2) })).toBe(2);
    expect(limit(100, '5%', { maxUnavailable: count(0) })).toBe(0);
    expect(limit(100, '5%', { maxUnavailable: share(100) })).toBe(5);
  });
});

describe('the hosts to look at', () => {
  const line = (targets: readonly Target[], room: number, inFlightNow = 0) =>
    hostsInLine(run(targets), {
      now: NOW,
      room,
      rolling: { failures: 0, tolerance: 1, inFlight: inFlightNow, roundSize: 1 },
    });

  it('are those of the first that wait, each once, as many as there is room for', () => {
    const twice = [
      target({ resolvedAs: 'running' }),
      target({ encodeServerId: 's2', resolvedAs: 'running' }),
    ];
    expect(line([...twice, ...many(3, waiting, 5)], 3)).toEqual(['h1', 'h5', 'h6']);
    expect(line(many(3, waiting), 0)).toEqual([]);
  });

  it('are not those of targets whose time has not come', () => {
    const soon: Progress = {
      state: 'waiting',
      since: NOW,
      conflicts: 0,
      turnedAway: 0,
      holds: [],
      notBefore: hence(seconds(1)),
    };
    const now: Progress = { ...soon, notBefore: NOW };
    expect(line([...many(1, soon), ...many(1, now, 1), ...many(1, ended('recovered'), 2)], 9)).toEqual([
      'h1',
    ]);
  });

  it('are only those of repair and of named servers while a round is not over', () => {
    const targets = [
      ...many(2, waiting),
      ...many(1, waiting, 2, { resolvedAs: 'abnormal' }),
      ...many(1, waiting, 3, { named: true }),
    ];
    expect(line(targets, 9, 1)).toEqual(['h2', 'h3']);
  });
});
