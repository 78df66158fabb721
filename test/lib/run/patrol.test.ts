/** The patrol, over real HTTP against the local cloud: every minute, and when it is called. */
import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState, seededState } from '../../../lib/ledger/state.ts';
import { after, type DurationMs, type EpochMs, hours, minutes, seconds } from '../../../lib/time.ts';
import { gatewayError } from '../../../local/cloud/answer.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { hang, type Model } from '../../../local/model/index.ts';
import {
  alarmEvent,
  fleetOf,
  outcomes,
  restarted,
  row,
  stage,
  T0,
  TOPIC,
  timerEvent,
} from '../../support/stage.ts';
import { target } from '../guards/support.ts';
import { ended, run } from './looks.ts';

const REPORTS = TOPIC.replace('encode-alarms', 'encode-restart-reports');
const TICK = timerEvent(undefined, T0, 'every-minute');
const patrol = (act: Omit<Parameters<typeof stage>[0], 'events'>) =>
  stage({ functionName: 'patrol', events: [TICK], ...act });
const recovered = ended('recovered');
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

  it('tells in its digest who hangs again and again, though every restart mends it', async () => {
    const start = (T0 + 5.9 * 3_600_000) as typeof T0;
    const hangAgain = (after: DurationMs) => ({
      after,
      does: (model: Model, now: EpochMs) => hang(model, 's1', now),
    });
    const played = await stage({
      functionName: 'patrol',
      events: [timerEvent(undefined, start, 'every-minute')],
      fleet: [row('h1', 's1', 2), row('h2', 's2', 2)],
      settings: { cooldown: '5m', settle: '0s' },
      happenings: [minutes(8), minutes(16)].map(hangAgain),
      patrolFor: minutes(60),
    });
    expect(restarted(played)).toEqual(expect.arrayContaining(['s1', 's1', 's1', 's2']));
    const digest = played.reports.find(({ subject }) => subject.includes('digest'));
    const machine = JSON.parse(digest?.messages['https'] ?? '{}');
    expect(machine.recurring).toEqual([{ encode_server_id: 's1', server_id: 'h1', restarts: 3 }]);
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

  it('takes up what joined a run whose driver died as it ended', async () => {
    const ledger = emptyState();
    const left = memoryLedger({ shared: true, state: ledger });
    const { runId, ...open } = run([{ ...target({ serverId: 'h1' }), progress: recovered }], {
      openedAt: T0,
    });
    await left.open({ runId, ...open }, T0);
    // An alarm named s2, which CPH calls running: patrol would not find it by itself.
    const named = target({ encodeServerId: 's2', serverId: 'h1', resolvedAs: 'running', named: true });
    await left.join(runId, 'alarm 2', [named], T0);
    const lease = await left.lease(runId, T0);
    if (lease !== undefined) await left.save({ runId, ...open, state: 'done', endedAt: T0 }, lease);
    if (lease !== undefined) await left.release(lease);
    const played = await patrol({ fleet: [row('h1', 's1'), row('h1', 's2')], ledger, patrolFor: minutes(4) });
    expect(restarted(played)).toEqual(['s2']);
    expect(played.runs).toMatchObject([{ run_id: runId, state: 'done' }]);
    expect(await left.unfinishedRuns()).toEqual([]);
  });

  it('whose calls are turned away for half an hour gives the run up, and says so once', async () => {
    const busy: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'RestartEncodeServer' ? gatewayError(429, 'APIGW.0308', 'slow down', 'r') : proceed(),
    };
    const played = await patrol({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      faults: [busy],
      patrolFor: minutes(80),
    });
    expect(restarted(played)).toEqual([]);
    const [first] = played.runs;
    expect(first?.restarts).toMatchObject([{ outcome: 'held' }]);
    const pages = played.reports.filter(({ messages }) => JSON.stringify(messages).includes('got through'));
    expect(pages).toHaveLength(1);
    expect(Date.parse(pages[0]?.at ?? '') - T0).toBeGreaterThan(30 * 60_000);
    expect(Date.parse(pages[0]?.at ?? '') - T0).toBeLessThan(40 * 60_000);
  });

  it('fails when CPH is away, and is well again with it', async () => {
    const away: FaultInstance = {
      intercept: async ({ operation }, proceed) => (operation === 'PublishMessage' ? proceed() : 'reset'),
    };
    const played = await patrol({ fleet: [row('h1', 's1', 2)], faults: [away] });
    expect(played.failed).toHaveLength(1);
    expect(restarted(played)).toEqual([]);
  });

  it('without permission to restart says so once, and asks again only now and then', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      patrolFor: minutes(30),
      faults: ['not-authorised'],
    });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toHaveLength(1);
    expect(played.calls['RestartEncodeServer']).toBeLessThanOrEqual(3);
  });

  it('leaves a run that waits for the next minute to the next minute', async () => {
    const askedAt = new Map<number, number>();
    const counting: FaultInstance = {
      intercept: async ({ at }, proceed) => {
        askedAt.set(at, (askedAt.get(at) ?? 0) + 1);
        if (askedAt.get(at) === 1_000)
          throw new Error('expected a pause between two looks, got 1,000 calls at once');
        return proceed();
      },
    };
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent(undefined)],
      timeoutSeconds: 90,
      fleet: fleetOf(10, 2, (index) => (index === 0 ? { status: 2 } : {})),
      settings: { max_unavailable: 1, cooldown: '2h', window: '18:00-18:45 UTC' },
      ledger: seededState({ servers: { s0: { server_id: 'h0', attempts: [minutesLater(-5)] } } }),
      faults: [counting],
      patrolFor: minutes(10),
    });
    expect(played.runs).toHaveLength(1);
    expect(Math.max(...askedAt.values())).toBeLessThan(100);
  });

  it('finds the ledger begun by its first round, however late the first server hangs', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1'), row('h1', 's2'), row('h2', 's3')],
      settings: { deployed_at: minutesLater(-2) },
      happenings: [{ after: minutes(120), does: (model, now) => hang(model, 's1', now) }],
      patrolFor: minutes(125),
    });
    expect(outcomes(played)).toEqual({ s1: 'recovered' });
    expect(played.model.restarts[0]?.at).toBeLessThan(T0 + 122 * 60_000);
    expect(played.reports).toHaveLength(1);
  });

  const handedOver = () =>
    seededState({
      servers: {
        s1: {
          server_id: 'h1',
          attempts: [minutesLater(-30)],
          handed_over: { since: minutesLater(-20), why: '3 attempts' },
        },
      },
    });

  it('sees that a server that was handed over stays well, and restarts it when it hangs again', async () => {
    const played = await patrol({
      fleet: [row('h1', 's1'), row('h1', 's2'), row('h2', 's3')],
      ledger: handedOver(),
      happenings: [{ after: minutes(60), does: (model, now) => hang(model, 's1', now) }],
      patrolFor: minutes(65),
    });
    expect(outcomes(played)).toEqual({ s1: 'recovered' });
  });

  it('leaves one that was handed over alone while it comes and goes', async () => {
    const comesAndGoes = [5, 15, 25, 35].flatMap((minute) => [
      {
        after: minutes(minute),
        does: (model: Model) => {
          const server = model.servers.get('s1');
          if (server !== undefined) server.status = 1;
        },
      },
      { after: minutes(minute + 3), does: (model: Model, now: typeof T0) => hang(model, 's1', now) },
    ]);
    const played = await patrol({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      ledger: handedOver(),
      happenings: comesAndGoes,
      patrolFor: minutes(60),
    });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toHaveLength(1);
  });

  it('hands over what has no attempt left since fewer are allowed, and says so once', async () => {
    const ledger = seededState({ servers: { s1: { server_id: 'h1', attempts: [minutesLater(-60)] } } });
    const played = await patrol({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      settings: { max_attempts: 1 },
      ledger,
      patrolFor: minutes(60),
    });
    expect(restarted(played)).toEqual([]);
    expect(ledger.servers.get('s1')?.handedOver?.why).toBe('1 attempts without recovery');
    expect(played.reports).toHaveLength(1);
  });

  it('hands nothing over while it only looks', async () => {
    const ledger = seededState({ servers: { s1: { server_id: 'h1', attempts: [minutesLater(-60)] } } });
    await patrol({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      settings: { max_attempts: 1, mode: 'observe' },
      ledger,
      patrolFor: minutes(5),
    });
    expect(ledger.servers.get('s1')).not.toHaveProperty('handedOver');
  });

  it('looks first: letters that SMN does not take now do not keep it', async () => {
    const ledger = emptyState();
    for (const letterId of ['page/1', 'page/2', 'page/3', 'page/4', 'page/5', 'page/6']) {
      const letter = {
        letterId,
        topicUrn: REPORTS,
        subject: 's',
        messageStructure: '{"default":"x"}',
        writtenAt: T0,
      };
      ledger.letters.set(letterId, { letter, fate: 'unsent' });
    }
    const looks: number[] = [];
    const counting: FaultInstance = {
      intercept: async ({ operation, at }, proceed) => {
        if (operation === 'ListEncodeServers') looks.push(at - T0);
        return proceed();
      },
    };
    await patrol({
      fleet: [row('h1', 's1'), row('h1', 's2')],
      ledger,
      faults: ['smn-silent', counting],
      patrolFor: minutes(3),
    });
    expect(looks.slice(0, 3)).toEqual([0, 60_000, 120_000]);
  });

  it('gives a letter up after a day, in full in the log', async () => {
    const ledger = emptyState();
    const letter = {
      letterId: 'page/1',
      topicUrn: REPORTS,
      subject: 's',
      messageStructure: '{"default":"x"}',
    };
    ledger.letters.set('page/1', { letter: { ...letter, writtenAt: T0 }, fate: 'unsent' });
    const denying: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'PublishMessage' ? gatewayError(403, 'APIGW.0302', 'denied', 'sample') : proceed(),
    };
    const later = after(T0, hours(25));
    const played = await stage({
      functionName: 'patrol',
      events: [timerEvent(undefined, later, 'every-minute')],
      fleet: [row('h1', 's1')],
      ledger,
      faults: [denying],
      patrolFor: minutes(5),
    });
    expect(played.calls['PublishMessage']).toBe(1);
    expect(played.log.filter(({ message }) => message === 'undeliverable message, in full')).toHaveLength(1);
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
