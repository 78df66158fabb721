/** Every reason can be said in both languages. */
import { describe, expect, test } from 'vitest';
import { english } from '../../../lib/report/words.en.ts';
import { moment, reasonText } from '../../../lib/report/words.ts';
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
    for (const figure of ['li.wei', '10', '2026-01-31 02:41:10 UTC', 'run-7', '3', '20', 'CPS.0005']) {
      expect(said).toContain(figure);
    }
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

test('the two kinds of what could not be read are told apart', () => {
  for (const words of [english, chinese]) {
    expect(words.unchecked('host')).not.toBe(words.unchecked('servers'));
  }
});

test('a moment is written in UTC and says so', () => {
  expect(moment(at('02:41:10'))).toBe('2026-01-31 02:41:10 UTC');
});
