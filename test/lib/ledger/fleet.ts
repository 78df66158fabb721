/** The fleet: how large it was, and since when the ledger remembers. */
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lib/time.ts';
import { at, type MakeLedger, NOW } from './given.ts';

export const fleet = (make: MakeLedger) =>
  describe('the fleet', () => {
    it('is remembered once an hour: the looks in between are not kept', async () => {
      const ledger = await make();
      expect(await ledger.sawFleet(100, NOW)).toEqual([{ at: NOW, count: 100 }]);
      expect(await ledger.sawFleet(90, at(minutes(59)))).toEqual([{ at: NOW, count: 100 }]);
      const looks = [
        { at: NOW, count: 100 },
        { at: at(minutes(60)), count: 80 },
      ];
      expect(await ledger.sawFleet(80, at(minutes(60)))).toEqual(looks);
      expect((await ledger.recall([], at(minutes(61)))).fleetLooks).toEqual(looks);
    });

    it('is remembered as it was at the last nine looks', async () => {
      const ledger = await make();
      for (let look = 0; look < 12; look += 1) await ledger.sawFleet(look, at(hours(look)));
      const { fleetLooks } = await ledger.recall([], at(hours(12)));
      expect(fleetLooks).toEqual(
        [3, 4, 5, 6, 7, 8, 9, 10, 11].map((look) => ({ at: at(hours(look)), count: look })),
      );
    });

    it('has a ledger that knows since when it remembers', async () => {
      const ledger = await make();
      expect((await ledger.recall([], NOW)).begunAt).toBe(NOW);
      expect((await ledger.recall([], at(hours(30)))).begunAt).toBe(NOW);
    });
  });
