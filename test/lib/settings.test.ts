import { describe, expect, it } from 'vitest';
import { allowed, allowedAtLeast, parseSettings, readSettings } from '../../lib/settings.ts';
import { SettingsError } from '../../lib/settings-error.ts';

const LEAST = { region: 'cn-north-4', mode: 'observe' };
const TOPIC = 'urn:smn:cn-north-4:p1:alarms';

describe('settings', () => {
  it('need a region and a mode; everything else has a default that is safe', () => {
    expect(parseSettings(LEAST)).toEqual({
      ...LEAST,
      language: 'en',
      alarmTopics: [],
      alarmRestart: 'named',
      exclude: [],
      stage: 'dev',
      digestAt: { minutes: 540, zone: 'Asia/Shanghai' },
      maxAge: 900_000,
      maxAbnormal: { kind: 'percent', percent: 30 },
      settle: 60_000,
      cooldown: 1_800_000,
      maxErrors: { kind: 'percent', percent: 10 },
      maxUnavailable: { kind: 'percent', percent: 5 },
      maxAttempts: 3,
      maxPerHost: 10,
      maxConcurrency: { kind: 'percent', percent: 20 },
      batchSize: 100,
      endpoints: {},
      hash: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it('are taken as they are written', () => {
    const given = {
      ...LEAST,
      language: 'zh-CN',
      alarm_topics: [TOPIC],
      alarm_namespaces: ['MY.APP'],
      alarm_restart: 'abnormal',
      report_topic: `${TOPIC}-reports`,
      include: ['h1'],
      exclude: ['s1'],
      window: ['Mon-Fri 22:00-04:00 Asia/Shanghai', 'Sat,Sun 00:00-06:00 Asia/Shanghai'],
      digest_at: '07:30 Europe/Berlin',
      max_unavailable: 3,
      deployed_at: '2026-01-31T03:00:00Z',
      cooldown: '90s',
      max_concurrency: 7,
      ledger: 'memory',
      endpoints: { cph: 'https://cph.example.com', smn: 'http://127.0.0.1:8080' },
    };
    expect(readSettings(JSON.stringify(given))).toMatchObject({
      alarmNamespaces: ['MY.APP'],
      reportTopic: `${TOPIC}-reports`,
      include: ['h1'],
      window: [
        { zone: 'Asia/Shanghai', from: 1_320, to: 240 },
        { from: 0, to: 360 },
      ],
      digestAt: { minutes: 450, zone: 'Europe/Berlin' },
      maxUnavailable: { kind: 'count', count: 3 },
      deployedAt: Date.parse('2026-01-31T03:00:00Z'),
      cooldown: 90_000,
      maxConcurrency: { kind: 'count', count: 7 },
      ledger: 'memory',
      endpoints: given.endpoints,
    });
  });

  it('have a hash that depends on what is written and not on its order', () => {
    const reversed = { mode: 'observe', region: 'cn-north-4' };
    expect(parseSettings(reversed).hash).toBe(parseSettings(LEAST).hash);
    expect(parseSettings({ ...LEAST, cooldown: '31m' }).hash).not.toBe(parseSettings(LEAST).hash);
  });
});

describe('a wrong setting is one line: the key, what was expected, what was there', () => {
  it.each<[unknown, string]>([
    [
      { region: 'cn-north-4' },
      'mode: expected "observe" or "active" (there is no default: choose), got nothing',
    ],
    [
      { ...LEAST, mode: 'on' },
      'mode: expected "observe" or "active" (there is no default: choose), got "on"',
    ],
    [{ ...LEAST, region: 'Beijing' }, 'region: expected a region like "cn-north-4", got "Beijing"'],
    [
      { ...LEAST, cooldown: '5x' },
      'cooldown: expected a duration like "90s", "30m", "12h" or "1d", got "5x"',
    ],
    [{ ...LEAST, cooldown: 5 }, 'cooldown: expected a duration like "90s", "30m", "12h" or "1d", got 5'],
    [{ ...LEAST, max_attempts: -1 }, 'max_attempts: expected a whole number from 0 to 100, got -1'],
    [{ ...LEAST, batch_size: 101 }, 'batch_size: expected a whole number from 1 to 100, got 101'],
    [
      { ...LEAST, max_concurrency: '101%' },
      'max_concurrency: expected a whole number, or a share from "0%" to "100%", got "101%"',
    ],
    [
      { ...LEAST, max_concurrency: 1.5 },
      'max_concurrency: expected a whole number, or a share from "0%" to "100%", got 1.5',
    ],
    [{ ...LEAST, exclude: 'h1' }, 'exclude: expected a list of host or encode server ids, got "h1"'],
    [
      { ...LEAST, exclude: ['../x'] },
      'exclude[0]: expected an id of 1 to 64 letters, digits, "_" or "-", got "../x"',
    ],
    [
      { ...LEAST, endpoints: { cph: 'ftp://x' } },
      'endpoints.cph: expected an https:// origin without a path, got "ftp://x"',
    ],
    [
      { ...LEAST, endpoints: { cpx: 'x' } },
      'endpoints.cpx: expected one of cph, smn, functiongraph, got the key "cpx"',
    ],
    [
      { ...LEAST, window: '22:00-04:00 CST' },
      'window: expected a window like "Mon-Fri 22:00-04:00 Asia/Shanghai" (days, times, an IANA zone), or a list of them, got "22:00-04:00 CST"',
    ],
    [
      { ...LEAST, window: [] },
      'window: expected a window like "Mon-Fri 22:00-04:00 Asia/Shanghai" (days, times, an IANA zone), or a list of them, got []',
    ],
    [
      { ...LEAST, digest_at: '9 am' },
      'digest_at: expected a time of day and a zone like "09:00 Asia/Shanghai", got "9 am"',
    ],
    [
      { ...LEAST, max_unavailable: '5 %' },
      'max_unavailable: expected a whole number, or a share from "0%" to "100%", got "5 %"',
    ],
    [{ ...LEAST, settle: '' }, 'settle: expected a duration like "90s", "30m", "12h" or "1d", got ""'],
    [
      { ...LEAST, webhook_auth: 'NONE' },
      'webhook_auth: expected "IAM" or "APP", as APIG checks the caller, got "NONE"',
    ],
    [{ ...LEAST, stage: 'a b' }, 'stage: expected a stage like "dev" or "prod", got "a b"'],
    [
      { ...LEAST, deployed_at: 'today' },
      'deployed_at: expected a time like 2026-01-31T03:00:00Z, got "today"',
    ],
    [
      { ...LEAST, patrol_urn: 'patrol' },
      'patrol_urn: expected a function URN like urn:fss:<region>:<project id>:function:default:<name>:latest, got "patrol"',
    ],
    [7, 'settings: expected a map of settings, got 7'],
  ])('%j', (given, message) => {
    const said = refused(() => parseSettings(given));
    expect(said.message).toBe(message);
    expect(said.problems).toHaveLength(1);
  });

  it('and all that are wrong are there for who shows them', () => {
    const wrong = { ...LEAST, mode: 'on', cooldown: '5x', coldown: '1h', endpoints: { cph: 'x', cpx: 'x' } };
    const { problems } = refused(() => parseSettings(wrong));
    expect(problems.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['mode', 'cooldown', 'coldown', 'endpoints.cph', 'endpoints.cpx']),
    );
    expect(problems).toHaveLength(5);
  });

  it('also for an unknown key, a report topic that triggers us, no settings and no JSON', () => {
    expect(() => parseSettings({ ...LEAST, coldown: '1h' })).toThrow(/cooldown, .*got the key "coldown"$/);
    expect(() => parseSettings({ ...LEAST, alarm_topics: [TOPIC], report_topic: TOPIC })).toThrow(
      /^report_topic: /,
    );
    for (const key of ['page_topic', 'results_topic']) {
      expect(() => parseSettings({ ...LEAST, alarm_topics: [TOPIC], [key]: TOPIC })).toThrow(
        new RegExp(`^${key}: expected a topic that triggers none`),
      );
    }
    expect(() => readSettings(undefined)).toThrow(/^SETTINGS: expected the settings as JSON, got nothing/);
    expect(() => readSettings('{"half"')).toThrow(/^SETTINGS: expected JSON, got/);
  });
});

function refused(read: () => unknown): SettingsError {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('expected a refusal, got settings');
}

describe('a limit', () => {
  it('of a share is rounded down, and of nothing is nothing', () => {
    expect(allowed({ kind: 'percent', percent: 20 }, 9)).toBe(1);
    expect(allowed({ kind: 'percent', percent: 20 }, 4)).toBe(0);
    expect(allowed({ kind: 'count', count: 3 }, 1)).toBe(3);
    expect(allowedAtLeast(10, { kind: 'percent', percent: 20 }, 4)).toBe(10);
    expect(allowedAtLeast(10, { kind: 'percent', percent: 20 }, 100)).toBe(20);
    expect(allowedAtLeast(10, { kind: 'percent', percent: 0 }, 100)).toBe(0);
    expect(allowedAtLeast(10, { kind: 'count', count: 0 }, 100)).toBe(0);
  });
});
