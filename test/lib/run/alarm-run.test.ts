import { describe, expect, it } from 'vitest';
import { emptyState, seededState } from '../../../lib/ledger/state.ts';
import { type EpochMs, seconds } from '../../../lib/time.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { hang, type Model } from '../../../local/model/index.ts';
import { alarmEvent, fleetOf, outcomes, restarted, row, stage, T0, TOPIC } from '../../support/stage.ts';

const FLEET = [
  row('h1', 's1'),
  row('h1', 's2', 2),
  row('h1', 's3'),
  row('h1', 's4', 2),
  row('h1', 's5'),
  row('h2', 's6', 2),
];
const ALARM = 'server_id:h1';
const minutesLater = (minutes: number) => new Date(T0 + minutes * 60_000).toISOString().replace('.000Z', 'Z');

describe('an alarm on a host', () => {
  it('restarts its abnormal servers in one call, looks at them and reports', async () => {
    const played = await stage({ fleet: FLEET, events: [alarmEvent(ALARM)] });
    expect(restarted(played)).toEqual(['s2', 's4']);
    expect(outcomes(played)).toEqual({ s2: 'recovered', s4: 'recovered' });
    expect(played.calls).toMatchObject({ RestartEncodeServer: 1, PublishMessage: 1 });
    expect(played.runs).toMatchObject([{ state: 'done', finished: true, counts: { recovered: 2 } }]);
    expect(played.reports.map((report) => report.subject)).toEqual([
      '[encode-restart] 2 of 2 encode servers recovered · host h1',
    ]);
  });

  it('delivered twice is carried out once', async () => {
    const event = alarmEvent(ALARM);
    const played = await stage({ fleet: FLEET, events: [event, event] });
    expect(restarted(played)).toEqual(['s2', 's4']);
    expect(played.ignored).toEqual([
      { event: 1, record: 0, reason: expect.stringContaining('delivered before: run ') },
    ]);
    expect(played.reports).toHaveLength(1);
  });

  it('repeated within the cooldown holds a server that is abnormal again, and says until when', async () => {
    const fleet = [row('h1', 's1', 2, { recovers: false })];
    const events = [alarmEvent(ALARM), alarmEvent(ALARM, { at: T0 + 10 * 60_000 })];
    const played = await stage({ fleet, events });
    expect(restarted(played)).toEqual(['s1']);
    expect(played.runs[1]?.restarts).toMatchObject([{ outcome: 'held', until: minutesLater(30) }]);
    expect(played.runs[1]?.restarts[0]?.holds).toMatchObject([{ guard: 'cooldown' }]);
  });

  it('after the cooldown is tried again, up to three attempts; then a person has to look', async () => {
    const fleet = [row('h1', 's1', 2, { recovers: false })];
    const events = [0, 31, 62, 93].map((minute) => alarmEvent(ALARM, { at: T0 + minute * 60_000 }));
    const played = await stage({ fleet, events });
    expect(restarted(played)).toEqual(['s1', 's1', 's1']);
    expect(played.runs.map((run) => run.restarts[0]?.outcome)).toEqual([
      'not_recovered',
      'not_recovered',
      'not_recovered',
      'held',
    ]);
    expect(played.runs[2]?.restarts).toMatchObject([{ attempt: 3, handed_over: true, until: null }]);
    expect(played.runs[3]?.restarts[0]?.holds).toMatchObject([{ guard: 'attempts' }]);
    expect(played.reports[2]?.subject).toContain('Person needed');
  });

  it('reports a server that does not come back as not recovered, with when it may be tried again', async () => {
    const fleet = [row('h1', 's1', 2, { recovers: false })];
    const played = await stage({ fleet, events: [alarmEvent(ALARM)] });
    expect(played.runs[0]?.restarts).toMatchObject([
      { outcome: 'not_recovered', attempt: 1, until: minutesLater(30) },
    ]);
  });

  it('restarts at most so many of a host at a time', async () => {
    const fleet = ['s1', 's2', 's3', 's4', 's5'].map((id) => row('h1', id, 2, { restart_seconds: 30 }));
    const played = await stage({ fleet, events: [alarmEvent(ALARM)], settings: { max_per_host: 2 } });
    expect(new Set(restarted(played))).toEqual(new Set(['s1', 's2', 's3', 's4', 's5']));
    expect(restarted(played)).toHaveLength(5);
    expect(mostAtOnce(played.model.restarts, 30_000)).toBe(2);
    expect(Object.values(outcomes(played))).toEqual(Array(5).fill('recovered'));
  });

  it('with a limit of nothing restarts nothing and says so at once', async () => {
    for (const settings of [
      { max_per_host: 0 },
      { max_concurrency: 0 },
      { max_concurrency: '0%' },
      { max_attempts: 0 },
    ]) {
      const played = await stage({ fleet: FLEET, events: [alarmEvent(ALARM)], settings });
      expect(restarted(played)).toEqual([]);
      expect(outcomes(played)).toEqual({ s2: 'held', s4: 'held' });
      expect(played.endedAt).toBe(T0);
    }
  });

  it('keeps to a share of a fleet that it measures without listing it', async () => {
    const sick = Array.from({ length: 30 }, (_, index) =>
      row(`h${index % 3}`, `bad-${index}`, 2, { restart_seconds: 30 }),
    );
    const well = Array.from({ length: 90 }, (_, index) => row('h9', `well-${index}`));
    const events = [alarmEvent('server_id:h0,server_id:h1,server_id:h2')];
    const played = await stage({ fleet: [...sick, ...well], events, settings: { max_per_host: 100 } });
    expect(mostAtOnce(played.model.restarts, 30_000)).toBe(24);
    expect(new Set(restarted(played)).size).toBe(30);
  });

  it('sends lists no longer than batch_size', async () => {
    const fleet = ['s1', 's2', 's3', 's4', 's5'].map((id) => row('h1', id, 2));
    const played = await stage({ fleet, events: [alarmEvent(ALARM)], settings: { batch_size: 2 } });
    expect(played.calls['RestartEncodeServer']).toBe(3);
    expect(played.runs[0]?.request_ids).toHaveLength(3);
  });

  it('looks again after 15, 45, 120 and 300 seconds when the alarm is ahead of the status', async () => {
    const happenings = [
      { after: seconds(100), does: (model: Model, now: EpochMs) => hang(model, 's1', now) },
    ];
    const played = await stage({
      fleet: [row('h1', 's1'), row('h1', 's2')],
      events: [alarmEvent(ALARM)],
      happenings,
    });
    expect(restarted(played)).toEqual(['s1']);
    expect(played.model.restarts[0]?.at).toBe(T0 + 125_000);
    expect(outcomes(played)).toEqual({ s1: 'recovered' });
  });

  it('with nothing abnormal for five minutes ends without a restart and without a report', async () => {
    const played = await stage({ fleet: [row('h1', 's1')], events: [alarmEvent(ALARM)] });
    expect(played.runs).toMatchObject([{ state: 'done', restarts: [] }]);
    expect(played.endedAt).toBe(T0 + 300_000);
    expect(played.reports).toEqual([]);
  });
});

describe('what an alarm names', () => {
  it('may be a phone: the abnormal servers of its host are meant', async () => {
    const fleet = [row('h1', 's1', 2, { phones: ['p1'] }), row('h2', 's2', 2)];
    expect(restarted(await stage({ fleet, events: [alarmEvent('phone_id:p1')] }))).toEqual(['s1']);
  });

  it('may be an abnormal server itself', async () => {
    expect(restarted(await stage({ fleet: FLEET, events: [alarmEvent('encode_server_id:s4')] }))).toEqual([
      's4',
    ]);
  });

  it('may be a server that CPH calls running: it is restarted, unless the settings want abnormal ones only', async () => {
    const events = [alarmEvent('encode_server_id:s5')];
    const played = await stage({ fleet: FLEET, events });
    expect(outcomes(played)).toEqual({ s5: 'recovered' });
    const careful = await stage({
      fleet: FLEET,
      events: [alarmEvent('encode_server_id:s5')],
      settings: { alarm_restart: 'abnormal' },
    });
    expect(restarted(careful)).toEqual([]);
  });

  it('of old is a hint: a server that is well again by then is left alone', async () => {
    const happenings = [
      {
        after: seconds(20),
        does: (model: Model) => {
          const server = model.servers.get('s1');
          if (server !== undefined) server.status = 1;
        },
      },
    ];
    const now = alarmEvent(ALARM, { topic: `${TOPIC}-of-others` });
    const old = alarmEvent('server_id:h1,encode_server_id:s1', { at: T0 - 3_600_000 });
    const played = await stage({
      fleet: [row('h1', 's1', 2), row('h1', 's2')],
      events: [now, old],
      settings: { alarm_topics: [TOPIC] },
      happenings,
    });
    expect(restarted(played)).toEqual([]);
    expect(outcomes(played)).toEqual({ s1: 'held' });
  });

  it('beside a host may be anything: the fleet is not paged through for it', async () => {
    const fleet = fleetOf(20, 50, (index) => (index === 0 ? { status: 2 } : {}));
    const event = alarmEvent('server_id:h0,proc:0123456789abcdef0123456789abcdef');
    let lists = 0;
    const counting: FaultInstance = {
      intercept: async ({ at, operation }, proceed) => {
        if (operation === 'ListEncodeServers' && at === T0) lists += 1;
        return proceed();
      },
    };
    const played = await stage({ fleet, events: [event], faults: [counting] });
    expect(outcomes(played)).toEqual({ s0: 'recovered' });
    expect(lists).toBeLessThanOrEqual(6);
  });

  it('may be nothing we know: ignored with a reason', async () => {
    const played = await stage({ fleet: FLEET, events: [alarmEvent('server_id:nobody')] });
    expect(played.ignored).toMatchObject([{ reason: 'no host, phone or encode server has the id nobody' }]);
    expect(played.runs).toEqual([]);
  });

  it('is not asked about when topic, namespace or state say that it is not for us', async () => {
    const events = [
      alarmEvent(ALARM, { topic: 'urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:other' }),
      alarmEvent(ALARM, { body: { namespace: 'SYS.ECS' } }),
      alarmEvent(ALARM, { body: { alarm_status: 'ok' } }),
    ];
    const settings = {
      alarm_topics: [(alarmEvent(ALARM).record[0] as { smn: { topic_urn: string } }).smn.topic_urn],
    };
    const played = await stage({ fleet: FLEET, events, settings });
    expect(played.ignored).toHaveLength(3);
    expect(played.calls).toEqual({});
  });
});

describe('what holds a target', () => {
  const held = async (fleet: readonly object[], more: Partial<Parameters<typeof stage>[0]>) => {
    const played = await stage({ fleet, events: [alarmEvent(ALARM)], ...more });
    expect(restarted(played)).toEqual([]);
    return played.runs.flatMap((run) => run.restarts.map(({ holds }) => holds.map(({ guard }) => guard)));
  };
  const one = [row('h1', 's1', 2)];

  it('observe mode: everything up to the claim, and a report of what would have been done', async () => {
    expect(await held(one, { settings: { mode: 'observe' } })).toEqual([['mode']]);
  });

  it('a pause, until it ends', async () => {
    const ledger = seededState({ pause: { who: 'ops', why: 'release', until: minutesLater(60) } });
    expect(await held(one, { ledger })).toEqual([['pause']]);
    const over = seededState({ pause: { who: 'ops', why: 'release', until: minutesLater(-1) } });
    expect(restarted(await stage({ fleet: one, events: [alarmEvent(ALARM)], ledger: over }))).toEqual(['s1']);
  });

  it('scope: excluded servers and hosts, and whatever is not included', async () => {
    expect(await held(one, { settings: { exclude: ['s1'] } })).toEqual([['scope']]);
    expect(await held(one, { settings: { exclude: ['h1'] } })).toEqual([['scope']]);
    expect(await held(one, { settings: { include: ['h2'] } })).toEqual([['scope']]);
    expect(await held(one, { settings: { include: [] } })).toEqual([['scope']]);
  });

  it('a host that is not in service', async () => {
    expect(await held([row('h1', 's1', 2, { host_status: 10 })], {})).toEqual([['state']]);
  });

  it('every guard that says no is named, the deciding one first', async () => {
    const ledger = seededState({
      servers: {
        s1: {
          server_id: 'h1',
          attempts: [minutesLater(-5)],
          handed_over: { since: minutesLater(-5), why: 'x' },
        },
      },
      pause: { who: 'ops', why: 'release', until: minutesLater(60) },
    });
    expect(await held(one, { ledger, settings: { mode: 'observe' } })).toEqual([
      ['pause', 'cooldown', 'attempts', 'mode'],
    ]);
  });
});

describe('a storm of alarms', () => {
  it('is one message about the storm, not one an alarm', async () => {
    const fleet = fleetOf(30, 10, (index) => (index % 10 < 4 ? { status: 2 } : {}));
    const hosts = Array.from({ length: 30 }, (_, index) => alarmEvent(`server_id:h${index}`).record[0]);
    const played = await stage({ fleet, events: [{ record: hosts }] });
    const about = (word: string) => played.reports.filter(({ subject }) => subject.includes(word));
    expect(about('storm')).toHaveLength(1);
    expect(about('nothing restarted')).toEqual([]);
    expect(played.reports.length).toBeLessThanOrEqual(3);
  });
});

describe('a message on our topic that is no alarm', () => {
  it('restarts nothing and is told of once a day, however many come', async () => {
    const texts = ['encode servers unwell, please look', '【告警】云手机服务器异常'].map((message) => {
      const { record } = alarmEvent(ALARM);
      return record.map(({ smn, ...rest }) => ({ ...rest, smn: { ...smn, message } }));
    });
    const played = await stage({ fleet: FLEET, events: texts.map((record) => ({ record })) });
    expect(restarted(played)).toEqual([]);
    expect(played.reports.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('no alarm that can be read'),
    ]);
    expect(played.reports[0]?.messages['functionstage']).toContain('encode servers unwell');
  });
});

describe('an invocation that is too short', () => {
  it('restarts nothing, and says that the run is left', async () => {
    const played = await stage({
      fleet: FLEET,
      events: [alarmEvent(ALARM)],
      timeoutSeconds: 45,
      sharedLedger: false,
      settings: { ledger: 'memory' },
    });
    expect(restarted(played)).toEqual([]);
    expect(played.reports).toHaveLength(1);
    expect(played.log.map(({ message }) => message)).toContain(
      'no restart is called: too little of the invocation is left',
    );
  });
});

describe('the intent', () => {
  it('of every restart call is in the ledger before the call', async () => {
    const ledger = emptyState();
    const missing: unknown[] = [];
    const onlooker: FaultInstance = {
      async intercept({ operation, body }, proceed) {
        const ids = (body as { encode_server_ids?: string[] } | undefined)?.encode_server_ids ?? [];
        if (operation === 'RestartEncodeServer')
          missing.push(...ids.filter((id) => !ledger.inFlight.has(id)));
        return proceed();
      },
    };
    const played = await stage({ fleet: FLEET, events: [alarmEvent(ALARM)], faults: [onlooker], ledger });
    expect(restarted(played)).toHaveLength(2);
    expect(missing).toEqual([]);
    expect(ledger.inFlight.size).toBe(0);
  });
});

function mostAtOnce(restarts: readonly { readonly at: number }[], takes: number): number {
  return Math.max(
    ...restarts.map(({ at }) => restarts.filter((other) => other.at <= at && at < other.at + takes).length),
  );
}
