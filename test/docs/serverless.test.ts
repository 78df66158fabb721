import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../lib/settings.ts';
import { limitsOf } from '../../local/deployment.ts';
import { FUNCTION_NAMES } from '../../local/functions.ts';

const topic = (name: string) => `urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:${name}`;
const ALARMS = topic('encode-alarms');
/** What an operator's environment holds, and what the framework fills in. */
const FILLED_IN: Readonly<Record<string, string>> = {
  'env:HUAWEICLOUD_REGION': 'cn-north-4',
  'env:ENCODE_RESTART_AGENCY': 'encode-restart',
  'env:ENCODE_RESTART_ALARM_TOPIC': ALARMS,
  'env:ENCODE_RESTART_REPORT_TOPIC': topic('encode-reports'),
  'env:ENCODE_RESTART_PAGE_TOPIC': topic('encode-pages'),
  'env:ENCODE_RESTART_APIG_GROUP': '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  'sls:stage': 'dev',
};

interface Trigger {
  readonly triggerTypeCode: string;
  readonly status?: string;
  readonly eventData: Readonly<Record<string, string>>;
}

interface Deployment {
  readonly custom: { readonly settings: Readonly<Record<string, unknown>> };
  readonly functions: Readonly<Record<string, { readonly events: readonly Trigger[] }>>;
}

const TEXT = readFileSync('serverless.yml', 'utf8');
const { custom, functions } = parse(
  TEXT.replace(/\$\{([a-z]+:\w+)\}/g, (placeholder, name: string) => FILLED_IN[name] ?? placeholder),
) as Deployment;
const settings = parseSettings(custom.settings);
const triggerOf = (name: string): Trigger | undefined => functions[name]?.events[0];

describe('serverless.yml', () => {
  it('is short enough to be read', () => {
    expect(TEXT.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('has settings that the functions accept, and nothing is left to be filled in but what is known', () => {
    expect(settings).toMatchObject({ mode: 'observe', region: 'cn-north-4', alarmTopics: [ALARMS] });
    expect(JSON.stringify({ custom, functions })).not.toContain('${');
  });

  it('fits the settings into what FunctionGraph allows for variables', () => {
    expect(JSON.stringify(custom.settings).length).toBeLessThan(4_096);
  });

  it('describes exactly the functions that there are, with limits that the local host can read', () => {
    expect(Object.keys(functions)).toEqual(FUNCTION_NAMES);
    for (const name of FUNCTION_NAMES) expect(limitsOf(name).timeoutSeconds).toBeGreaterThan(60);
  });

  it('gives the webhook all the time that a synchronous call can have', () => {
    expect(limitsOf('webhook').timeoutSeconds).toBe(900);
  });

  it('triggers alarm from a topic whose alarms the settings take', () => {
    expect(settings.alarmTopics).toContain(triggerOf('alarm')?.eventData['topicUrn']);
  });

  it('trusts the gateway to check callers only as its trigger does', () => {
    expect(triggerOf('webhook')?.eventData['auth']).toBe(settings.webhookAuth);
  });

  it('leaves the timer of patrol off, which needs a shared ledger', () => {
    expect(triggerOf('patrol')?.status).toBe('DISABLED');
  });

  it('starts the night inside the window, in the same zone', () => {
    const cron = triggerOf('schedule')?.eventData['schedule'] ?? '';
    const [, zone, minute, hour] = /^CRON_TZ=(\S+) 0 (\d+) (\d+) \* \* \*$/.exec(cron) ?? [];
    const [window] = settings.window ?? [];
    const startsAt = Number(hour) * 60 + Number(minute);
    expect(zone).toBe(window?.zone);
    expect(startsAt).toBeGreaterThanOrEqual(window?.from ?? Number.POSITIVE_INFINITY);
    expect(startsAt).toBeLessThan(window?.to ?? 0);
  });
});
