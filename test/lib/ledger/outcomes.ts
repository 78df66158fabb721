/** What becomes of a claim: an outcome. */
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/time.ts';
import {
  accepted,
  ask,
  at,
  drive,
  ENDS,
  ended,
  givenUp,
  inFlight,
  type MakeLedger,
  NOW,
  overriding,
  recordOf,
  repair,
  save,
  waiting,
} from './given.ts';

export const outcomes = (make: MakeLedger) =>
  describe('outcomes', () => {
    it.each(ENDS)('%s ends what is in flight; the last attempt stays known', async (end) => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1', 's2']));
      await save(ledger, lease, ended('s1', end), accepted('s2'));
      expect(await inFlight(ledger)).toEqual(['s2']);
      const attempts = end === 'recovered' ? [] : [NOW];
      expect(await recordOf(ledger, 's1')).toEqual({
        serverId: 'h1',
        attempts,
        lastAttemptAt: NOW,
        ...(end === 'recovered' ? {} : { lastFailed: true }),
      });
    });

    it('a run that is saved again and again keeps in flight what has no outcome', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, accepted('s1'), waiting('s2'));
      await save(ledger, lease);
      expect(await inFlight(ledger)).toEqual(['s1']);
    });

    it('a recovery clears attempts, the failure of the last and the hand-over', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, givenUp('s1', at(minutes(3))));
      const failed = await ledger.recall(['s1'], NOW);
      expect(failed.servers.get('s1')).toMatchObject({
        attempts: [NOW],
        lastFailed: true,
        handedOver: { since: at(minutes(3)) },
      });
      expect([...failed.handedOver]).toEqual(['s1']);
      const forced = { ...repair('s1'), ...overriding('attempts') };
      await ledger.claim(ask(lease, [forced], { now: at(minutes(40)) }));
      await save(ledger, lease, ended('s1', 'recovered'));
      const well = await ledger.recall(['s1'], NOW);
      const lastAttemptAt = at(minutes(40));
      expect(well.servers.get('s1')).toEqual({ serverId: 'h1', attempts: [], lastAttemptAt });
      expect(well.handedOver.size).toBe(0);
    });

    it('a server that fails again once it was handed over was handed over then', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, givenUp('s1', at(minutes(3))));
      const forced = { ...repair('s1'), ...overriding('attempts') };
      await ledger.claim(ask(lease, [forced], { now: at(minutes(40)) }));
      await save(ledger, lease, givenUp('s1', at(minutes(45))));
      expect((await recordOf(ledger, 's1'))?.handedOver?.since).toBe(at(minutes(3)));
    });

    it('a run ends only what it claimed itself', async () => {
      const ledger = await make();
      const [own, other] = [await drive(ledger, 'r1'), await drive(ledger, 'r2')];
      await ledger.claim(ask(own, ['s1']));
      await save(ledger, other, ended('s1', 'recovered'));
      expect(await inFlight(ledger)).toEqual(['s1']);
      expect((await recordOf(ledger, 's1'))?.attempts).toEqual([NOW]);
    });

    it('an outcome counts once: saved again, it does not touch what a later run claimed', async () => {
      const ledger = await make();
      const [first, second] = [await drive(ledger, 'r1'), await drive(ledger, 'r2')];
      await ledger.claim(ask(first, ['s1']));
      await save(ledger, first, ended('s1', 'recovered'));
      await ledger.claim(ask(second, ['s1'], { now: at(minutes(30)) }));
      await save(ledger, first, ended('s1', 'recovered'));
      expect(await inFlight(ledger)).toEqual(['s1']);
      expect((await recordOf(ledger, 's1'))?.attempts).toEqual([at(minutes(30))]);
    });
  });
