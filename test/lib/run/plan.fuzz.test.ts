/** For any run, look and settings: what planning never makes ready. The figures are worked out here once more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan } from '../../../lib/run/plan.ts';
import { serverIn } from '../../../lib/run/sight.ts';
import type { Limit, Settings } from '../../../lib/settings.ts';
import { after, minutes } from '../../../lib/time.ts';
import type { OverridableGuard, Target } from '../../../lib/types.ts';
import { tries } from '../../support/fuzz.ts';
import { type Scene, scenes } from './scenes.ts';

const of = (limit: Limit, total: number, floor: number): number => {
  if (limit.kind === 'count') return limit.count;
  return limit.percent === 0 ? 0 : Math.max(floor, Math.floor((limit.percent * total) / 100));
};
const least = (total: number, ...limits: readonly (Limit | undefined)[]) =>
  Math.min(...limits.flatMap((limit) => (limit === undefined ? [] : [of(limit, total, 1)])));

/** What is ready, in the order of the run. */
function readyIn({ run, sight, settings, now }: Scene) {
  const { batches, targets } = plan(run, sight, settings, now);
  const byId = new Map(batches.flat().map((one) => [one.target.encodeServerId, one]));
  const ready = targets.flatMap(({ encodeServerId }) => byId.get(encodeServerId) ?? []);
  return { ready, batches, planned: ready.filter((one) => one.planned) };
}

function always(holds: (scene: Scene, made: ReturnType<typeof readyIn>) => void): void {
  let planned = 0;
  let repairs = 0;
  fc.assert(
    fc.property(scenes, (scene) => {
      const made = readyIn(scene);
      planned += made.planned.length;
      repairs += made.ready.length - made.planned.length;
      holds(scene, made);
    }),
    { numRuns: tries(200) },
  );
  // What never makes anything ready keeps every promise.
  expect(Math.min(planned, repairs)).toBeGreaterThan(10);
}

it('never more are ready than may be in flight, at all or on one host', () => {
  always(({ sight, settings }, { ready }) => {
    const { inFlight } = sight.memory;
    const limit = of(settings.maxConcurrency, sight.fleet?.eligible ?? 0, 10);
    if (ready.length > 0) expect(ready.length + inFlight.length).toBeLessThanOrEqual(limit);
    for (const { target } of ready) {
      const isThere = ({ serverId }: { serverId: string }) => serverId === target.serverId;
      const onHost = inFlight.filter(isThere).length + ready.filter((one) => isThere(one.target)).length;
      expect(onHost).toBeLessThanOrEqual(settings.maxPerHost);
    }
  });
});

it('never more planned work is ready than its round, its tolerance and what may be unavailable allow', () => {
  always(({ run, sight, settings }, { ready, planned }) => {
    const last = planned.at(-1);
    if (last === undefined) return;
    const { memory, troubled = new Map() } = sight;
    const narrowed = run.request.narrowed;
    const mayMiss = least(sight.fleet?.eligible ?? 0, settings.maxUnavailable, narrowed?.maxUnavailable);
    const before = ready.slice(0, ready.indexOf(last) + 1).map(({ target }) => target.encodeServerId);
    const missing = new Set([
      ...troubled.keys(),
      ...memory.inFlight.map((one) => one.encodeServerId),
      ...before,
    ]);
    expect(missing.size).toBeLessThanOrEqual(mayMiss);

    const own = run.targets.filter(({ progress }) => 'attempt' in progress && progress.attempt.planned);
    const count = (...states: readonly string[]) =>
      own.filter(({ progress }) => states.includes(progress.state)).length;
    expect(count('accepted', 'verifying')).toBe(0);
    let ramp = 1;
    while (ramp * 2 <= count('recovered') + 1) ramp *= 2;
    expect(planned.length).toBeLessThanOrEqual(ramp);
    const tolerance = least(
      run.targets.filter((one) => !isLeftOut(one, sight, settings)).length,
      settings.maxErrors,
      narrowed?.maxErrors,
    );
    expect(planned.length).toBeLessThanOrEqual(tolerance - count('not_recovered', 'rejected', 'unconfirmed'));
  });
});

it('planned work is alone on its host, inside its window, and nobody is troubled there', () => {
  always(({ run, sight, settings }, { ready, planned }) => {
    for (const one of planned) {
      const { serverId, encodeServerId } = one.target;
      const before = ready.slice(0, ready.indexOf(one)).map(({ target }) => target);
      expect([...sight.memory.inFlight, ...before].filter((other) => other.serverId === serverId)).toEqual(
        [],
      );
      const others = [...(sight.hosts.get(serverId)?.servers.values() ?? [])].filter(
        (other) => other.encodeServerId !== encodeServerId,
      );
      expect(others.filter(({ state }) => state === 'restarting')).toEqual([]);
      expect(others.filter((other) => sight.troubled?.has(other.encodeServerId))).toEqual([]);
      // It is 18:30.
      expect([undefined, '18:00-19:00 UTC']).toContain(settings.window?.[0]?.text);
      expect(run.request.narrowed?.window).toBeUndefined();
      expect(sight.memory.fleetLooks).toEqual([]);
      expect(sight.fleet).toBeDefined();
    }
  });
});

it('in a storm never more are ready than its round has room for, and nothing healthy', () => {
  always((scene, { ready, planned }) => {
    const { sight, settings, now } = scene;
    const { troubled = new Map<string, string>(), fleet, memory } = sight;
    const hosts = new Set(troubled.values()).size;
    if (troubled.size < 10 || hosts < 3) return;
    const asked = ready.filter(({ target }) => !isOverridden('storm', target, scene));
    if (fleet === undefined) return void expect(asked).toEqual([]);
    if (troubled.size <= of(settings.maxAbnormal, fleet.eligible, 0)) return;
    expect(planned).toEqual([]);
    const { size = 1, canaries = new Map(), startedAt = now } = memory.storm?.round ?? {};
    const ends = [...canaries.values()];
    const isOver = now >= after(startedAt, minutes(10)) && !ends.includes('open');
    const next = ends.length === 0 ? size : ends.includes('failed') ? 1 : size * 2;
    expect(asked.length).toBeLessThanOrEqual(Math.max(0, isOver ? next : size - ends.length));
  });
});

it('nothing is ready that must not be touched', () => {
  always((scene, { ready, batches }) => {
    const { run, sight, settings, now } = scene;
    for (const { target } of ready) {
      const { encodeServerId: id, serverId, named, progress } = target;
      const server = serverIn(sight, target);
      const isMeant = named || ['all', 'ids'].includes(run.request.selector.kind);
      expect(progress.state).toBe('waiting');
      expect(progress).not.toHaveProperty('notBefore');
      expect(server).toMatchObject({ state: isMeant ? /running|abnormal/ : 'abnormal' });
      expect(sight.hosts.get(serverId)?.host).toMatchObject({ status: 5 });
      expect(sight.maintenance?.eventOf.has(serverId)).toBe(false);
      expect(settings.exclude).not.toContain(id);
      expect([...sight.memory.exclusions.keys()]).not.toContain(id);
      expect(sight.memory.inFlight.map(({ encodeServerId }) => encodeServerId)).not.toContain(id);
      const record = sight.memory.servers.get(id);
      const cools = record?.lastAttemptAt !== undefined && record.lastAttemptAt + minutes(30) > now;
      expect(cools && !isOverridden('cooldown', target, scene)).toBe(false);
      const isOver = record?.handedOver !== undefined || (record?.attempts.length ?? 0) >= 3;
      expect(isOver && !isOverridden('attempts', target, scene)).toBe(false);
      expect(sight.troubled !== undefined || isOverridden('storm', target, scene)).toBe(true);
      expect([settings.mode, run.request.dryRun, sight.memory.pause]).toEqual(['active', false, undefined]);
    }
    expect(batches.every((batch) => batch.length > 0 && batch.length <= settings.batchSize)).toBe(true);
    expect(new Set(ready.map(({ target }) => target.encodeServerId)).size).toBe(batches.flat().length);
  });
});

function isOverridden(guard: OverridableGuard, { named }: Target, { run: { request } }: Scene): boolean {
  return named && request.override?.guards.includes(guard) === true;
}

function isLeftOut(
  { encodeServerId: id, progress }: Target,
  { memory }: Scene['sight'],
  { exclude }: Settings,
): boolean {
  return (
    !('attempt' in progress) &&
    (memory.handedOver.has(id) || memory.exclusions.has(id) || exclude.includes(id))
  );
}
