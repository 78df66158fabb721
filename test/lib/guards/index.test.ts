/** What the guards are together: their order, that all are asked, and what a person may override. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GuardContext } from '../../../lib/guards/guard.ts';
import { evaluate, GUARDS } from '../../../lib/guards/index.ts';
import { iso, minutes } from '../../../lib/time.ts';
import { type GuardName, OVERRIDABLE, type OverridableGuard } from '../../../lib/types.ts';
import { parseWindow } from '../../../lib/window.ts';
import {
  ago,
  context,
  healthy,
  hence,
  memory,
  NOW,
  record,
  request,
  server,
  settings,
  target,
} from './support.ts';

const names = GUARDS.map(({ name }) => name);
const ORDER: readonly GuardName[] = [
  'scope',
  'ledger',
  'pause',
  'stale',
  'window',
  'inventory',
  'storm',
  'state',
  'settling',
  'cooldown',
  'attempts',
  'errors',
  'host',
  'unavailable',
  'concurrency',
  'mode',
];

const cold = parseWindow('05:00-06:00 UTC');
/** Everything at once that can be said against planned work; settling is only for what is abnormal. */
const HOPELESS: Partial<GuardContext> = {
  ...healthy,
  settings: settings({
    mode: 'observe',
    exclude: ['h1'],
    max_per_host: 0,
    deployed_at: iso(ago(minutes(600))),
  }),
  request: request({ source: 'timer', requestedAt: ago(minutes(16)) }),
  memory: memory({
    begunAt: ago(minutes(10)),
    pause: { who: 'wei', why: 'release', until: hence(minutes(5)) },
  }),
  windows: [cold === undefined ? [] : [cold]],
  fleet: 'unchecked',
  troubled: 'unchecked',
  maintenance: 'unchecked',
  record: record({ lastAttemptAt: NOW, attempts: [NOW, NOW, NOW] }),
  rolling: { failures: 3, tolerance: 3, inFlight: 0, roundSize: 0 },
  concurrency: 0,
};

describe('the guards', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('stand in the order in which their no counts', () => {
    expect(names).toEqual(ORDER);
  });

  it('say nothing against an abnormal server on a quiet day, nor against planned work', () => {
    expect(evaluate(context())).toEqual([]);
    expect(evaluate(context(healthy))).toEqual([]);
  });

  it('are all asked, and every no is kept in their order with its until', () => {
    const holds = evaluate(context(HOPELESS));
    expect(holds.map(({ guard }) => guard)).toEqual(names.filter((name) => name !== 'settling'));
    const until = Object.fromEntries(holds.map((hold) => [hold.guard, hold.until]));
    expect(until).toMatchObject({
      ledger: hence(minutes(20)),
      pause: hence(minutes(5)),
      window: Date.parse('2026-03-02T05:00:00Z'),
      cooldown: hence(minutes(30)),
      attempts: hence(minutes(24 * 60)),
    });
    expect(until['mode']).toBeUndefined();
  });

  it('are all asked of what is abnormal too, settling among them', () => {
    const given = { ...HOPELESS, planned: false, server: server('abnormal') };
    const repair = names.filter((name) => !PLANNED_ONLY.has(name));
    expect(evaluate(context(given)).map(({ guard }) => guard)).toEqual(repair);
  });

  it.each(GUARDS.map((guard) => ({ guard, name: guard.name })))(
    'of which $name breaks restart nothing',
    ({ guard }) => {
      vi.spyOn(guard, 'check').mockImplementation(() => {
        throw new Error('broken');
      });
      expect(() => evaluate(context())).toThrow('broken');
    },
  );
});

const PLANNED_ONLY: ReadonlySet<GuardName> = new Set(['window', 'inventory', 'errors', 'unavailable']);
const overriding = (guards: readonly OverridableGuard[]) =>
  request({
    source: 'timer',
    requestedAt: ago(minutes(16)),
    override: { guards, who: 'wei', why: 'a customer waits' },
  });

describe("a person's override", () => {
  const guardsOf = (more: Partial<GuardContext>) => {
    const base = { ...HOPELESS, server: server('abnormal'), target: target({ named: true }) };
    return evaluate(context({ ...base, ...more })).map(({ guard }) => guard);
  };

  it.each(OVERRIDABLE)('of %s silences that guard and no other', (guard) => {
    expect(guardsOf({ request: overriding([guard]) })).toEqual(ORDER.filter((name) => name !== guard));
  });

  it.each(names.filter((name) => !OVERRIDABLE.some((guard) => guard === name)))(
    'of %s means nothing',
    (name) => {
      expect(guardsOf({ request: overriding([name as OverridableGuard]) })).toEqual(ORDER);
    },
  );

  it('that nobody spoke silences nothing for a server that is named', () => {
    expect(guardsOf({})).toEqual(ORDER);
  });

  it('counts for nothing that was not named', () => {
    expect(guardsOf({ request: overriding(OVERRIDABLE), target: target() })).toEqual(ORDER);
  });

  it('of the cooldown lets nobody restart what is being restarted already', () => {
    const inFlight = [{ encodeServerId: 's1', serverId: 'h1', runId: 'run-2', claimedAt: ago(minutes(1)) }];
    const holds = evaluate(
      context({
        target: target({ named: true }),
        request: { ...overriding(['cooldown']), requestedAt: NOW },
        memory: memory({ inFlight }),
        record: record({ lastAttemptAt: ago(minutes(1)), firstSeenAbnormalAt: ago(minutes(5)) }),
      }),
    );
    expect(holds).toMatchObject([{ guard: 'cooldown', reason: { code: 'in_flight', runId: 'run-2' } }]);
  });
});
