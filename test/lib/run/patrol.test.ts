/** The patrol, over real HTTP against the local cloud: every minute, and when it is called. */
import { describe, expect, it } from 'vitest';
import { emptyState, seededState } from '../../../lib/ledger/state.ts';
import { minutes, seconds } from '../../../lib/time.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { hang, type Model } from '../../../local/model/index.ts';
import { alarmEvent, fleetOf, outcomes, restarted, row, stage, T0, timerEvent } from '../../support/stage.ts';

const TICK = timerEvent(undefined, T0, 'every-minute');
const patrol = (act: Omit<Parameters<typeof stage>[0], 'events'>) =>
  stage({ functionName: 'patrol', events: [TICK], ...act });
const minutesLater = (count: number) => new Date(T0 + count * 60_000).toISOString().replace('.000Z', 'Z');

describe('the patrol', () => {
  it('with nothing to do asks once and ends at once', async () => {
    const played = await patrol({ fleet: fleetOf(2, 2) });
    expect(played.calls).toEqual({ ListEncodeServers: 1 });
    expect(played.endedAt).toBe(T0);
    expect(played.runs).toEqual([]);
  });

  it('waits until an abnormal server has settled, restarts it, and follows it over the minute', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1', 2, { restart_seconds: 50 }), row('h1', 's2')],
      patrolFor: minutes(4),
    });
    expect(outcomes(played)).toEqual({ s1: 'recovered' });
    expect(played.model.restarts[0]?.at).toBeGreaterThanOrEqual(T0 + 60_000);
    expect(played.model.restarts[0]?.at).toBeLessThan(T0 + 120_000);
    expect(played.reports).toHaveLength(1);
  });

  it('leaves alone what runs again before it settled', async () => {
    const happenings = [
      {
        after: seconds(20),
        does: (model: Model) => {
          const server = model.servers.get('s1');
          if (server !== undefined) server.status = 1;
        },
      },
    ];
    const played = await patrol({ fleet: [row('h1', 's1', 2)], patrolFor: minutes(3), happenings });
    expect(restarted(played)).toEqual([]);
    expect(played.runs).toEqual([]);
  });

  it('tries a server three times, hands it over, and says each thing once', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1', 2, { recovers: false }), row('h2', 's2')],
      patrolFor: minutes(120),
    });
    expect(restarted(played)).toEqual(['s1', 's1', 's1']);
    expect(played.runs.map((run) => run.restarts[0]?.attempt)).toEqual(
      [1, 2, 3, null].slice(0, played.runs.length),
    );
    expect(played.runs[2]?.restarts).toMatchObject([{ handed_over: true }]);
    expect(played.reports.length).toBeLessThanOrEqual(7);
  });

  it('opens no run for a server that is held for the reason that was told before', async () => {
    const ledger = seededState({ pause: { who: 'ops', why: 'release', until: minutesLater(120) } });
    const played = await patrol({ fleet: [row('h1', 's1', 2)], ledger, patrolFor: minutes(60) });
    expect(restarted(played)).toEqual([]);
    expect(played.runs).toHaveLength(1);
    expect(played.reports).toHaveLength(1);
  });

  it('gathers what it has to tell: at most one message in ten minutes', async () => {
    const happenings = [2, 4, 6, 8, 12].map((minute, index) => ({
      after: minutes(minute),
      does: (model: Model, now: typeof T0) => hang(model, `s${index}`, now),
    }));
    const played = await patrol({ fleet: fleetOf(6, 1), happenings, patrolFor: minutes(40) });
    expect(restarted(played)).toHaveLength(5);
    const times = played.reports.map(({ at }) => Date.parse(at));
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(600_000);
    }
    for (const { run_id } of played.runs) {
      expect(played.reports.some(({ messages }) => messages['functionstage']?.includes(run_id))).toBe(true);
    }
  });

  it('sends one digest a day, when it is due', async () => {
    const start = (T0 + 6.4 * 3_600_000) as typeof T0;
    const played = await stage({
      functionName: 'patrol',
      events: [timerEvent(undefined, start, 'every-minute')],
      fleet: fleetOf(2, 1),
      patrolFor: minutes(30),
    });
    expect(played.reports.map(({ subject }) => subject)).toHaveLength(1);
    expect(played.reports[0]?.at).toMatch(/^2026-03-02T01:00/);
  });

  it('adopts the run of a driver that died, and restarts nothing twice', async () => {
    const ledger = emptyState();
    const fleet = [row('h1', 's1', 2, { restart_seconds: 50 }), row('h2', 's2')];
    const played = await stage({
      fleet,
      events: [alarmEvent('server_id:h1')],
      ledger,
      timeoutSeconds: 35,
      patrolFor: minutes(5),
    });
    expect(restarted(played)).toEqual(['s1']);
    expect(outcomes(played)).toEqual({ s1: 'recovered' });
    expect(played.reports).toHaveLength(1);
  });

  it('fails when CPH is away, and is well again with it', async () => {
    const away: FaultInstance = {
      intercept: async ({ operation }, proceed) => (operation === 'PublishMessage' ? proceed() : 'reset'),
    };
    const played = await patrol({ fleet: [row('h1', 's1', 2)], faults: [away] });
    expect(played.failed).toHaveLength(1);
    expect(restarted(played)).toEqual([]);
  });

  it('pages once when a host with abnormal servers is out of service for 15 minutes', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1', 2, { host_status: 10 }), row('h2', 's2')],
      patrolFor: minutes(40),
      settings: { page_topic: 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:pages' },
    });
    const pages = played.model.mailbox.filter(({ topic_urn }) => topic_urn.endsWith(':pages'));
    expect(restarted(played)).toEqual([]);
    expect(pages.filter(({ messages }) => (messages['default'] ?? '').includes('host'))).not.toHaveLength(0);
    expect(pages.length).toBeLessThanOrEqual(2);
  });
});

describe('a storm', () => {
  it('lets one canary through, then 2, 4, …, and pages once', async () => {
    const fleet = fleetOf(10, 10, (index) => (index % 100 < 38 ? { status: 2 } : {}));
    const played = await patrol({ fleet, patrolFor: minutes(60) });
    const rounds = new Map<number, number>();
    for (const { at } of played.model.restarts) {
      const round = Math.floor((at - T0 - 60_000) / 600_000);
      rounds.set(round, (rounds.get(round) ?? 0) + 1);
    }
    expect([...rounds.values()].slice(0, 4)).toEqual([1, 2, 4, 31]);
    expect(new Set(restarted(played)).size).toBe(38);
    expect(restarted(played)).toHaveLength(38);
    const begun = played.model.mailbox.filter(({ messages }) =>
      JSON.stringify(messages).includes('storm_began'),
    );
    expect(begun).toHaveLength(1);
  });

  it('is not over because its canaries are restarting, and calls a person once', async () => {
    const pages = 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:pages';
    const slow = (index: number) => (index % 100 < 32 ? { status: 2, restart_seconds: 240 } : {});
    const played = await patrol({
      fleet: fleetOf(10, 10, slow),
      patrolFor: minutes(35),
      settings: { page_topic: pages },
    });
    const first = played.model.restarts.filter(({ at }) => at < T0 + 14 * 60_000);
    expect(first.map(({ at }) => Math.floor((at - T0) / 600_000))).toEqual([0, 1, 1]);
    expect(played.reports.filter(({ topic_urn }) => topic_urn === pages)).toHaveLength(1);
  });

  it('goes back to one canary after one that did not come back', async () => {
    const fleet = fleetOf(10, 10, (index) => (index % 100 < 40 ? { status: 2, recovers: false } : {}));
    const played = await patrol({ fleet, patrolFor: minutes(45) });
    const rounds = new Map<number, number>();
    for (const { at } of played.model.restarts) {
      const round = Math.floor((at - T0 - 60_000) / 600_000);
      rounds.set(round, (rounds.get(round) ?? 0) + 1);
    }
    expect([...rounds.values()]).toEqual([1, 1, 1, 1, 1].slice(0, rounds.size));
    expect(rounds.size).toBeGreaterThanOrEqual(4);
  });
});
