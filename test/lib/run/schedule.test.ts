/** The nightly rolling restart, over real HTTP against the local cloud. */
import { describe, expect, it } from 'vitest';
import { seededState } from '../../../lib/ledger/state.ts';
import { hours, minutes } from '../../../lib/time.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import type { PlayedOn } from '../../../local/play.ts';
import { fleetOf, outcomes, restarted, stage, T0, timerEvent } from '../../support/stage.ts';

/** 02:30 in Shanghai. */
const NIGHT = timerEvent(undefined);
const night = (act: Omit<Parameters<typeof stage>[0], 'events'> & { events?: readonly unknown[] }) =>
  stage({ functionName: 'schedule', events: [NIGHT], ...act });

/** How many restarts CPH took in each call, in order. */
function rounds({ model }: PlayedOn): readonly number[] {
  const sizes = new Map<string, number>();
  for (const { request_id } of model.restarts) sizes.set(request_id, (sizes.get(request_id) ?? 0) + 1);
  return [...sizes.values()];
}

describe('the nightly restart', () => {
  it('restarts every server of a fleet of three, one after the other', async () => {
    const played = await night({ fleet: fleetOf(3, 1) });
    expect(restarted(played)).toEqual(['s0', 's1', 's2']);
    expect(rounds(played)).toEqual([1, 1, 1]);
    expect(played.runs).toMatchObject([{ state: 'done', counts: { recovered: 3 } }]);
    expect(played.reports).toHaveLength(1);
  });

  it('goes in rounds of 1, 2, 4, … up to max_unavailable, one of each host at a time', async () => {
    const played = await night({ fleet: fleetOf(40, 3), settings: { max_unavailable: '12%' } });
    expect(rounds(played).slice(0, 5)).toEqual([1, 2, 4, 8, 12]);
    expect(restarted(played)).toHaveLength(120);
    expect(new Set(restarted(played)).size).toBe(120);
    expect(mostAtOnce(played)).toBeLessThanOrEqual(14);
    expect(mostOnAHost(played)).toBe(1);
  });

  it('of a crowded host does not hold up the other hosts', async () => {
    const others = fleetOf(8, 1).map((one, index) => ({
      ...one,
      server_id: `x${index}`,
      encode_server_id: `y${index}`,
    }));
    const played = await night({ fleet: [...fleetOf(1, 15), ...others], settings: { max_unavailable: 4 } });
    expect(restarted(played)).toHaveLength(23);
    expect(mostOnAHost(played)).toBe(1);
    const last = Math.max(...restarted(played).map((id, index) => (id.startsWith('y') ? index : 0)));
    expect(last).toBeLessThan(15);
  });

  it('stops at the tolerance, never exceeds it, and holds the rest', async () => {
    const played = await night({
      fleet: fleetOf(20, 1, () => ({ recovers: false })),
      settings: { max_errors: 3, max_unavailable: '50%' },
    });
    expect(played.runs[0]?.counts).toMatchObject({ not_recovered: 3, held: 17 });
    expect(played.runs[0]?.restarts.find(({ outcome }) => outcome === 'held')?.holds[0]).toMatchObject({
      guard: 'errors',
    });
  });

  it('goes on around a server that was handed over a week ago', async () => {
    const ledger = seededState({
      servers: { s1: { server_id: 'h1', handed_over: { since: '2026-02-22T00:00:00Z', why: 'dead' } } },
    });
    const played = await night({
      fleet: fleetOf(5, 1, (index) => (index === 1 ? { status: 2, recovers: false } : {})),
      ledger,
    });
    expect(restarted(played)).toEqual(['s0', 's2', 's3', 's4']);
    expect(outcomes(played)['s1']).toBe('held');
  });

  it('ends with its window; what is left comes first the next night', async () => {
    const ledger = seededState({});
    const first = await night({
      fleet: fleetOf(10, 1),
      ledger,
      settings: { window: '02:00-02:35 Asia/Shanghai' },
    });
    const done = restarted(first);
    expect(done.length).toBeGreaterThan(1);
    expect(done.length).toBeLessThan(10);
    expect(first.runs[0]).toMatchObject({ state: 'expired' });
    expect(first.runs[0]?.restarts.find(({ outcome }) => outcome === 'held')?.holds[0]).toMatchObject({
      guard: 'run',
    });
    const second = await night({
      fleet: fleetOf(10, 1),
      ledger,
      events: [timerEvent(undefined, (T0 + hours(24)) as typeof T0)],
      settings: { window: '02:00-02:35 Asia/Shanghai' },
    });
    expect(done).not.toContain(restarted(second)[0]);
    expect(
      restarted(second)
        .slice(0, 10 - done.length)
        .every((id) => !done.includes(id)),
    ).toBe(true);
  });

  it('outside its window restarts no healthy server, but repairs what is abnormal', async () => {
    const played = await night({
      fleet: fleetOf(4, 1, (index) => (index === 2 ? { status: 2 } : {})),
      settings: { window: '03:00-04:00 Asia/Shanghai' },
    });
    expect(restarted(played)).toEqual(['s2']);
    expect(played.runs[0]?.restarts.find(({ outcome }) => outcome === 'held')).toMatchObject({
      holds: [{ guard: 'window' }, { guard: 'unavailable' }],
      until: '2026-03-01T19:00:00Z',
    });
  });

  it('may be narrowed by its user_event, never widened', async () => {
    const fleet = fleetOf(6, 1);
    const one = await night({ fleet, events: [timerEvent({ encode_server_ids: ['s4'] })] });
    expect(restarted(one)).toEqual(['s4']);
    const wide = await night({ fleet, events: [timerEvent({ max_unavailable: '100%' })] });
    expect(Math.max(...rounds(wide))).toBe(1);
    const none = await night({ fleet, events: [timerEvent({ max_unavailable: 0 })] });
    expect(restarted(none)).toEqual([]);
    const dry = await night({ fleet, events: [timerEvent({ dry_run: true })] });
    expect(restarted(dry)).toEqual([]);
    expect(dry.runs[0]?.counts).toMatchObject({ held: 6 });
  });

  it('of ids is planned work too: the window, the rounds and one per host count', async () => {
    const ids = Array.from({ length: 6 }, (_, index) => `s${index}`);
    const events = [timerEvent({ encode_server_ids: ids })];
    const closed = { window: '03:00-04:00 Asia/Shanghai' };
    expect(restarted(await night({ fleet: fleetOf(2, 3), events, settings: closed }))).toEqual([]);
    const open = await night({ fleet: fleetOf(2, 3), events });
    expect(rounds(open)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(mostOnAHost(open)).toBe(1);
  });

  it('that means what is not there says so, and what is not there beside what is', async () => {
    const nothing = await night({ fleet: fleetOf(2, 1), events: [timerEvent({ server_ids: ['nobody'] })] });
    expect(nothing.runs).toMatchObject([{ state: 'cancelled', restarts: [] }]);
    expect(nothing.reports).toHaveLength(1);
    const half = await night({
      fleet: fleetOf(2, 1, (index) => (index === 0 ? { status: 2 } : {})),
      events: [timerEvent({ server_ids: ['h0', 'nobody'] })],
    });
    expect(outcomes(half)).toEqual({ s0: 'recovered', nobody: 'held' });
  });

  it('of hosts that are all well has nothing to do and says nothing', async () => {
    const events = [timerEvent({ server_ids: ['h0', 'h1'] })];
    const played = await night({ fleet: fleetOf(2, 1), events });
    expect(played.reports).toEqual([]);
    expect(played.ignored).toMatchObject([{ reason: 'nothing is abnormal' }]);
  });

  it('older than max_age is not carried out', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [alarmClock(), NIGHT],
      fleet: fleetOf(3, 1),
    });
    expect(played.runs.at(-1)?.restarts[0]?.holds[0]).toMatchObject({ guard: 'stale' });
  });

  it('for which CPH is away is made up for by patrol when CPH answers again', async () => {
    const back = T0 + 10 * 60_000;
    const away: FaultInstance = {
      intercept: async ({ at, operation }, proceed) =>
        at < back && operation !== 'PublishMessage' ? 'reset' : proceed(),
    };
    const played = await night({ fleet: fleetOf(3, 2), patrolFor: minutes(30), faults: [away] });
    expect(new Set(restarted(played)).size).toBe(6);
    expect(restarted(played)).toHaveLength(6);
    expect(played.model.restarts[0]?.at).toBeGreaterThanOrEqual(back);
    expect(played.reports).toHaveLength(1);
  });

  it('that cannot be read fails, so that somebody is told', async () => {
    const played = await night({ fleet: fleetOf(3, 1), events: [timerEvent({ encode_server_ids: [] })] });
    expect(played.failed?.[0]?.error).toContain('event.user_event.encode_server_ids');
    expect(restarted(played)).toEqual([]);
  });

  it('is not believed when the fleet has shrunk by more than a fifth', async () => {
    const ledger = seededState({
      fleet_looks: [1, 2, 3].map((day) => ({ at: `2026-02-2${day}T00:00:00Z`, count: 10 })),
    });
    const played = await night({ fleet: fleetOf(7, 1), ledger });
    expect(restarted(played)).toEqual([]);
    expect(played.runs[0]?.restarts[0]?.holds[0]).toMatchObject({ guard: 'inventory' });
  });
});

/** Another timer, 20 minutes later: moves the clock on. */
const alarmClock = () =>
  timerEvent({ encode_server_ids: ['s0'], dry_run: true }, (T0 + 20 * 60_000) as typeof T0, 'other');

const TAKES = 30_000;

function mostAtOnce({ model: { restarts } }: PlayedOn): number {
  return Math.max(
    ...restarts.map(({ at }) => restarts.filter((other) => other.at <= at && at < other.at + TAKES).length),
  );
}

function mostOnAHost(played: PlayedOn): number {
  const { restarts, servers } = played.model;
  const hostOf = (id: string) => servers.get(id)?.row.server_id;
  return Math.max(
    ...restarts.map(
      ({ at, encode_server_id }) =>
        restarts.filter(
          (other) =>
            hostOf(other.encode_server_id) === hostOf(encode_server_id) &&
            other.at <= at &&
            at < other.at + TAKES,
        ).length,
    ),
  );
}
