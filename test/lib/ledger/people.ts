/** What people say: pause, resume, exclude, include. */
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lib/time.ts';
import { ask, at, drive, granted, type MakeLedger, NOW, reasons, twoInstances } from './given.ts';

export const people = (make: MakeLedger) =>
  describe('what people say', () => {
    const pause = { who: 'Wang', why: 'release', until: at(hours(1)) };
    const exclusion = { who: 'Zhao', why: 'bad disk', since: NOW };

    it('a pause is recalled, counts everywhere at once, and the last one counts', async () => {
      const [one, another] = await twoInstances(make);
      expect(await one.recall([], NOW)).not.toHaveProperty('pause');
      await one.pause({ ...pause, until: at(hours(2)) });
      await one.pause(pause);
      expect((await another.recall([], NOW)).pause).toEqual(pause);
      const lease = await drive(another);
      expect(reasons(await another.claim(ask(lease, ['s1', 's2'])))).toEqual(['paused', 'paused']);
      expect(granted(await another.claim(ask(lease, ['s1'], { now: at(hours(1)) })))).toEqual(['s1']);
    });

    it('resuming says what was paused, and everything goes on', async () => {
      const ledger = await make();
      expect(await ledger.resume()).toBeUndefined();
      await ledger.pause(pause);
      expect(await ledger.resume()).toEqual(pause);
      expect(await ledger.resume()).toBeUndefined();
      expect(await ledger.recall([], NOW)).not.toHaveProperty('pause');
      expect(granted(await ledger.claim(ask(await drive(ledger), ['s1'])))).toEqual(['s1']);
    });

    it('a pause holds back claims, not what is in flight', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await ledger.pause(pause);
      await ledger.giveBack(lease, ['s1']);
      expect((await ledger.recall([], NOW)).inFlight).toEqual([]);
    });

    it('an exclusion is recalled until it is taken back; the last word about an id counts', async () => {
      const [one, another] = await twoInstances(make);
      await one.exclude('h1', { ...exclusion, why: 'unknown' });
      await one.exclude('h1', exclusion);
      await one.exclude('s9', { ...exclusion, since: at(minutes(1)) });
      expect((await another.recall([], at(hours(999)))).exclusions).toEqual(
        new Map([
          ['h1', exclusion],
          ['s9', { ...exclusion, since: at(minutes(1)) }],
        ]),
      );
      expect(await another.include('h1')).toBe(true);
      expect(await another.include('h1')).toBe(false);
      expect([...(await one.recall([], NOW)).exclusions.keys()]).toEqual(['s9']);
    });
  });
