/** Leases: one driver a run, and fencing of the one before. */
import { describe, expect, it } from 'vitest';
import { LeaseLost } from '../../../lib/ledger/ledger.ts';
import { milliseconds, minutes, seconds } from '../../../lib/time.ts';
import { ask, at, drive, ended, type MakeLedger, NOW, run, save, twoInstances, waiting } from './given.ts';

export const leases = (make: MakeLedger) =>
  describe('leases and fencing', () => {
    it('a run has one driver for 30 s, then whoever comes next; a token is higher than all before', async () => {
      const [ledger, another] = await twoInstances(make);
      const first = await drive(ledger, 'r1');
      expect(first.runId).toBe('r1');
      expect(await another.lease('r1', at(milliseconds(29_999)))).toBeUndefined();
      const second = await another.lease('r1', at(seconds(30)));
      expect(second?.token).toBeGreaterThan(first.token);
      expect(await ledger.lease('r1', at(seconds(59)))).toBeUndefined();
      const third = await ledger.lease('r1', at(seconds(60)));
      expect(third?.token).toBeGreaterThan(second?.token ?? Number.POSITIVE_INFINITY);
    });

    it('of many that want to drive at once, one does', async () => {
      const [one, another] = await twoInstances(make);
      await one.open(run('r1'), NOW);
      const wanted = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : another).lease('r1', NOW),
      );
      expect((await Promise.all(wanted)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('runs are driven apart from one another', async () => {
      const ledger = await make();
      expect(await drive(ledger, 'r1')).toMatchObject({ runId: 'r1' });
      expect(await drive(ledger, 'r2')).toMatchObject({ runId: 'r2' });
    });

    it('a lease that is renewed lasts 30 s from then', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      await ledger.renew(lease, at(seconds(20)));
      expect(await ledger.lease('r1', at(seconds(49)))).toBeUndefined();
      expect(await ledger.lease('r1', at(seconds(50)))).toBeDefined();
    });

    it('a lease that is released is free at once, for a higher token', async () => {
      const ledger = await make();
      const first = await drive(ledger, 'r1');
      await ledger.release(first);
      expect((await ledger.lease('r1', NOW))?.token).toBeGreaterThan(first.token);
    });

    it('a lease that was lost cannot be released: its successor drives on', async () => {
      const ledger = await make();
      const first = await drive(ledger, 'r1');
      const second = await ledger.lease('r1', at(minutes(1)));
      await ledger.release(first);
      expect(await ledger.lease('r1', at(minutes(1)))).toBeUndefined();
      if (second !== undefined) await ledger.renew(second, at(minutes(1)));
    });

    it('a lease that ran out is good until somebody else takes it', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      expect((await ledger.claim(ask(lease, ['s1'], { now: at(minutes(5)) }))).granted).toHaveLength(1);
      await save(ledger, lease, ended('s1', 'recovered'));
      await ledger.renew(lease, at(minutes(5)));
      expect(await ledger.lease('r1', at(minutes(5)))).toBeUndefined();
    });

    it.each(['runs out', 'is released'])(
      'a driver whose lease %s and went to another learns it at every step, and changes nothing',
      async (how) => {
        const ledger = await make();
        const stale = await drive(ledger, 'r1');
        await ledger.claim(ask(stale, ['s1']));
        await ledger.join('r1', 'd', [waiting('s9')], NOW);
        if (how === 'is released') await ledger.release(stale);
        const later = at(minutes(1));
        const current = await ledger.lease('r1', later);
        const everything = async () => [
          await ledger.recall(['s1', 's2'], later),
          await ledger.run('r1'),
          await ledger.unfinishedRuns(),
        ];
        const before = await everything();

        await expect(ledger.renew(stale, later)).rejects.toThrow(LeaseLost);
        await expect(ledger.joined(stale)).rejects.toThrow(LeaseLost);
        await expect(ledger.claim(ask(stale, ['s2'], { now: later }))).rejects.toThrow(LeaseLost);
        await expect(ledger.giveBack(stale, ['s1'])).rejects.toThrow(LeaseLost);
        const done = run('r1', { state: 'done', targets: [ended('s1', 'recovered')] });
        await expect(ledger.save(done, stale)).rejects.toMatchObject({ code: 'LEASE_LOST' });

        expect(await everything()).toEqual(before);
        expect(current && (await ledger.joined(current))).toEqual([waiting('s9')]);
        expect(await ledger.lease('r1', at(seconds(89)))).toBeUndefined();
        expect(await ledger.lease('r1', at(seconds(90)))).toBeDefined();
      },
    );

    it('a successor takes over what is in flight of its run: it may conclude it and give it back', async () => {
      const ledger = await make();
      await ledger.claim(ask(await drive(ledger, 'r1'), ['s1', 's2']));
      const successor = await ledger.lease('r1', at(minutes(1)));
      if (successor === undefined) throw new Error('the lease had run out');
      await save(ledger, successor, ended('s1', 'unconfirmed'));
      await ledger.giveBack(successor, ['s2']);
      expect((await ledger.recall([], NOW)).inFlight).toEqual([]);
    });
  });
