/** Claims that are given back: as if they had never been. */
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/time.ts';
import {
  ask,
  at,
  drive,
  ended,
  givenUp,
  granted,
  inFlight,
  type MakeLedger,
  NOW,
  overriding,
  recordOf,
  repair,
  save,
} from './given.ts';

export const givingBack = (make: MakeLedger) =>
  describe('giving back', () => {
    it('a first claim that is given back leaves no attempt and no cooldown', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await ledger.giveBack(lease, ['s1', 'unknown']);
      expect(await inFlight(ledger)).toEqual([]);
      expect(await recordOf(ledger, 's1')).toEqual({ serverId: 'h1', attempts: [] });
      const again = await ledger.claim(ask(lease, ['s1']));
      expect(again.granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
    });

    it('a later claim that is given back leaves attempts, cooldown and all else as they were', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'unconfirmed'));
      await ledger.claim(ask(lease, ['s1'], { now: at(minutes(30)) }));
      await save(ledger, lease, givenUp('s1', at(minutes(33))));
      await ledger.seenAbnormal([{ encodeServerId: 's1', serverId: 'h1' }], at(minutes(35)));
      const before = await recordOf(ledger, 's1');
      const forced = { ...repair('s1'), ...overriding('cooldown', 'attempts') };
      await ledger.claim(ask(lease, [forced], { now: at(minutes(40)) }));
      await ledger.giveBack(lease, ['s1']);
      expect(await recordOf(ledger, 's1')).toEqual(before);
      expect(before).toMatchObject({ attempts: [NOW, at(minutes(30))], lastAttemptAt: at(minutes(30)) });
    });

    it('after a recovery the cooldown runs from the restart before, though its attempts are cleared', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'recovered'));
      await ledger.claim(ask(lease, ['s1'], { now: at(minutes(30)) }));
      await ledger.giveBack(lease, ['s1']);
      expect(await recordOf(ledger, 's1')).toEqual({ serverId: 'h1', attempts: [], lastAttemptAt: NOW });
    });

    it('a run gives back only what it claimed itself, and only while it is in flight', async () => {
      const ledger = await make();
      const [own, other] = [await drive(ledger, 'r1'), await drive(ledger, 'r2')];
      await ledger.claim(ask(own, ['s1', 's2']));
      await ledger.giveBack(other, ['s1']);
      expect(await inFlight(ledger)).toEqual(['s1', 's2']);
      await save(ledger, own, ended('s2', 'not_recovered'));
      await ledger.giveBack(own, ['s2']);
      expect(await recordOf(ledger, 's2')).toMatchObject({ attempts: [NOW], lastAttemptAt: NOW });
    });

    it('given back twice is given back once', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'not_recovered'));
      await ledger.claim(ask(lease, ['s1'], { now: at(minutes(30)) }));
      await ledger.giveBack(lease, ['s1', 's1']);
      await ledger.giveBack(lease, ['s1']);
      expect(await recordOf(ledger, 's1')).toMatchObject({ attempts: [NOW], lastAttemptAt: NOW });
    });

    it('what was given back makes room', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await ledger.giveBack(lease, ['s1']);
      expect(granted(await ledger.claim(ask(await drive(ledger, 'r2'), ['s1'])))).toEqual(['s1']);
    });
  });
