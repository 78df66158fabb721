/** What people are told of, and how often: over hours of patrols on the local cloud, in virtual time. */
import { describe, expect, it } from 'vitest';
import { seededState } from '../../../lib/ledger/state.ts';
import { hours, minutes } from '../../../lib/time.ts';
import { gatewayError } from '../../../local/cloud/answer.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { hang, type Model } from '../../../local/model/index.ts';
import {
  alarmEvent,
  fleetOf,
  restarted,
  row,
  type Staged,
  stage,
  T0,
  timerEvent,
} from '../../support/stage.ts';

const TICK = timerEvent(undefined, T0, 'every-minute');
const patrol = (act: Omit<Parameters<typeof stage>[0], 'events'>) =>
  stage({ functionName: 'patrol', events: [TICK], ...act });
const later = (count: number) => new Date(T0 + count * 60_000).toISOString().replace('.000Z', 'Z');
const told = ({ model }: Staged, code: string) =>
  model.mailbox.filter(({ messages }) => JSON.stringify(messages).includes(code));
const hangAll = (from: number, count: number) => (model: Model, now: typeof T0) => {
  for (let index = from; index < from + count; index += 1) hang(model, `s${index}`, now);
};
const recoverAll = (model: Model) => {
  for (const server of model.servers.values()) server.status = 1;
};

describe('while nothing is abnormal', () => {
  it('a storm that went by itself is over, and the next one calls a person and begins with one canary', async () => {
    const played = await patrol({
      fleet: fleetOf(10, 5),
      happenings: [
        { after: minutes(2), does: hangAll(0, 40) },
        { after: minutes(5), does: recoverAll },
        { after: minutes(100), does: hangAll(5, 45) },
      ],
      patrolFor: minutes(125),
    });
    expect(told(played, 'storm_ended').map(({ at }) => (at - T0) / 60_000)).toEqual([5]);
    expect(told(played, 'storm_began')).toHaveLength(2);
    const second = played.model.restarts.filter(({ at }) => at > T0 + 100 * 60_000);
    expect(second.filter(({ at }) => at < T0 + 110 * 60_000)).toHaveLength(1);
  });

  it('it is told once that the ledger was emptied', async () => {
    const settings = { deployed_at: later(-60 * 24) };
    const played = await patrol({ fleet: fleetOf(2, 2), settings, patrolFor: minutes(60) });
    expect(told(played, 'ledger_emptied')).toHaveLength(1);
  });

  it('it is told once that a pause runs long', async () => {
    const ledger = seededState({});
    ledger.pause = { who: 'ops', why: 'release', since: T0, until: (T0 + hours(12)) as typeof T0 };
    const played = await patrol({ fleet: fleetOf(2, 2), ledger, patrolFor: hours(9) });
    expect(told(played, 'pause_runs_long')).toHaveLength(1);
  });
});

describe('CPH that does not answer', () => {
  const away = (spans: readonly (readonly [from: number, to: number])[]): FaultInstance => ({
    intercept: async ({ operation, at }, proceed) => {
      const minute = (at - T0) / 60_000;
      const isAway =
        operation !== 'PublishMessage' && spans.some(([from, to]) => minute >= from && minute < to);
      return isAway ? gatewayError(503, 'APIGW.0201', 'backend unavailable', 'r') : proceed();
    },
  });

  it('calls a person once, after a quarter of an hour', async () => {
    const fleet = [row('h1', 's1', 2), row('h1', 's2')];
    const played = await patrol({ fleet, faults: [away([[0, 120]])], patrolFor: minutes(110) });
    const pages = told(played, 'cph_away');
    expect(pages).toHaveLength(1);
    expect(((pages[0]?.at ?? 0) - T0) / 60_000).toBeGreaterThan(14);
    expect(((pages[0]?.at ?? 0) - T0) / 60_000).toBeLessThan(20);
    expect(restarted(played)).toEqual([]);
  });

  it('calls nobody when it answers now and then', async () => {
    const spans = [0, 1, 2, 3].map((hour) => [hour * 14, hour * 14 + 12] as const);
    const played = await patrol({ fleet: fleetOf(2, 2), faults: [away(spans)], patrolFor: minutes(56) });
    expect(told(played, 'cph_away')).toEqual([]);
  });

  it('is not well by the digest', async () => {
    const start = (T0 + 6.4 * 3_600_000) as typeof T0;
    const events = [timerEvent(undefined, start, 'every-minute')];
    const fleet = [row('h1', 's1', 2), row('h1', 's2')];
    const played = await stage({
      functionName: 'patrol',
      events,
      fleet,
      faults: [away([[0, 600]])],
      patrolFor: minutes(20),
    });
    const [digest] = told(played, 'encode-restart.digest');
    expect(digest?.subject).toContain('CPH could not be asked');
    expect(digest?.messages['functionstage']).toContain('"abnormal_unknown":true');
  });
});

describe('servers in a state that nobody looks for', () => {
  it('are counted in the digest', async () => {
    const start = (T0 + 6.4 * 3_600_000) as typeof T0;
    const played = await stage({
      functionName: 'patrol',
      events: [timerEvent(undefined, start, 'every-minute')],
      fleet: [row('h1', 's1', 77), row('h1', 's2', 0), row('h2', 's3'), row('h2', 's4')],
      patrolFor: minutes(20),
    });
    const [digest] = told(played, 'encode-restart.digest');
    expect(digest?.subject).toContain('2 neither running nor abnormal');
    expect(digest?.messages['default']).toContain('look at them in the CPH console');
  });
});

describe('the same again', () => {
  it('of a night that failed, patrol opens no run for what people know', async () => {
    const nightly = timerEvent(undefined, T0, 'nightly');
    const fleet = fleetOf(12, 2, (index) => ({
      recovers: Math.floor(index / 2) % 2 === 0,
      restart_seconds: 30,
    }));
    const played = await stage({
      functionName: 'schedule',
      events: [nightly],
      fleet,
      patrolFor: minutes(100),
    });
    const idle = played.runs.filter(({ restarts }) => restarts.every(({ outcome }) => outcome === 'held'));
    expect(idle.length).toBeLessThanOrEqual(2);
  });

  it('of a running server that an alarm names while paused is told once', async () => {
    const ledger = seededState({ pause: { who: 'ops', why: 'release', until: later(600) } });
    const times = [0, 5, 10, 15, 20];
    const events = times.map((minute) => alarmEvent('encode_server_id:s1', { at: T0 + minute * 60_000 }));
    const played = await stage({ fleet: [row('h1', 's1'), row('h1', 's2')], events, ledger });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toHaveLength(1);
  });

  it('of a server that was handed over makes no other report call a person', async () => {
    const ledger = seededState({
      servers: {
        s1: {
          server_id: 'h1',
          first_seen_abnormal: later(-9_000),
          handed_over: { since: later(-9_000), why: '3 attempts without recovery' },
        },
      },
    });
    const fleet = [row('h1', 's1', 2), row('h1', 's2'), row('h1', 's3'), row('h1', 's4')];
    const happenings = [30, 60, 90].map((minute, index) => ({
      after: minutes(minute),
      does: hangAll(index + 2, 1),
    }));
    const played = await patrol({ fleet, ledger, happenings, patrolFor: minutes(120) });
    expect(restarted(played)).toEqual(['s2', 's3', 's4']);
    const called = played.reports.filter(({ subject }) => subject.includes('Person needed'));
    expect(called.length).toBeLessThanOrEqual(1);
  });

  it('of a host that is out of service calls a person once, though its servers get well one by one', async () => {
    const fleet = [1, 2, 3, 4].map((index) => row('h1', `s${index}`, 2, { host_status: 10 }));
    const well = (id: string) => (model: Model) => {
      const server = model.servers.get(id);
      if (server !== undefined) server.status = 1;
    };
    const happenings = [30, 40, 50].map((minute, index) => ({
      after: minutes(minute),
      does: well(`s${index + 1}`),
    }));
    const played = await patrol({ fleet, happenings, patrolFor: minutes(70) });
    expect(told(played, 'host_out_of_service')).toHaveLength(1);
  });

  it('of what cannot be looked at calls a person once, and opens no run every few minutes', async () => {
    const blind: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'ListScheduledEvents' ? gatewayError(503, 'APIGW.0201', 'away', 'r') : proceed(),
    };
    const played = await patrol({ fleet: [row('h1', 's1', 2)], faults: [blind], patrolFor: hours(2) });
    expect(restarted(played)).toEqual([]);
    expect(played.runs.length).toBeLessThanOrEqual(2);
    expect(played.reports.filter(({ subject }) => subject.includes('Person needed'))).toHaveLength(1);
  });

  it('of what is outside a pilot is told to nobody', async () => {
    const happenings = [10, 30, 50].map((minute, index) => ({
      after: minutes(minute),
      does: hangAll(index + 3, 1),
    }));
    const played = await patrol({
      fleet: fleetOf(3, 3),
      happenings,
      settings: { include: ['h0'] },
      patrolFor: minutes(80),
    });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toEqual([]);
  });
});
