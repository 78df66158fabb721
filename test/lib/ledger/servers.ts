/** What is remembered of servers: since when they are abnormal, whom they are handed over to, what was told. */
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/time.ts';
import { TOLD_WELL } from '../../../lib/types.ts';
import { ask, at, drive, ended, type MakeLedger, NOW, recordOf, repair, save } from './given.ts';

export const servers = (make: MakeLedger) =>
  describe('servers', () => {
    it('that are abnormal are so since they were first seen; those not among them are not any more', async () => {
      const ledger = await make();
      const firstSeen = async (id: string) => (await recordOf(ledger, id))?.firstSeenAbnormalAt;
      await ledger.seenAbnormal([seen('s1'), seen('s2')], NOW);
      await ledger.seenAbnormal([seen('s1'), seen('s3')], at(minutes(1)));
      expect(await firstSeen('s1')).toBe(NOW);
      expect(await firstSeen('s2')).toBeUndefined();
      expect(await firstSeen('s3')).toBe(at(minutes(1)));
      await ledger.seenAbnormal([], at(minutes(2)));
      expect(await firstSeen('s1')).toBeUndefined();
      await ledger.seenAbnormal([seen('s1')], at(minutes(3)));
      expect(await firstSeen('s1')).toBe(at(minutes(3)));
    });

    it('keep their attempts when they become abnormal and when they are not any more', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'not_recovered'));
      const before = await recordOf(ledger, 's1');
      await ledger.seenAbnormal([seen('s1')], at(minutes(1)));
      expect(await recordOf(ledger, 's1')).toEqual({ ...before, firstSeenAbnormalAt: at(minutes(1)) });
      await ledger.seenAbnormal([], at(minutes(2)));
      expect(await recordOf(ledger, 's1')).toEqual(before);
    });

    it('that were only seen to be abnormal are known with their host, and may be claimed', async () => {
      const ledger = await make();
      await ledger.seenAbnormal([{ encodeServerId: 's1', serverId: 'h7' }], NOW);
      expect(await recordOf(ledger, 's1')).toEqual({
        serverId: 'h7',
        attempts: [],
        firstSeenAbnormalAt: NOW,
      });
      const answer = await ledger.claim(ask(await drive(ledger), [repair('s1', 'h7')]));
      expect(answer.granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
      expect((await recordOf(ledger, 's1'))?.firstSeenAbnormalAt).toBe(NOW);
    });

    it('that are held are told as such until a claim has come to an outcome', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.told([], 'm1', [{ ...seen('s1'), why: 'cooldown' }]);
      await ledger.told([], 'm2', [{ ...seen('s1'), why: 'storm' }]);
      expect(await recordOf(ledger, 's1')).toEqual({ serverId: 'h1', attempts: [], toldHeld: 'storm' });
      await ledger.pause({ who: 'Wang', why: 'release', until: at(minutes(1)) });
      await ledger.claim(ask(lease, ['s1']));
      expect((await recordOf(ledger, 's1'))?.toldHeld).toBe('storm');
      await ledger.claim(ask(lease, ['s1'], { now: at(minutes(1)) }));
      await ledger.giveBack(lease, ['s1']);
      expect((await recordOf(ledger, 's1'))?.toldHeld).toBe('storm');
      await ledger.claim(ask(lease, ['s1'], { now: at(minutes(1)) }));
      expect((await recordOf(ledger, 's1'))?.toldHeld).toBe('storm');
      await save(ledger, lease, ended('s1', 'not_recovered'));
      expect(await recordOf(ledger, 's1')).not.toHaveProperty('toldHeld');
    });

    it('that were seen running are neither abnormal nor held, and keep their attempts', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      await save(ledger, lease, ended('s1', 'not_recovered'));
      const before = await recordOf(ledger, 's1');
      await ledger.seenAbnormal([seen('s1')], NOW);
      await ledger.told([], 'm1', [{ ...seen('s1'), why: 'cooldown' }]);
      await ledger.seenWell(['s1', 'unknown'], NOW, minutes(10));
      expect(await recordOf(ledger, 's1')).toEqual(before);
      expect((await ledger.recall(['unknown'], NOW)).servers.size).toBe(0);
    });

    it('may be many more than one step takes', async () => {
      const ledger = await make();
      const ids = Array.from({ length: 6_000 }, (_, index) => `s${index}`);
      const edges = ['s0', 's2499', 's2500', 's5999'];
      await ledger.told(
        [],
        'm1',
        ids.map((id) => ({ ...seen(id), why: 'window' })),
      );
      expect((await ledger.recall(ids, NOW)).servers.size).toBe(6_000);
      for (const id of edges) expect(await recordOf(ledger, id)).toMatchObject({ toldHeld: 'window' });
      await ledger.handOver(ids, 'three attempts', NOW);
      const recalled = await ledger.recall(ids, NOW);
      expect([recalled.handedOver.size, recalled.servers.size]).toEqual([6_000, 6_000]);
      for (const id of edges) expect(recalled.servers.get(id)?.handedOver).toMatchObject({ since: NOW });
      await ledger.seenWell(ids, NOW, minutes(10));
      await ledger.seenWell(ids, at(minutes(10)), minutes(10));
      expect((await ledger.recall([], NOW)).handedOver.size).toBe(0);
    });

    it('that were running when people were told of them stay told while they run', async () => {
      const ledger = await make();
      await ledger.told([], 'm1', [
        { ...seen('s1'), why: `pause/paused${TOLD_WELL}` },
        { ...seen('s2'), why: 'pause/paused' },
      ]);
      await ledger.seenWell(['s1', 's2'], NOW, minutes(10));
      expect((await recordOf(ledger, 's1'))?.toldHeld).toBe(`pause/paused${TOLD_WELL}`);
      expect(await recordOf(ledger, 's2')).not.toHaveProperty('toldHeld');
    });

    it('are recalled as they were: what happens afterwards does not show in it', async () => {
      const ledger = await make();
      const before = await ledger.recall(['s1'], NOW);
      const lease = await drive(ledger);
      await ledger.sawStorm(true, NOW);
      await ledger.claim(ask(lease, ['s1']));
      await ledger.handOver(['s1'], 'look at it', NOW);
      await ledger.exclude('h1', { who: 'Wang', why: 'disk', since: NOW });
      expect(before).toEqual({
        servers: new Map(),
        inFlight: [],
        handedOver: new Set(),
        exclusions: new Map(),
        begunAt: NOW,
        fleetLooks: [],
      });
    });
  });

const seen = (encodeServerId: string) => ({ encodeServerId, serverId: 'h1' });
