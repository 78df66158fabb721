/** What patrol finds when it is asked to look at what it stands on; the world is faked at its edge, HTTP. */
import { describe, expect, it } from 'vitest';
import { createPatrol, type DoctorAnswer } from '../../../functions/patrol.ts';
import type { HttpRequest, HttpResponse } from '../../../lib/huawei/transport.ts';
import { testId } from '../../../lib/intake/test-alarm.ts';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import type { LedgerVitals } from '../../../lib/ledger/opened.ts';
import type { Platform } from '../../../lib/runtime/platform.ts';
import { milliseconds, systemClock } from '../../../lib/time.ts';
import { TOPIC } from '../../support/stage.ts';
import { run } from '../report/runs.ts';

const REPORTS = TOPIC.replace('encode-alarms', 'encode-reports');
const PATROL = 'urn:fss:cn-north-4:0a:function:default:patrol:latest';
const SETTINGS = { region: 'cn-north-4', mode: 'observe', alarm_topics: [TOPIC], report_topic: REPORTS };

interface Scene {
  readonly ledger?: Ledger;
  readonly settings?: object;
  /** Answers instead of the usual ones, by a part of the URL. */
  readonly instead?: Readonly<Record<string, HttpResponse>>;
  readonly vitals?: LedgerVitals;
  readonly ahead?: number;
  readonly shared?: boolean;
  readonly event?: object;
}

const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});
const USUAL: Readonly<Record<string, HttpResponse>> = {
  'encode-servers': json(200, { encode_servers: [{ encode_server_id: 's1', server_id: 'h1', status: 1 }] }),
  jobs: json(200, { jobs: [] }),
  publish: json(200, { request_id: 'r', message_id: 'message-1' }),
  'invocations-async': json(202, { request_id: 'r' }),
};

async function examined({ settings, instead = {}, vitals, ahead = 0, shared = true, event, ledger }: Scene) {
  const sent: HttpRequest[] = [];
  const answers = Object.entries({ ...USUAL, ...instead });
  const platform: Platform = {
    clock: { ...systemClock, sleep: async () => undefined },
    transport: () => ({
      send: async (request) => {
        sent.push(request);
        const path = request.url.split('?')[0] ?? '';
        return answers.find(([part]) => path.endsWith(`/${part}`))?.[1] ?? json(404, {});
      },
      close: async () => undefined,
    }),
    ledger: async () => ({
      ledger: ledger ?? memoryLedger({ shared }),
      ahead: milliseconds(ahead),
      close: async () => undefined,
      ...(vitals === undefined ? {} : { vitals: async () => vitals }),
    }),
    writeLine: () => undefined,
  };
  const variables: Readonly<Record<string, string>> = {
    SETTINGS: JSON.stringify({ ...SETTINGS, ...settings }),
  };
  const answer = (await createPatrol(platform)(event ?? { doctor: true }, {
    getRequestID: () => 'request-1',
    getRemainingTimeInMilliSeconds: () => 120_000,
    getProjectID: () => 'p1',
    getFunctionName: () => 'patrol',
    getUserData: (key: string) => variables[key],
    getSecurityAccessKey: () => 'AK',
    getSecuritySecretKey: () => 'SK',
    getSecurityToken: () => 'TOKEN',
  })) as DoctorAnswer;
  const states = Object.fromEntries((answer.findings ?? []).map(({ check, state }) => [check, state]));
  return { answer, states, sent };
}

const SOUND: LedgerVitals = { eviction: 'noeviction', persistence: 'aof' };

describe('patrol, asked how it is', () => {
  it('is well where everything answers, and cannot tell of restarts', async () => {
    const { states, sent } = await examined({ settings: { patrol_urn: PATROL }, vitals: SOUND });
    expect(states).toEqual({
      'CPH: encode servers': 'well',
      'CPH: jobs': 'well',
      'CPH: restart': 'unknown',
      'SMN: report_topic': 'well',
      'SMN: page_topic': 'well',
      'FunctionGraph: patrol': 'well',
      ledger: 'well',
      'ledger: keeps what it took': 'well',
      'clock: function and ledger': 'well',
    });
    expect(sent.filter(({ url }) => url.includes('batch-restart'))).toEqual([]);
  });

  it('is well with jobs where CPH does not know the call that is asked for', async () => {
    const unknown = json(400, { error_code: 'CPS.0004', error_msg: 'no such request' });
    const { states } = await examined({ instead: { jobs: unknown }, vitals: SOUND });
    expect(states['CPH: jobs']).toBe('well');
  });

  it.each<[string, Scene, string, string]>([
    [
      'may not list',
      { instead: { 'encode-servers': json(403, { error_code: 'CPS.0001' }) } },
      'CPH: encode servers',
      'ill',
    ],
    ['may not read jobs', { instead: { jobs: json(403, { error_code: 'CPS.0001' }) } }, 'CPH: jobs', 'ill'],
    [
      'sees no server',
      { instead: { 'encode-servers': json(200, { encode_servers: [] }) } },
      'CPH: encode servers',
      'unknown',
    ],
    [
      'may not publish',
      { instead: { publish: json(403, { code: 'SMN.0001' }) } },
      'SMN: report_topic',
      'ill',
    ],
    ['has no topic', { settings: { report_topic: undefined } }, 'SMN: report_topic', 'unknown'],
    [
      'may not wake itself',
      { settings: { patrol_urn: PATROL }, instead: { 'invocations-async': json(403, {}) } },
      'FunctionGraph: patrol',
      'ill',
    ],
    ['shares no ledger', { shared: false }, 'ledger', 'unknown'],
    [
      'has a ledger that throws out',
      { vitals: { ...SOUND, eviction: 'allkeys-lru' } },
      'ledger: keeps what it took',
      'ill',
    ],
    [
      'has a ledger that forgets',
      { vitals: { ...SOUND, persistence: 'none yet' } },
      'ledger: keeps what it took',
      'ill',
    ],
    ['has a ledger that does not say', { vitals: {} }, 'ledger: keeps what it took', 'unknown'],
    ['has a ledger of another time', { ahead: 90_000 }, 'clock: function and ledger', 'ill'],
  ])('says so when it %s', async (_, scene, check, state) => {
    const { states, answer } = await examined({ vitals: SOUND, ...scene });
    expect(states[check]).toBe(state);
    const found = answer.findings.find((one) => one.check === check);
    expect(found?.said).not.toBe('');
    if (state === 'ill') expect(found?.todo).toBeDefined();
  });

  it('knows what became of a test alarm, by its id', async () => {
    const ledger = memoryLedger({ shared: true });
    const id = testId('0123456789abcdef');
    const asked = async () => (await examined({ ledger, event: { doctor: { test: id } } })).answer;
    expect(await asked()).toEqual({ test: null });
    const now = systemClock.now();
    const opened = run([], { state: 'cancelled', openedAt: now });
    await ledger.open({ ...opened, request: { ...opened.request, deliveryId: id } }, now);
    expect(await asked()).toEqual({ test: { run_id: opened.runId, reported_as: null } });
    await ledger.told([opened.runId], 'message-7', []);
    expect(await asked()).toEqual({ test: { run_id: opened.runId, reported_as: 'message-7' } });
  });

  it('has nothing to find when it was only woken', async () => {
    const { answer, sent } = await examined({ event: { doctor: 'ping' } });
    expect(answer.findings).toEqual([]);
    expect(sent).toEqual([]);
  });
});
