/** Runs, and the deliveries that they answer. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../../lib/time.ts';
import type { RunState } from '../../../lib/types.ts';
import { at, drive, letter, type MakeLedger, NOW, run, save, twoInstances, waiting } from './given.ts';

export const runs = (make: MakeLedger) =>
  describe('runs and deliveries', () => {
    it('a run is read as it was opened, and as it was saved last; one that was never opened is not there', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      expect(await ledger.run('r1')).toEqual(run('r1'));
      await save(ledger, lease, waiting('s1'));
      expect(await ledger.run('r1')).toEqual(run('r1', { targets: [waiting('s1')] }));
      expect(await ledger.run('r2')).toBeUndefined();
    });

    it('that a run awaits the gathering of reports is kept with it', async () => {
      const ledger = await make();
      const awaiting = run('r1', { awaitsGathering: true, targets: [waiting('s1')] });
      const lease = await drive(ledger, 'r1');
      await ledger.save(awaiting, lease);
      expect(await ledger.run('r1')).toEqual(awaiting);
      expect(await ledger.unfinishedRuns()).toEqual([awaiting]);
    });

    it('a delivery has one run, known for a day and not a moment longer', async () => {
      const ledger = await make();
      expect(await ledger.delivered('d', NOW)).toBeUndefined();
      expect(await ledger.open(run('r1', { deliveryId: 'd' }), NOW)).toBe(true);
      const lastMoment = at(hours(24 - 1 / 3600));
      expect(await ledger.open(run('r2', { deliveryId: 'd' }), lastMoment)).toBe(false);
      expect(await ledger.run('r2')).toBeUndefined();
      expect(await ledger.delivered('d', lastMoment)).toBe('r1');
      expect(await ledger.delivered('d', at(hours(24)))).toBeUndefined();
      expect(await ledger.delivered('another', NOW)).toBeUndefined();
      expect(await ledger.open(run('r3', { deliveryId: 'd' }), at(hours(24)))).toBe(true);
      expect(await ledger.delivered('d', at(hours(24)))).toBe('r3');
    });

    it('of fifty that open a run for one delivery at once, one does', async () => {
      const [one, another] = await twoInstances(make);
      const opens = Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? one : another).open(run(`r${index}`, { deliveryId: 'd' }), NOW),
      );
      const winner = `r${(await Promise.all(opens)).indexOf(true)}`;
      expect((await Promise.all(opens)).filter(Boolean)).toHaveLength(1);
      expect(await another.delivered('d', NOW)).toBe(winner);
      expect((await one.unfinishedRuns()).map(({ runId }) => runId)).toEqual([winner]);
    });

    it('a delivery that joins a running run is marked, and its targets are there until the driver saved them', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      expect(await ledger.joined(lease)).toEqual([]);
      expect(await ledger.join('r1', 'd2', [waiting('s1'), waiting('s2')], NOW)).toBe(true);
      expect(await ledger.join('r1', 'd3', [waiting('s3')], at(seconds(1)))).toBe(true);
      expect(await ledger.delivered('d2', NOW)).toBe('r1');
      expect(await ledger.open(run('r2', { deliveryId: 'd3' }), at(minutes(1)))).toBe(false);
      expect(await ledger.joined(lease)).toEqual([waiting('s1'), waiting('s2'), waiting('s3')]);
      // Whoever dies before it saved them leaves them to its successor.
      expect(await ledger.joined(lease)).toHaveLength(3);
      await save(ledger, lease, waiting('s1'), waiting('s3'));
      expect(await ledger.joined(lease)).toEqual([waiting('s2')]);
    });

    it('targets go to the driver of their own run, though it is another than when they joined', async () => {
      const ledger = await make();
      await drive(ledger, 'r1');
      const other = await drive(ledger, 'r2');
      await ledger.join('r1', 'd', [waiting('s1')], NOW);
      expect(await ledger.joined(other)).toEqual([]);
      const successor = await ledger.lease('r1', at(minutes(1)));
      expect(successor && (await ledger.joined(successor))).toEqual([waiting('s1')]);
    });

    it('targets that joined in time are handed over also when the run launches nothing more by then', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      await ledger.join('r1', 'd', [waiting('s1')], NOW);
      await ledger.save(run('r1', { state: 'verifying' }), lease);
      expect(await ledger.joined(lease)).toEqual([waiting('s1')]);
    });

    it('a delivery joins once, and one that has a run joins none', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      expect(await ledger.join('r1', 'd', [waiting('s1')], NOW)).toBe(true);
      expect(await ledger.join('r1', 'd', [waiting('s1')], NOW)).toBe(false);
      expect(await ledger.join('r1', 'delivery of r1', [waiting('s2')], NOW)).toBe(false);
      expect(await ledger.joined(lease)).toEqual([waiting('s1')]);
    });

    it.each<RunState>(['resolving', 'watching', 'verifying', 'done', 'cancelled', 'expired'])(
      'a run that is %s is not joined, and the delivery stays free',
      async (state) => {
        const ledger = await make();
        const lease = await drive(ledger, 'r1');
        await ledger.save(run('r1', { state }), lease);
        expect(await ledger.join('r1', 'd', [waiting('s1')], NOW)).toBe(false);
        expect(await ledger.join('unknown', 'd', [waiting('s1')], NOW)).toBe(false);
        expect(await ledger.joined(lease)).toEqual([]);
        expect(await ledger.delivered('d', NOW)).toBeUndefined();
      },
    );

    it('runs are unfinished until they have ended and are reported; the oldest comes first', async () => {
      const ledger = await make();
      const unfinished = async () => (await ledger.unfinishedRuns()).map(({ runId }) => runId);
      for (const [runId, age] of [
        ['young', 2],
        ['old', 0],
        ['middle', 1],
      ] as const) {
        await ledger.open(run(runId, { openedAt: at(minutes(age)) }), at(minutes(age)));
      }
      expect(await unfinished()).toEqual(['old', 'middle', 'young']);
      const lease = await ledger.lease('old', NOW);
      if (lease !== undefined) await ledger.save(run('old', { state: 'done' }), lease);
      expect(await unfinished()).toEqual(['old', 'middle', 'young']);
      await ledger.told(['old', 'middle', 'unknown'], 'm1', []);
      expect(await unfinished()).toEqual(['middle', 'young']);
      expect((await ledger.run('old'))?.reportedAs).toBe('m1');
      expect(await ledger.run('unknown')).toBeUndefined();
    });

    it('runs are told of with the letter that tells of them, in one step', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      await ledger.save(run('r1', { state: 'done' }), lease);
      await ledger.told(['r1'], 'gathered', [], letter('gathered'));
      expect(await ledger.unfinishedRuns()).toEqual([]);
      expect(await ledger.unsent()).toEqual([letter('gathered')]);
      await ledger.sent('gathered');
      await ledger.told(['r1'], 'gathered', [], letter('gathered'));
      expect(await ledger.unsent()).toEqual([]);
    });

    it('a run that was reported stays so, also when its driver saves what it read before', async () => {
      const ledger = await make();
      const lease = await drive(ledger, 'r1');
      await ledger.told(['r1'], 'm1', []);
      await ledger.save(run('r1', { state: 'done' }), lease);
      expect(await ledger.run('r1')).toEqual(run('r1', { state: 'done', reportedAs: 'm1' }));
      expect(await ledger.unfinishedRuns()).toEqual([]);
    });

    it('runs opened since a moment come newest first, and no more than asked for', async () => {
      const ledger = await make();
      const since = async (span: number, limit: number) =>
        (await ledger.runsSince(at(minutes(span)), limit)).map(({ runId }) => runId);
      for (const age of [2, 0, 3, 1]) {
        await ledger.open(run(`r${age}`, { openedAt: at(minutes(age)) }), at(minutes(age)));
      }
      expect(await since(0, 10)).toEqual(['r3', 'r2', 'r1', 'r0']);
      expect(await since(1, 10)).toEqual(['r3', 'r2', 'r1']);
      expect(await since(0, 2)).toEqual(['r3', 'r2']);
      expect(await since(0, 0)).toEqual([]);
      expect(await since(4, 10)).toEqual([]);
    });
  });
