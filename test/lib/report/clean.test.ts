/** Text that others wrote cannot break out of its line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, cutToBytes, cutToLength } from '../../../lib/report/clean.ts';
import { nasty } from './runs.ts';

const BREAKS_OUT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>]/u;
describe('clean', () => {
  test('leaves an id as it is', () => {
    expect(clean('3f2504e04f8911d39a0c0305e82c3301', 64)).toBe('3f2504e04f8911d39a0c0305e82c3301');
  });
  test.each([
    ['a new line', 'all well\nRun: fine', 'all well Run: fine'],
    ['a terminal escape', 'a\u001b[31mb', 'a [31mb'],
    ['a right-to-left override', 'a\u202eb', 'a b'],
    ['a zero-width space', 'a\u200bb', 'a b'],
    ['half a surrogate pair', 'a\ud83db', 'a b'],
    ['a tag', '<script>x</script>', '‹script›x‹/script›'],
    ['spaces at the edges and in a row', '  a   b ', 'a b'],
    ['a tower of accents', `e${'\u0301'.repeat(50)}`, 'e\u0301\u0301'],
  ])('takes the harm out of %s', (_what, given, expected) => {
    expect(clean(given, 64)).toBe(expected);
  });
  test('is one harmless line of at most the limit, whatever it is given', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 80 }), (text, limit) => {
        const line = clean(text, limit);
        expect(line).not.toMatch(BREAKS_OUT);
        expect([...line].length).toBeLessThanOrEqual(limit);
        expect(clean(line, limit)).toBe(line);
      }),
    );
  });
  test('is quick with a text of ten million characters', () => {
    expect([...clean('a\n'.repeat(5_000_000), 100)]).toHaveLength(100);
  });
});

describe('cutting', () => {
  test('to bytes never breaks a character and says that it cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 50 }), (text, limit) => {
        const cut = cutToBytes(text, limit);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(Buffer.from(cut).toString()).toBe(cut);
        expect(cut === text || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1)))).toBe(true);
      }),
    );
  });
  test('to a length counts characters, not halves of them', () => {
    expect(cutToLength('😀😀😀', 3)).toBe('😀😀😀');
    expect(cutToLength('😀😀😀😀', 3)).toBe('😀😀…');
  });
});
