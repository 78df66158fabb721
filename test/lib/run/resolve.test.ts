/** What a resolved request becomes: its line, its state, its end. CPH is asked over real HTTP. */
import { describe, expect, it } from 'vitest';
import { seededState } from '../../../lib/ledger/state.ts';
import { hours, iso, minutes } from '../../../lib/time.ts';
import { alarmEvent, restarted, row, stage, T0, timerEvent } from '../../support/stage.ts';

const HOUR_AGO = iso((T0 - hours(1)) as typeof T0);
const DAYS_AGO = (count: number) => iso((T0 - hours(24 * count)) as typeof T0);
const night = (act: Omit<Parameters<typeof stage>[0], 'events'>) =>
  stage({ functionName: 'schedule', events: [timerEvent(undefined)], ...act });
const QUICK = { restart_seconds: 10 };

describe('the line of a nightly restart', () => {
  it('has repair first, then who waited longest, and last who failed last time', async () => {
    const ledger = seededState({
      servers: {
        s1: { server_id: 'h1', last_attempt: DAYS_AGO(1) },
        s2: { server_id: 'h2', last_attempt: DAYS_AGO(9), last_failed: true },
        s3: { server_id: 'h3', last_attempt: DAYS_AGO(3) },
        s5: { server_id: 'h5', first_seen_abnormal: HOUR_AGO },
      },
    });
    const fleet = [1, 2, 3, 4].map((n) => row(`h${n}`, `s${n}`, 1, QUICK));
    const played = await night({
      fleet: [...fleet, row('h5', 's5', 2, QUICK)],
      ledger,
      settings: { max_unavailable: 5 },
    });
    expect(restarted(played)).toEqual(['s5', 's4', 's3', 's1', 's2']);
  });

  it('takes one of each host in turn', async () => {
    const fleet = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((id) => row(`h${id[0]}`, id, 1, QUICK));
    expect(restarted(await night({ fleet }))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });
});

describe('a run ends', () => {
  const endsAt = async (settings: object, said?: object) => {
    const ledger = seededState({});
    await stage({
      functionName: 'schedule',
      events: [timerEvent(said)],
      fleet: [row('h1', 's1', 1, QUICK)],
      settings: { ...settings },
      ledger,
    });
    const [run] = ledger.runs.values();
    return run === undefined ? undefined : run.endsAt - run.openedAt;
  };

  it('after twelve hours, or with the window that is open', async () => {
    expect(await endsAt({})).toBe(hours(12));
    expect(await endsAt({ window: '18:00-19:00 UTC' })).toBe(minutes(30));
    expect(await endsAt({ window: '05:00-06:00 UTC' })).toBe(hours(12));
  });

  it('with what a timer narrows the window to', async () => {
    expect(await endsAt({ window: '18:00-19:00 UTC' }, { window: '18:00-18:45 UTC' })).toBe(minutes(15));
    expect(await endsAt({ window: '18:00-18:40 UTC' }, { window: '18:00-23:00 UTC' })).toBe(minutes(10));
  });

  it('whatever the window, after twelve hours when nothing in it is planned', async () => {
    const ledger = seededState({});
    await stage({
      fleet: [row('h1', 's1', 2)],
      events: [alarmEvent('server_id:h1')],
      settings: { window: '18:00-19:00 UTC' },
      ledger,
    });
    const [run] = ledger.runs.values();
    expect(run?.endsAt).toBe(T0 + hours(12));
  });
});

describe('a request', () => {
  it('that names nothing we know restarts nothing', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent({ encode_server_ids: ['nowhere'] })],
      fleet: [row('h1', 's1', 2)],
    });
    expect(restarted(played)).toEqual([]);
  });

  it('that names one we know and one we do not restarts the one, and tells of the other', async () => {
    const event = timerEvent({ encode_server_ids: ['s1', 'nowhere'] });
    const played = await stage({
      functionName: 'schedule',
      events: [event],
      fleet: [row('h1', 's1', 1, QUICK), row('h1', 's2')],
    });
    expect(restarted(played)).toEqual(['s1']);
    const unknown = played.runs[0]?.restarts.find((one) => one.encode_server_id === 'nowhere');
    expect(unknown).toMatchObject({ outcome: 'held', holds: [{ guard: 'state', code: 'gone' }] });
  });

  it('of an alarm about a host on which all is well watches it', async () => {
    const played = await stage({ events: [alarmEvent('server_id:h1')], fleet: [row('h1', 's1')] });
    expect(restarted(played)).toEqual([]);
    expect(played.runs).toMatchObject([{ state: 'done', restarts: [] }]);
    expect(played.endedAt).toBeGreaterThanOrEqual(T0 + minutes(5));
  });
});
