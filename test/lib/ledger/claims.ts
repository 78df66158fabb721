/** The permission to restart: pause, cooldown, attempts, and what a person overrides. */
import { describe, expect, it } from 'vitest';
import { hours, milliseconds, minutes } from '../../../lib/time.ts';
import {
  ask,
  at,
  drive,
  ended,
  givenUp,
  granted,
  inFlight,
  LIMITS,
  type MakeLedger,
  NOW,
  planned,
  reasons,
  recordOf,
  repair,
  save,
  twoInstances,
} from './given.ts';

export const claims = (make: MakeLedger) =>
  describe('claims', () => {
    it('a grant is the intent written down, and the attempt counted', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      expect(await ledger.claim(ask(lease, ['s1']))).toEqual({
        granted: [{ encodeServerId: 's1', number: 1 }],
        refused: [],
      });
      const recalled = await ledger.recall(['s1', 'unknown'], NOW);
      expect(recalled.inFlight).toEqual([
        { encodeServerId: 's1', serverId: 'h1', runId: 'r1', claimedAt: NOW },
      ]);
      expect([...recalled.servers]).toEqual([
        ['s1', { serverId: 'h1', attempts: [NOW], lastAttemptAt: NOW }],
      ]);
    });

    it('an intent keeps whether it is planned and whether the server was running', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const all = [
        { ...planned('s1', 'h1'), wasRunning: true },
        { ...repair('s2', 'h2'), wasRunning: true },
        repair('s3', 'h3'),
      ];
      await ledger.claim(ask(lease, all));
      const kept = new Map(
        (await ledger.recall([], NOW)).inFlight.map((intent) => [intent.encodeServerId, intent]),
      );
      expect(kept.get('s1')).toMatchObject({ planned: true, wasRunning: true });
      expect(kept.get('s2')).toMatchObject({ wasRunning: true });
      expect(kept.get('s2')).not.toHaveProperty('planned');
      expect(kept.get('s3')).not.toHaveProperty('wasRunning');
      await ledger.giveBack(lease, ['s1']);
      expect((await recordOf(ledger, 's1'))?.attempts).toEqual([]);
    });

    it('nothing is asked for, nothing is granted', async () => {
      const ledger = await make();
      expect(await ledger.claim(ask(await drive(ledger), []))).toEqual({ granted: [], refused: [] });
    });

    it('an id that is given twice is one', async () => {
      const ledger = await make();
      expect(await ledger.claim(ask(await drive(ledger), ['s1', 's2', 's1']))).toEqual({
        granted: [
          { encodeServerId: 's1', number: 1 },
          { encodeServerId: 's2', number: 1 },
        ],
        refused: [],
      });
      expect(await inFlight(ledger)).toEqual(['s1', 's2']);
    });

    it('of two runs that claim a server at once, one gets it', async () => {
      const [one, another] = await twoInstances(make);
      const asks = [ask(await drive(one, 'r1'), ['s1', 's2']), ask(await drive(another, 'r2'), ['s2', 's1'])];
      const answers = await Promise.all(
        asks.map((wanted, index) => (index === 0 ? one : another).claim(wanted)),
      );
      expect(answers.flatMap(granted).toSorted()).toEqual(['s1', 's2']);
      expect(answers.flatMap(reasons)).toEqual(['in_flight', 'in_flight']);
      expect(await inFlight(one)).toEqual(['s1', 's2']);
    });

    it('nothing is granted while paused, and the no says until when; then it is over by itself', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const until = at(minutes(5));
      await ledger.pause({ who: 'Wang', why: 'release', until });
      const answer = await ledger.claim(ask(lease, ['s1'], { now: at(milliseconds(299_999)) }));
      const reason = { code: 'paused', who: 'Wang', why: 'release' };
      expect(answer).toEqual({
        granted: [],
        refused: [{ encodeServerId: 's1', hold: { guard: 'pause', reason, until } }],
      });
      expect((await ledger.claim(ask(lease, ['s1'], { now: until }))).granted).toHaveLength(1);
    });

    it('the cooldown runs from the claim, also after a recovery: not a moment before its end, at its end', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'recovered', at(minutes(2))));
      const hold = {
        guard: 'cooldown',
        reason: { code: 'cooldown', lastAttemptAt: NOW },
        until: at(minutes(30)),
      };
      const early = await ledger.claim(ask(lease, ['s1'], { now: at(milliseconds(1_799_999)) }));
      expect(early.refused).toEqual([{ encodeServerId: 's1', hold }]);
      expect(granted(await ledger.claim(ask(lease, ['s1'], { now: at(minutes(30)) })))).toEqual(['s1']);
    });

    it('the cooldown is the one in force at the second claim', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'unconfirmed'));
      const within = (cooldown: number) =>
        ask(lease, ['s1'], { now: at(minutes(40)), limits: { ...LIMITS, cooldown: minutes(cooldown) } });
      expect(reasons(await ledger.claim(within(41)))).toEqual(['cooldown']);
      expect(granted(await ledger.claim(within(40)))).toEqual(['s1']);
    });

    it('a server in flight is refused for as long as that lasts, to its own run too', async () => {
      const ledger = await make();
      const [own, other] = [await drive(ledger, 'r1'), await drive(ledger, 'r2')];
      await ledger.claim(ask(own, ['s1']));
      const reason = { code: 'in_flight', runId: 'r1' };
      for (const lease of [own, other]) {
        const soon = await ledger.claim(ask(lease, ['s1'], { now: at(minutes(1)) }));
        expect(soon.refused[0]?.hold).toEqual({ guard: 'cooldown', reason, until: at(minutes(30)) });
        const late = await ledger.claim(ask(lease, ['s1'], { now: at(hours(5)) }));
        expect(late.refused[0]?.hold).toEqual({ guard: 'cooldown', reason });
      }
    });

    it('so many attempts are granted without a recovery, until one of them is a day old', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      for (const hour of [0, 1, 2]) {
        const answer = await ledger.claim(ask(lease, ['s1'], { now: at(hours(hour)) }));
        expect(answer.granted).toEqual([{ encodeServerId: 's1', number: hour + 1 }]);
        await save(ledger, lease, ended('s1', 'not_recovered'));
      }
      const early = await ledger.claim(ask(lease, ['s1'], { now: at(milliseconds(24 * 3_600_000 - 1)) }));
      const reason = { code: 'attempts_used', attempts: 3 };
      expect(early.refused[0]?.hold).toEqual({ guard: 'attempts', reason, until: at(hours(24)) });
      const next = await ledger.claim(ask(lease, ['s1'], { now: at(hours(24)) }));
      expect(next.granted).toEqual([{ encodeServerId: 's1', number: 3 }]);
    });

    it('when fewer attempts are allowed than were made, the no lasts until enough of them are a day old', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      for (const hour of [0, 1, 2]) {
        await ledger.claim(ask(lease, ['s1'], { now: at(hours(hour)) }));
        await save(ledger, lease, ended('s1', 'rejected'));
      }
      const limits = { ...LIMITS, maxAttempts: 2 };
      const answer = await ledger.claim(ask(lease, ['s1'], { limits, now: at(hours(3)) }));
      expect(answer.refused[0]?.hold).toMatchObject({ guard: 'attempts', until: at(hours(25)) });
    });

    it('a server that was handed over is refused, however long ago that was', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, givenUp('s1', at(minutes(3))));
      const answer = await ledger.claim(ask(lease, ['s1'], { now: at(hours(480)) }));
      const reason = { code: 'handed_over', since: at(minutes(3)), why: expect.any(String) };
      expect(answer.refused[0]?.hold).toEqual({ guard: 'attempts', reason });
    });
  });
