import { describe, expect, it } from 'vitest';
import { createAlarm } from '../../../functions/alarm.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../../lib/huawei/transport.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { onFunctionGraph, type Work } from '../../../lib/runtime/function.ts';
import { jsonLog } from '../../../lib/runtime/log.ts';
import type { Platform } from '../../../lib/runtime/platform.ts';
import { epochMs, systemClock } from '../../../lib/time.ts';
import { alarmEvent, TOPIC } from '../../support/stage.ts';

const SECRETS = { ak: 'MARKED-ACCESS-KEY', sk: 'MARKED-SECRET-KEY', token: 'MARKED-TOKEN' };
const SETTINGS = { region: 'cn-north-4', mode: 'active', alarm_topics: [TOPIC], ledger: 'memory' };

function contextOf(more: { settings?: object | undefined; ak?: string; remaining?: number } = {}) {
  const variables: Record<string, string> = {
    SETTINGS: JSON.stringify('settings' in more ? more.settings : SETTINGS),
    LOG_LEVEL: 'debug',
  };
  return {
    getRequestID: () => 'request-1',
    getRemainingTimeInMilliSeconds: () => more.remaining ?? 600_000,
    getProjectID: () => 'p1',
    getFunctionName: () => 'alarm',
    getUserData: (key: string) => variables[key],
    getSecurityAccessKey: () => more.ak ?? SECRETS.ak,
    getSecuritySecretKey: () => SECRETS.sk,
    getSecurityToken: () => SECRETS.token,
  };
}

function platformOf(send: (request: HttpRequest) => Promise<HttpResponse>, shared = false) {
  const lines: string[] = [];
  let open = 0;
  const transport = (): Transport => {
    open += 1;
    return {
      send,
      close: async () => {
        open -= 1;
      },
    };
  };
  const platform: Platform = {
    clock: systemClock,
    transport,
    ledger: memoryLedger({ shared }),
    writeLine: (line) => lines.push(line),
  };
  return { platform, lines, openConnections: () => open };
}

const nobody = async (): Promise<HttpResponse> => ({
  status: 401,
  headers: {},
  body: JSON.stringify({
    error_code: 'APIGW.0301',
    error_msg: `bad ${SECRETS.ak} ${SECRETS.sk} ${SECRETS.token}`,
  }),
});
const nothing = async (): Promise<HttpResponse> => ({
  status: 200,
  headers: {},
  body: '{"encode_servers":[],"request_id":"r"}',
});

describe('a function', () => {
  it('never writes a secret, into a log line or an error, when it succeeds and when it fails', async () => {
    for (const send of [nothing, nobody, async () => Promise.reject(new Error(`reset with ${SECRETS.sk}`))]) {
      const { platform, lines, openConnections } = platformOf(send);
      // With a lost call the client waits before it repeats it: its clock must not cost time here.
      const quick = { ...platform, clock: { ...systemClock, sleep: async () => undefined } };
      const error = await createAlarm(quick)(alarmEvent('server_id:h1'), contextOf()).catch(
        (thrown: Error) => thrown,
      );
      const said = [...lines, JSON.stringify(error), String((error as Error).stack)].join('\n');
      expect(lines.length).toBeGreaterThan(0);
      for (const secret of Object.values(SECRETS)) expect(said).not.toContain(secret);
      expect(openConnections()).toBe(0);
    }
  });

  it('without an agency, or active without saying so that its ledger forgets, says what to do', async () => {
    const { platform, lines } = platformOf(nothing);
    const alarm = createAlarm(platform);
    await expect(alarm(alarmEvent('server_id:h1'), contextOf({ ak: '' }))).rejects.toThrow(
      /Give it an agency/,
    );
    const { ledger: _, ...silent } = SETTINGS;
    await expect(alarm({}, contextOf({ settings: silent }))).rejects.toThrow(
      /"ledger: memory" beside "mode: active"/,
    );
    await expect(alarm({}, contextOf({ settings: { ...SETTINGS, mode: 'go' } }))).rejects.toThrow(
      /^mode: expected/,
    );
    expect(lines.filter((line) => line.includes('invocation failed'))).toHaveLength(3);
    const shared = platformOf(nothing, true);
    await expect(createAlarm(shared.platform)({}, contextOf({ settings: silent }))).resolves.toMatchObject({
      runs: [],
    });
  });

  it('is ended a moment before the platform would kill it', async () => {
    const { platform, openConnections } = platformOf(nothing);
    const never: Work<never> = () => new Promise(() => undefined);
    await expect(onFunctionGraph(platform, never)({}, contextOf({ remaining: 1_010 }))).rejects.toThrow(
      /ran out of time/,
    );
    expect(openConnections()).toBe(0);
  });
});

describe('the log', () => {
  it('is one line of JSON for each thing, with the fields of its parents', () => {
    const lines: string[] = [];
    const log = jsonLog({ now: () => epochMs(0) }, (line) => lines.push(line), false, { request_id: 'r' });
    log.child({ run_id: 'x' }).info('two\nlines', { n: 1 });
    log.debug('not shown');
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00Z","level":"info","message":"two\\nlines","request_id":"r","run_id":"x","n":1}',
    ]);
  });

  it('cuts a line that the platform would split into numbered parts that make it whole again', () => {
    const lines: string[] = [];
    jsonLog({ now: () => epochMs(0) }, (line) => lines.push(line), true).error('long', {
      text: '编'.repeat(200_000),
    });
    const parts = lines.map((line) => JSON.parse(line) as { part: number; of: number; text: string });
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(90_000);
    expect(JSON.parse(parts.map(({ text }) => text).join('')).text).toHaveLength(200_000);
  });
});
