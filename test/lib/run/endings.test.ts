import { describe, expect, it } from 'vitest';
import { createAlarm } from '../../../functions/alarm.ts';
import { undiciTransport } from '../../../lib/huawei/transport.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState } from '../../../lib/ledger/state.ts';
import { virtualClock } from '../../../local/clock.ts';
import { smnError } from '../../../local/cloud/answer.ts';
import { startCloud } from '../../../local/cloud/index.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { readFleet } from '../../../local/fleet.ts';
import { invokeFunction } from '../../../local/host.ts';
import { createModel } from '../../../local/model/index.ts';
import { alarmEvent, outcomes, restarted, row, stage, T0, TOPIC } from '../../support/stage.ts';

const FLEET = [row('h1', 's1', 2, { restart_seconds: 50 }), row('h1', 's2', 2, { restart_seconds: 20 })];

describe('an invocation that runs out of time', () => {
  const events = () => [alarmEvent('server_id:h1')];

  it('leaves the run to patrol, and starts nothing that it could not follow', async () => {
    const played = await stage({ fleet: FLEET, events: events(), timeoutSeconds: 60 });
    expect(outcomes(played)).toEqual({ s1: 'recovered', s2: 'recovered' });
    expect(restarted(played)).toEqual(['s1', 's2']);
    expect(played.reports).toHaveLength(1);
    const short = await stage({ fleet: FLEET, events: events(), timeoutSeconds: 50 });
    expect(Math.min(...short.model.restarts.map(({ at }) => at))).toBeGreaterThanOrEqual(T0 + 23_000);
  });

  it('without a shared ledger reports what it could not finish as unfinished', async () => {
    const own = { sharedLedger: false, settings: { ledger: 'memory' } };
    const played = await stage({ fleet: FLEET, events: events(), timeoutSeconds: 60, ...own });
    expect(played.failed).toBeUndefined();
    expect(outcomes(played)).toEqual({ s1: 'unfinished', s2: 'recovered' });
    expect(played.runs).toMatchObject([{ finished: false }]);
    expect(played.reports).toHaveLength(1);
    expect(played.reports[0]?.messages['email']).toMatch(/unfinished/i);
    const short = await stage({ fleet: FLEET, events: events(), timeoutSeconds: 50, ...own });
    expect(restarted(short)).toEqual([]);
    expect(outcomes(short)).toEqual({ s1: 'unfinished', s2: 'unfinished' });
  });
});

describe('a report', () => {
  it('that SMN refuses for good is in the log in full, and the restarts stand', async () => {
    const refusing: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'PublishMessage' ? smnError('SMN.0006', 'r1') : proceed(),
    };
    const played = await stage({ fleet: FLEET, events: [alarmEvent('server_id:h1')], faults: [refusing] });
    expect(outcomes(played)).toEqual({ s1: 'recovered', s2: 'recovered' });
    expect(played.reports).toEqual([]);
    const line = played.log.find(
      (entry) => entry['message'] === 'report, in full: it could not be published',
    );
    expect(line).toMatchObject({ level: 'error', report: { counts: { recovered: 2 } } });
  });

  it('is published again while SMN is away, under the same run', async () => {
    let tries = 0;
    const away: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'PublishMessage' && ++tries <= 4 ? 'reset' : proceed(),
    };
    const played = await stage({ fleet: FLEET, events: [alarmEvent('server_id:h1')], faults: [away] });
    expect(played.reports).toHaveLength(1);
    expect(tries).toBe(5);
  });

  it('without a topic is in the log in full', async () => {
    const played = await stage({
      fleet: FLEET,
      events: [alarmEvent('server_id:h1')],
      settings: { report_topic: undefined },
    });
    expect(played.log.some((entry) => String(entry['message']).startsWith('report, in full'))).toBe(true);
    expect(played.calls['PublishMessage']).toBeUndefined();
  });
});

describe('a function that cannot do its work', () => {
  it('because CPH cannot be asked fails, so that the platform delivers the event again; then it is answered', async () => {
    let isAway = true;
    const away: FaultInstance = { intercept: async (_call, proceed) => (isAway ? 'reset' : proceed()) };
    const ledger = emptyState();
    const event = alarmEvent('server_id:h1');
    const first = await stage({ fleet: FLEET, events: [event], faults: [away], ledger });
    expect(first.failed).toMatchObject([{ event: 0 }]);
    expect(ledger.runs.size).toBe(0);
    isAway = false;
    const second = await stage({ fleet: FLEET, events: [event], faults: [away], ledger });
    expect(outcomes(second)).toEqual({ s1: 'recovered', s2: 'recovered' });
  });

  it('because CPH does not let it look says so in a report', async () => {
    const denied: FaultInstance = {
      intercept: async ({ operation }, proceed) =>
        operation === 'PublishMessage'
          ? proceed()
          : {
              status: 403,
              body: { error_code: 'CPS.0001', error_msg: 'No permission to request resources.' },
            },
    };
    const played = await stage({ fleet: FLEET, events: [alarmEvent('server_id:h1')], faults: [denied] });
    expect(played.runs).toMatchObject([{ state: 'cancelled', restarts: [] }]);
    expect(played.reports[0]?.subject).toContain('Person needed');
    expect(played.reports[0]?.messages['email']).toContain('CPS.0001');
  });
});

describe('one record that fails', () => {
  it('does not stop its neighbours', async () => {
    const [one] = alarmEvent('server_id:h1').record;
    const event = { record: [{ smn: null }, { smn: { ...one?.smn, message: '{"half":' } }, one] };
    const played = await stage({ fleet: FLEET, events: [event] });
    expect(played.ignored).toMatchObject([{ record: 0 }, { record: 1 }]);
    expect(outcomes(played)).toEqual({ s1: 'recovered', s2: 'recovered' });
  });
});

describe('an instance whose invocation was killed', () => {
  it('carries the run on when the event comes again, and restarts nothing a second time', async () => {
    const clock = virtualClock(T0);
    const model = createModel({ fleet: readFleet(FLEET), region: 'cn-north-4', projectId: 'p1' });
    const credentials = { ak: 'AK', sk: 'SK', securityToken: 'TOKEN' };
    const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
    const cloud = await startCloud({ model, clock, faults: [], credentials, log: silent });
    const ledger = memoryLedger({ shared: false });
    const settings = {
      region: 'cn-north-4',
      mode: 'active',
      ledger: 'memory',
      alarm_topics: [TOPIC],
      endpoints: { cph: cloud.url, smn: cloud.url },
    };
    const lines: string[] = [];
    const event = alarmEvent('server_id:h1');
    /** Dies at the first restart call, after CPH took it. */
    let isKilled = false;
    let isSecond = false;
    const mortal = () => {
      const transport = undiciTransport();
      return {
        close: () => transport.close(),
        async send(request: Parameters<typeof transport.send>[0]) {
          const response = await transport.send(request);
          if (isKilled || !request.url.endsWith('batch-restart')) return response;
          isKilled = true;
          clock.hang();
          return new Promise<never>(() => undefined);
        },
      };
    };
    const call = (timeoutSeconds: number) =>
      invokeFunction({
        name: 'alarm',
        handler: createAlarm({ clock, transport: mortal, ledger, writeLine: (line) => lines.push(line) }),
        event,
        userData: { SETTINGS: JSON.stringify(settings) },
        credentials,
        timeoutSeconds,
        memoryMb: 256,
        clock: { ...clock, limit: () => killNow(() => isKilled && !isSecond) },
        log: () => undefined,
        projectId: 'p1',
      });
    await expect(call(3_600)).rejects.toMatchObject({ code: 4010 });
    expect(model.restarts.map((restart) => restart.encode_server_id)).toEqual(['s1', 's2']);
    isSecond = true;
    await expect(call(3_600)).resolves.toMatchObject({ runs: [{ state: 'done' }], ignored: [] });
    await cloud.close();
    expect(model.restarts).toHaveLength(2);
    expect(lines.join('\n')).toContain('"recovered":2');
  });
});

/** A limit that comes as soon as `isDue`, once: the platform's kill. */
function killNow(isDue: () => boolean) {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (isDue()) controller.abort();
  }, 1);
  return { signal: controller.signal, clear: () => clearInterval(timer) };
}
