import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import { compose, composeSettings, isShared } from '../../deploy/compose.ts';
import { parseSettings } from '../../lib/settings.ts';
import { limitsOf } from '../../local/deployment.ts';
import { FUNCTION_NAMES } from '../../local/functions.ts';
import { ENVIRONMENT, filledIn, givenOf, MOMENT, topic } from '../deploy/support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const read = (environment: Readonly<Record<string, string>>) => {
  const service = readService(givenOf(filledIn(TEXT, environment)), TEXT);
  return {
    service,
    settings: parseSettings(composeSettings(service, MOMENT)),
    wanted: compose(service, MOMENT),
  };
};
const { service, settings, wanted } = read(ENVIRONMENT);
const shared = read({ ...ENVIRONMENT, LEDGER_URL: 'redis://:secret@redis.example:6379/0' });

describe('serverless.yml', () => {
  it('is short enough to be read', () => {
    expect(TEXT.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('explains every key, with a comment before it, behind it, or before the list of keys that it is in', () => {
    const lines = TEXT.split('\n');
    const bare = lines.filter((line, at) => {
      if (!/^ {2,}[\w-]+: \S/.test(line) || line.includes('#')) return false;
      // A block of neighbours may share the comment above it.
      let above = at - 1;
      while (above >= 0 && /^ *(- )?[\w-]+:/.test(lines[above] ?? '') && !lines[above]?.includes('#'))
        above -= 1;
      return !lines[above]?.includes('#');
    });
    expect(bare).toEqual([]);
  });

  it('has settings that the functions accept, and observes as long as nobody says otherwise', () => {
    expect(settings).toMatchObject({
      mode: 'observe',
      region: 'cn-north-4',
      alarmTopics: [topic('encode-alarms')],
    });
  });

  it('leaves nothing to be filled in but what is known', () => {
    expect(JSON.stringify(wanted)).not.toContain('${');
  });

  it('describes exactly the functions that there are, with limits that the local host can read', () => {
    expect(service.functions.map(({ key }) => key)).toEqual(FUNCTION_NAMES);
    for (const { key, config } of wanted) {
      expect(limitsOf(key)).toEqual({ timeoutSeconds: config.timeout, memoryMb: config.memory_size });
      expect(config.timeout).toBeGreaterThan(60);
    }
  });

  it('gives the webhook all the time that a synchronous call can have', () => {
    expect(limitsOf('webhook').timeoutSeconds).toBe(900);
  });

  it('trusts the gateway to check callers only as its trigger does', () => {
    expect(settings.webhookAuth).toBe('IAM');
    const open = { ...ENVIRONMENT, ENCODE_RESTART_APIG_AUTH: 'NONE', API_SECRET: 'sixteen-letters-long' };
    expect(read(open).settings.webhookAuth).toBeUndefined();
  });

  it('leaves the timer of patrol out without a shared ledger, and has it with one', () => {
    const timers = (all: typeof wanted) => all.find(({ key }) => key === 'patrol')?.triggers.length;
    expect([isShared(service), timers(wanted)]).toEqual([false, 0]);
    expect([isShared(shared.service), timers(shared.wanted)]).toEqual([true, 1]);
  });

  it('tells the webhook of patrol, and the functions since when they are there, once there is a shared ledger', () => {
    expect([settings.patrolUrn, settings.deployedAt]).toEqual([undefined, undefined]);
    const urn = shared.wanted.find(({ key }) => key === 'patrol')?.urn;
    expect([shared.settings.patrolUrn, shared.settings.deployedAt]).toEqual([
      urn,
      Date.parse(MOMENT.deployedAt),
    ]);
  });

  it('tries an alarm three times within an hour, a night three times within max_age, and a patrol once', () => {
    const tries = wanted.map(({ key, asyncInvoke }) => [
      key,
      asyncInvoke?.max_async_retry_attempts,
      asyncInvoke?.max_async_event_age_in_seconds,
      asyncInvoke?.on_failure,
    ]);
    expect(tries).toEqual([
      ['alarm', 3, 3600, topic('encode-pages')],
      ['schedule', 3, settings.maxAge / 1000, topic('encode-pages')],
      ['webhook', undefined, undefined, undefined],
      ['patrol', 0, 60, ''],
    ]);
  });

  it('starts the night inside the window, in the same zone', () => {
    const night = wanted.find(({ key }) => key === 'schedule')?.triggers[0]?.event_data['schedule'];
    const [, zone, minute, hour] = /^CRON_TZ=(\S+) 0 (\d+) (\d+) \* \* \*$/.exec(String(night)) ?? [];
    const [window] = settings.window ?? [];
    const startsAt = Number(hour) * 60 + Number(minute);
    expect(zone).toBe(window?.zone);
    expect(startsAt).toBeGreaterThanOrEqual(window?.from ?? Number.POSITIVE_INFINITY);
    expect(startsAt).toBeLessThan(window?.to ?? 0);
  });
});
