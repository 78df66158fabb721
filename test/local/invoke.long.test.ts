import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlan, UsageError } from '../../local/plan.ts';
import { alarmEvent, row, T0 } from '../support/stage.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-restart-'));

function file(name: string, content: unknown): string {
  const path = join(FOLDER, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const invoke = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'local/invoke.ts', ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

/** A process of its own has to start: on a busy machine that takes its time. */
describe('invoke', { timeout: 60_000 }, () => {
  it('prints one JSON object with runs, ignored, reports and calls, alone on standard output', async () => {
    const fleet = file('fleet.json', [row('h1', 's1', 2), row('h1', 's2', 1)]);
    const event = file('event.json', alarmEvent('server_id:h1'));
    const { code, stdout, stderr } = await invoke('alarm', event, event, '--fleet', fleet);
    const result = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(result.runs).toMatchObject([
      {
        run_id: expect.any(String),
        state: 'done',
        counts: { recovered: 1 },
        restarts: [{ encode_server_id: 's1' }],
      },
    ]);
    expect(result.ignored).toMatchObject([{ event: 1, record: 0 }]);
    expect(result.reports).toHaveLength(1);
    expect(result.calls).toMatchObject({ RestartEncodeServer: 1 });
    expect(stderr).toContain('"message":"run opened"');
  });

  it('takes settings, a seeded ledger, faults and the time', async () => {
    const fleet = file('fleet2.json', [row('h1', 's1', 2)]);
    const event = file('event2.json', alarmEvent('server_id:h1'));
    const attempt = new Date(T0 + 3_600_000 - 60_000).toISOString();
    const ledger = file('ledger.json', { servers: { s1: { server_id: 'h1', attempts: [attempt] } } });
    const settings = file('settings.json', { cooldown: '2h', language: 'zh-CN' });
    const { code, stdout } = await invoke(
      ...['alarm', event, '--fleet', fleet, '--ledger', ledger, '--settings', settings],
      ...['--fault', 'throttled', '--fault', 'job-stuck', '--now', '2026-03-01T19:30:00Z'],
    );
    const { runs, reports } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(runs[0].restarts).toMatchObject([{ outcome: 'held', until: '2026-03-01T21:29:00Z' }]);
    expect(reports[0].messages.email).toContain('冷却期');
  });

  it('ends with 1 when the handler failed, and says of which event', async () => {
    const event = file('event3.json', alarmEvent('server_id:h1'));
    const settings = file('settings3.json', { endpoints: {} });
    const { code, stdout } = await invoke('alarm', event, '--settings', settings, '--fault', 'cph-away');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).failed).toMatchObject([{ event: 0 }]);
  });

  it.each([
    [[], 'expected a function and an event'],
    [['alarm'], 'event: expected at least one file'],
    [['dance', 'x.json'], 'function: expected one of alarm'],
    [['alarm', '/nowhere/x.json'], 'ENOENT'],
    [['alarm', file('bad.json', '{"half":')], 'bad.json: '],
    [['alarm', file('ok.json', {}), '--fault', 'nonsense'], 'nonsense'],
    [['alarm', file('ok.json', {}), '--now', 'noon'], '--now: expected a time'],
    [['alarm', file('ok.json', {}), '--colour'], '--colour'],
    [
      ['alarm', file('ok.json', {}), '--fleet', file('f.json', [{ server_id: 'h1' }])],
      'row 1, encode_server_id',
    ],
    [['alarm', file('ok.json', {}), '--settings', file('s.json', { coldown: '1h' })], 'coldown'],
    [['alarm', file('ok.json', {}), '--ledger', file('l.json', { pause: { who: 1 } })], 'pause.who'],
  ])('with %j is bad usage that names the place', (args, message) => {
    expect(() => readPlan(args)).toThrow(message);
    expect(() => readPlan(args)).toThrow(UsageError);
  });

  it('ends with 2 and a line without a stack when it is used badly', async () => {
    const { code, stdout, stderr } = await invoke('alarm', '/nowhere/x.json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('/nowhere/x.json: expected a file that can be read, got ENOENT');
    expect(stderr).not.toContain('    at ');
  });
});
