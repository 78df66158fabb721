import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureFleet } from '../../../lib/fleet/size.ts';

it('measures a fleet of any size with about twice its logarithm of calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), async (size) => {
      let calls = 0;
      const encodeServerExistsAt = async (offset: number) => {
        calls += 1;
        return offset < size;
      };
      expect(await measureFleet({ encodeServerExistsAt })).toBe(size);
      expect(calls).toBeLessThanOrEqual(2 * Math.log2(size + 1) + 3);
    }),
  );
});
