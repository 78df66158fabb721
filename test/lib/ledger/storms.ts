/** A storm: when it begins and ends. */
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { hours, minutes } from '../../../lib/time.ts';
import type { Lease } from '../../../lib/types.ts';
import {
  ask,
  at,
  drive,
  type End,
  ended,
  granted,
  LIMITS,
  type MakeLedger,
  NOW,
  STORM,
  save,
} from './given.ts';

export const storms = (make: MakeLedger) =>
  describe('a storm', () => {
    it('begins, goes on and ends; then it was the last one, for a day', async () => {
      const ledger = await make();
      await ledger.sawStorm(false, NOW);
      expect(await ledger.recall([], NOW)).not.toHaveProperty('storm');
      await ledger.sawStorm(true, NOW);
      await ledger.sawStorm(true, at(minutes(5)));
      const during = await ledger.recall([], at(minutes(5)));
      expect(during.storm).toEqual({ since: NOW, round: { startedAt: NOW, size: 1, canaries: new Map() } });
      expect(during).not.toHaveProperty('lastStorm');
      await ledger.sawStorm(false, at(minutes(9)));
      await ledger.sawStorm(false, at(minutes(12)));
      const afterwards = await ledger.recall([], at(minutes(12)));
      expect(afterwards).not.toHaveProperty('storm');
      expect(afterwards.lastStorm).toEqual({ since: NOW, endedAt: at(minutes(9)) });
      expect(await ledger.recall([], at(hours(25)))).not.toHaveProperty('lastStorm');
    });

    it('that comes again is a new one, and starts with one canary', async () => {
      const { ledger, sendOut, conclude } = await inStorm(make);
      await sendOut(0, 'a');
      await conclude('recovered', 'a');
      await sendOut(10, 'b', 'c');
      await ledger.sawStorm(false, at(minutes(12)));
      await ledger.sawStorm(true, at(minutes(13)));
      expect(granted(await sendOut(14, 'd', 'e'))).toEqual(['d']);
      const { storm, lastStorm } = await ledger.recall([], at(minutes(14)));
      expect(storm?.since).toBe(at(minutes(13)));
      expect(lastStorm).toEqual({ since: NOW, endedAt: at(minutes(12)) });
    });

    it('that is over holds nothing back', async () => {
      const { ledger, lease, sendOut } = await inStorm(make);
      await sendOut(0, 'a');
      expect(granted(await ledger.claim(ask(lease, ['b', 'c'])))).toEqual(['b', 'c']);
    });
  });

/** A ledger in a storm, with ways to send servers of a run out in it and to conclude them. */
export async function inStorm(make: MakeLedger) {
  const ledger: Ledger = await make();
  const lease: Lease = await drive(ledger);
  await ledger.sawStorm(true, NOW);
  const limits = { ...LIMITS, cooldown: minutes(5) };
  return {
    ledger,
    lease,
    sendOut: (when: number, ...ids: readonly string[]) =>
      ledger.claim(ask(lease, ids, { limits, storm: STORM, now: at(minutes(when)) })),
    conclude: (end: End, ...ids: readonly string[]) =>
      save(ledger, lease, ...ids.map((id) => ended(id, end))),
  };
}
