/** Every reason can be said in both languages. */
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../lib/report/layout.ts';
import { reasonText } from '../../../lib/report/reasons.ts';
import { english } from '../../../lib/report/words.en.ts';
import { moment } from '../../../lib/report/words.ts';
import { chinese } from '../../../lib/report/words.zh.ts';
import type { Reason } from '../../../lib/types.ts';
import { at, REASONS } from './runs.ts';

const all: readonly Reason[] = Object.values(REASONS);

describe.each([
  ['English', english],
  ['Chinese', chinese],
])('a reason in %s', (_language, words) => {
  test.each(all.map((reason) => [reason.code, reason] as const))('says %s as one line', (_code, reason) => {
    const said = reasonText(reason, words);
    expect(said).toMatch(/\S{3}/);
    expect(said).not.toMatch(/undefined|null|NaN|\[object|\n|[.。]$/);
  });
  test('names the figures it is about', () => {
    const said = all.map((reason) => reasonText(reason, words)).join('\n');
    for (const figure of [
      ...['li.wei', '10', '2026-01-31 02:41:10 UTC', 'run-7', '3', '20', 'CPS.0005'],
      ...['wang.fang', 'kept for a measurement', '2026-01-31 02:00:00 UTC', '2026-01-31 01:30:00 UTC'],
      ...['Mon-Fri 22:00-04:00 Asia/Shanghai', '380', '500', '170', '14', '2026-01-31 02:40:30 UTC'],
      ...['event-9', 'es-0815', '25', '8', 'phones 1, 2'],
    ]) {
      expect(said).toContain(figure);
    }
  });
  test('has a short form of at most 30 columns, different from code to code', () => {
    const short = all.map((reason) => words.short[reason.code]);
    for (const few of short) expect(displayWidth(few)).toBeLessThanOrEqual(30);
    expect(new Set(short).size).toBe(all.length);
  });
  test('tells an exclusion by a person from one in the settings', () => {
    const said = (reason: Omit<Extract<Reason, { code: 'excluded' }>, 'code'>) =>
      reasonText({ code: 'excluded', ...reason }, words);
    expect(said({})).toContain('exclude');
    expect(said({ who: 'li' })).toContain('li');
    expect(said({ why: 'demo' })).toContain('“demo”');
    expect(said({ who: 'li', why: 'demo' })).toMatch(/li.*“demo”/);
  });
  test('differs from code to code', () => {
    expect(new Set(all.map((reason) => reasonText(reason, words))).size).toBe(all.length);
  });
});

test('English reads well for one and for many', () => {
  expect(reasonText({ code: 'host_limit', inFlight: 1, limit: 1 }, english)).toBe(
    "1 of its host's servers is restarting already; the limit is 1",
  );
  expect(reasonText({ code: 'host_limit', inFlight: 4, limit: 4 }, english)).toBe(
    "4 of its host's servers are restarting already; the limit is 4",
  );
  expect(reasonText({ code: 'attempts_used', attempts: 1 }, english)).toContain('1 attempt without');
});

test('what could not be read is told apart', () => {
  for (const words of [english, chinese]) {
    const said = (['servers', 'host', 'maintenance', 'fleet'] as const).map((what) => words.unchecked(what));
    expect(new Set(said).size).toBe(4);
  }
});

test('no window at all is not an empty pair of brackets', () => {
  for (const words of [english, chinese]) {
    expect(reasonText({ code: 'outside_window', windows: [] }, words)).not.toMatch(/[(（]/);
  }
});

test('every run state can be said in Chinese', () => {
  const states = ['resolving', 'watching', 'running', 'verifying', 'done', 'cancelled', 'expired'] as const;
  expect(new Set(states.map((state) => chinese.runState(state))).size).toBe(states.length);
});

test('a moment is written in UTC and says so', () => {
  expect(moment(at('02:41:10'))).toBe('2026-01-31 02:41:10 UTC');
});
