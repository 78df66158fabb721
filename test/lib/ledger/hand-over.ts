/** Servers that a person has to look at. */
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { hours, minutes } from '../../../lib/time.ts';
import {
  ask,
  at,
  drive,
  ended,
  granted,
  type MakeLedger,
  NOW,
  overriding,
  recordOf,
  repair,
  save,
} from './given.ts';

export const handOver = (make: MakeLedger) =>
  describe('a server that was handed over', () => {
    const nextClaim = async (ledger: Ledger) =>
      ledger.claim(ask(await drive(ledger, 'r2'), ['s1'], { now: at(hours(1)) }));

    it('is known with since when and why, whoever is asked about, and that does not change', async () => {
      const { ledger } = await failedOnce(make);
      await ledger.handOver(['s1'], 'the whole host fails', at(minutes(3)));
      await ledger.handOver(['s1'], 'again', at(minutes(9)));
      const { handedOver, servers: none } = await ledger.recall([], NOW);
      expect([handedOver, none]).toEqual([new Set(['s1']), new Map()]);
      expect(await recordOf(ledger, 's1')).toMatchObject({
        attempts: [NOW],
        handedOver: { since: at(minutes(3)), why: 'the whole host fails' },
      });
      expect((await nextClaim(ledger)).refused[0]?.hold.reason).toEqual({
        code: 'handed_over',
        since: at(minutes(3)),
        why: 'the whole host fails',
      });
    });

    it('is ours again once it was seen running for long enough, and its attempts start anew', async () => {
      const { ledger } = await failedOnce(make);
      await ledger.handOver(['s1'], 'look at it', NOW);
      await ledger.told([], 'm1', [{ ...seen('s1'), why: 'handed_over' }]);
      await ledger.seenWell(['s1'], at(minutes(4)), minutes(10));
      await ledger.seenWell(['s1'], at(minutes(13)), minutes(10));
      expect(await recordOf(ledger, 's1')).toMatchObject({
        attempts: [NOW],
        handedOver: { since: NOW, why: 'look at it', wellSince: at(minutes(4)) },
        toldHeld: 'handed_over',
      });
      await ledger.seenWell(['s1'], at(minutes(14)), minutes(10));
      expect(await recordOf(ledger, 's1')).not.toHaveProperty('toldHeld');
      expect((await ledger.recall([], NOW)).handedOver.size).toBe(0);
      expect((await nextClaim(ledger)).granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
    });

    it('stays so when it was abnormal in between: its time runs anew, and nobody is told again', async () => {
      const { ledger } = await failedOnce(make);
      await ledger.seenAbnormal([seen('s1')], NOW);
      await ledger.handOver(['s1'], 'look at it', NOW);
      await ledger.told([], 'm1', [{ ...seen('s1'), why: 'handed_over' }]);
      await ledger.seenWell(['s1'], at(minutes(1)), minutes(10));
      await ledger.seenAbnormal([seen('s1')], at(minutes(5)));
      expect(await recordOf(ledger, 's1')).toMatchObject({
        firstSeenAbnormalAt: at(minutes(5)),
        handedOver: { since: NOW, why: 'look at it' },
        toldHeld: 'handed_over',
      });
      expect((await recordOf(ledger, 's1'))?.handedOver).not.toHaveProperty('wellSince');
      await ledger.seenWell(['s1'], at(minutes(11)), minutes(10));
      expect((await ledger.recall([], NOW)).handedOver).toEqual(new Set(['s1']));
    });

    it('stays so while it is in flight, though it is seen running: the outcome decides', async () => {
      const { ledger, lease } = await failedOnce(make);
      await ledger.handOver(['s1'], 'look at it', NOW);
      const forced = { ...repair('s1'), ...overriding('attempts') };
      await ledger.claim(ask(lease, [forced], { now: at(minutes(30)) }));
      await ledger.seenWell(['s1'], at(minutes(31)), minutes(0));
      await ledger.seenWell(['s1'], at(minutes(32)), minutes(0));
      expect(await recordOf(ledger, 's1')).toMatchObject({
        attempts: [NOW, at(minutes(30))],
        handedOver: { since: NOW },
      });
    });

    it('is taken back by a person: attempts start again, the cooldown goes on', async () => {
      const { ledger, lease } = await failedOnce(make);
      await ledger.handOver(['s1'], 'look at it', NOW);
      await ledger.told([], 'm1', [{ ...seen('s1'), why: 'handed_over' }]);
      expect(await ledger.acknowledge(['s1', 's1', 'unknown'])).toBe(1);
      expect(await recordOf(ledger, 's1')).toEqual({
        serverId: 'h1',
        attempts: [],
        lastAttemptAt: NOW,
        lastFailed: true,
      });
      expect(await ledger.acknowledge(['s1'])).toBe(0);
      expect(granted(await ledger.claim(ask(lease, ['s1'], { now: at(minutes(29)) })))).toEqual([]);
      expect((await nextClaim(ledger)).granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
    });

    it('is what is taken back: attempts of others stay', async () => {
      const { ledger } = await failedOnce(make);
      expect(await ledger.acknowledge(['s1'])).toBe(0);
      expect((await nextClaim(ledger)).granted).toEqual([{ encodeServerId: 's1', number: 2 }]);
    });
  });

const seen = (encodeServerId: string) => ({ encodeServerId, serverId: 'h1' });

async function failedOnce(make: MakeLedger) {
  const ledger = await make();
  const lease = await drive(ledger);
  await ledger.claim(ask(lease, ['s1']));
  await save(ledger, lease, ended('s1', 'not_recovered'));
  return { ledger, lease };
}
