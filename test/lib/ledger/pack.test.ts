/** Ids come out of Redis as they went in, and no two are one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packId, unpackId } from '../../../lib/ledger/redis/pack.ts';
import { tries } from '../../support/fuzz.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const uuid = hex(32).map((digits) => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
/** Control characters and blanks are refused at the border. */
const asWord = (text: string) => text.replace(/[\s\p{C}]/gu, '_');
const word = (length: fc.StringConstraints) => fc.string({ unit: 'grapheme', ...length }).map(asWord);
const id = fc.oneof(
  hex(32),
  uuid,
  hex(16),
  word({ minLength: 15, maxLength: 17 }),
  word({ minLength: 1, maxLength: 40 }),
);
describe('a packed id', () => {
  it('is unpacked as it was, and is no longer than what it stands for allows', () => {
    fc.assert(
      fc.property(id, (one) => {
        const packed = packId(one);
        expect(unpackId(packed)).toBe(one);
        expect(packed.length).toBeLessThanOrEqual(Buffer.byteLength(one) + 1);
      }),
      { numRuns: tries(500) },
    );
  });

  it.each([
    ['0f1e2d3c4b5a69788796a5b4c3d2e1f0', 16],
    ['0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0', 17],
    ['0F1E2D3C4B5A69788796A5B4C3D2E1F0', 32],
    ['sixteen-letters-', 17],
    ['seventeen-letters', 17],
  ])('%s takes %i bytes', (one, length) => {
    expect(packId(one)).toHaveLength(length);
    expect(unpackId(packId(one))).toBe(one);
  });
});
