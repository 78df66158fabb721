/** The rounds in which restarts feel their way through a storm. */
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/time.ts';
import {
  ask,
  at,
  drive,
  type End,
  granted,
  type MakeLedger,
  NOW,
  overriding,
  reasons,
  repair,
  STORM,
} from './given.ts';
import { inStorm } from './storms.ts';

export const stormRounds = (make: MakeLedger) =>
  describe('the rounds of a storm', () => {
    it('one canary goes; the others are told how many go, why, and from when on more may', async () => {
      const { ledger, sendOut } = await inStorm(make);
      const answer = await sendOut(3, 'a', 'b');
      expect(granted(answer)).toEqual(['a']);
      expect(answer.refused).toEqual([
        {
          encodeServerId: 'b',
          hold: { guard: 'storm', reason: { code: 'storm', canaries: 1, ...STORM }, until: at(minutes(13)) },
        },
      ]);
      const { storm } = await ledger.recall([], NOW);
      expect(storm?.round.canaries).toEqual(new Map([['a', 'open']]));
    });

    it('a claim in a storm that nobody wrote down yet begins it', async () => {
      const ledger = await make();
      const answer = await ledger.claim(ask(await drive(ledger), ['a', 'b'], { storm: STORM }));
      expect(granted(answer)).toEqual(['a']);
      const { storm } = await ledger.recall([], NOW);
      const round = { startedAt: NOW, size: 1, canaries: new Map([['a', 'open']]) };
      expect(storm).toEqual({ since: NOW, round });
    });

    it('each round of ten minutes that recovers doubles the next', async () => {
      const { sendOut, conclude } = await inStorm(make);
      for (const [round, size] of [1, 2, 4, 8].entries()) {
        const ids = Array.from({ length: size + 1 }, (_, index) => `s${round}-${index}`);
        const answer = await sendOut(round * 10, ...ids);
        expect(answer.granted).toHaveLength(size);
        await conclude('recovered', ...granted(answer));
        expect(reasons(await sendOut(round * 10 + 9.999, 'early'))).toEqual(['storm']);
      }
    });

    it('a round need not be used up to double', async () => {
      const { sendOut, conclude } = await inStorm(make);
      await sendOut(0, 'a');
      await conclude('recovered', 'a');
      await sendOut(10, 'b');
      await conclude('recovered', 'b');
      expect((await sendOut(20, 'c', 'd', 'e', 'f', 'g')).granted).toHaveLength(4);
    });

    it.each<End>(['not_recovered', 'rejected', 'unconfirmed'])(
      'after a round in which one was %s it is one again',
      async (end) => {
        const { ledger, sendOut, conclude } = await inStorm(make);
        await sendOut(0, 'a');
        await conclude('recovered', 'a');
        await sendOut(10, 'b', 'c');
        await conclude('recovered', 'b');
        await conclude(end, 'c');
        expect((await ledger.recall([], NOW)).storm?.round.canaries).toEqual(
          new Map([
            ['b', 'recovered'],
            ['c', 'failed'],
          ]),
        );
        expect((await sendOut(20, 'd', 'e')).granted).toHaveLength(1);
      },
    );

    it('a round with an open canary goes on, and nobody can say until when', async () => {
      const { sendOut, conclude } = await inStorm(make);
      await sendOut(0, 'a');
      const answer = await sendOut(25, 'b');
      expect(answer.refused[0]?.hold).not.toHaveProperty('until');
      await conclude('recovered', 'a');
      expect((await sendOut(26, 'b', 'c', 'd')).granted).toHaveLength(2);
      expect(reasons(await sendOut(35, 'd'))).toEqual(['storm']);
    });

    it('a round in which nothing went says nothing: the next is of the same size', async () => {
      const { ledger, lease, sendOut, conclude } = await inStorm(make);
      expect((await sendOut(10, 'a', 'b')).granted).toHaveLength(1);
      await conclude('recovered', 'a');
      await sendOut(20, 'c');
      await ledger.giveBack(lease, ['c']);
      expect((await sendOut(30, 'd', 'e', 'f')).granted).toHaveLength(2);
    });

    it('a canary that is given back was none: another may go in its place', async () => {
      const { ledger, lease, sendOut } = await inStorm(make);
      await sendOut(0, 'a');
      await ledger.giveBack(lease, ['a']);
      expect((await ledger.recall([], NOW)).storm?.round.canaries.size).toBe(0);
      expect(granted(await sendOut(1, 'b', 'c'))).toEqual(['b']);
    });

    it('what a person forces changes nothing about a canary that is through', async () => {
      const { ledger, lease, sendOut, conclude } = await inStorm(make);
      const forced = { ...repair('a'), ...overriding('storm', 'cooldown') };
      const force = (minute: number) =>
        ledger.claim(ask(lease, [forced], { storm: STORM, now: at(minutes(minute)) }));
      await sendOut(0, 'a');
      await conclude('not_recovered', 'a');
      expect(granted(await force(2))).toEqual(['a']);
      await ledger.giveBack(lease, ['a']);
      expect(reasons(await sendOut(3, 'b'))).toEqual(['storm']);
      expect(granted(await force(4))).toEqual(['a']);
      await conclude('recovered', 'a');
      expect((await sendOut(10, 'b', 'c')).granted).toHaveLength(1);
    });

    it('a server goes once in a round: again, it would be a canary that nobody counts', async () => {
      const { sendOut, conclude } = await inStorm(make);
      await sendOut(0, 'a');
      await conclude('recovered', 'a');
      await sendOut(10, 'b');
      await conclude('recovered', 'b');
      expect(reasons(await sendOut(16, 'b'))).toEqual(['storm']);
      expect(granted(await sendOut(17, 'c', 'd'))).toEqual(['c']);
    });
  });
