/** What people are told: letters wait until SMN has taken them. */
import { describe, expect, it } from 'vitest';
import { hours, milliseconds, minutes } from '../../../lib/time.ts';
import { at, letter, type MakeLedger, NOW, twoInstances } from './given.ts';

export const letters = (make: MakeLedger) =>
  describe('letters', () => {
    it('wait until they are sent, the oldest first', async () => {
      const ledger = await make();
      const unsent = async () => (await ledger.unsent()).map(({ letterId }) => letterId);
      for (const [letterId, minute] of [
        ['second', 2],
        ['first', 1],
        ['third', 3],
      ] as const) {
        expect(await ledger.post(letter(letterId, at(minutes(minute))))).toBe(true);
      }
      expect(await unsent()).toEqual(['first', 'second', 'third']);
      await ledger.sent('second');
      await ledger.sent('second');
      await ledger.sent('unknown');
      expect(await ledger.unsent()).toEqual([
        letter('first', at(minutes(1))),
        letter('third', at(minutes(3))),
      ]);
    });

    it('of one id are written once a day, whether sent or not; the first stands', async () => {
      const ledger = await make();
      const first = letter('storm');
      const again = { ...letter('storm', at(milliseconds(24 * 3_600_000 - 1))), subject: 'again' };
      expect(await ledger.post(first)).toBe(true);
      expect(await ledger.post(again)).toBe(false);
      expect(await ledger.unsent()).toEqual([first]);
      await ledger.sent('storm');
      expect(await ledger.post(again)).toBe(false);
      expect(await ledger.unsent()).toEqual([]);
    });

    it('of one id are written again after a day, and take their place by their own time', async () => {
      const ledger = await make();
      await ledger.post(letter('storm'));
      await ledger.post(letter('digest', at(hours(1))));
      await ledger.sent('storm');
      const again = letter('storm', at(hours(24)));
      expect(await ledger.post(again)).toBe(true);
      expect(await ledger.unsent()).toEqual([letter('digest', at(hours(1))), again]);
    });

    it('that SMN refuses for good are not tried again, and count', async () => {
      const ledger = await make();
      await ledger.post(letter('old', at(minutes(0))));
      await ledger.post(letter('new', at(minutes(5))));
      await ledger.undeliverable('old');
      await ledger.undeliverable('new');
      await ledger.undeliverable('unknown');
      expect(await ledger.unsent()).toEqual([]);
      expect(await ledger.undeliverableSince(at(minutes(1)))).toBe(1);
      expect(await ledger.undeliverableSince(NOW)).toBe(2);
      expect(await ledger.post(letter('new', at(minutes(6))))).toBe(false);
    });

    it('of one id that several write at once are one', async () => {
      const [one, another] = await twoInstances(make);
      const posts = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : another).post(letter('storm', NOW)),
      );
      expect((await Promise.all(posts)).filter(Boolean)).toHaveLength(1);
      expect(await another.unsent()).toEqual([letter('storm')]);
    });

    it('what has been so since a moment is so until somebody sees that it is not', async () => {
      const ledger = await make();
      expect(await ledger.since('away', true, at(minutes(1)))).toBe(at(minutes(1)));
      expect(await ledger.since('away', true, at(minutes(5)))).toBe(at(minutes(1)));
      expect(await ledger.since('other', true, at(minutes(5)))).toBe(at(minutes(5)));
      expect(await ledger.since('away', false, at(minutes(6)))).toBeUndefined();
      expect(await ledger.since('away', true, at(minutes(7)))).toBe(at(minutes(7)));
    });
  });
