/** Planned work: alone on its host, and within what may be unavailable. */
import { describe, expect, it } from 'vitest';
import {
  ask,
  drive,
  ended,
  granted,
  LIMITS,
  type MakeLedger,
  planned,
  reasons,
  repair,
  save,
} from './given.ts';

export const plannedWork = (make: MakeLedger) =>
  describe('planned work', () => {
    it.each([
      ['a repair', repair('s1')],
      ['planned work', planned('s1')],
    ])(
      'is alone on its host: it waits for %s in flight there, and goes on another host',
      async (_, first) => {
        const ledger = await make();
        const lease = await drive(ledger);
        await ledger.claim(ask(lease, [first]));
        const answer = await ledger.claim(ask(lease, [planned('s2'), planned('s3', 'h2')]));
        expect(granted(answer)).toEqual(['s3']);
        expect(answer.refused[0]?.hold).toEqual({
          guard: 'host',
          reason: { code: 'host_busy', encodeServerId: 's1' },
        });
        await save(ledger, lease, ended('s1', 'recovered'));
        expect(granted(await ledger.claim(ask(lease, [planned('s2')])))).toEqual(['s2']);
      },
    );

    it('holds no repair back on its host: that needs room within the limit only', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, [planned('s1')]));
      const tight = { limits: { ...LIMITS, maxPerHost: 2 } };
      const answer = await ledger.claim(ask(lease, [repair('s2'), repair('s3')], tight));
      expect(granted(answer)).toEqual(['s2']);
      expect(reasons(answer)).toEqual(['host_limit']);
    });

    it('is one a host also within one claim', async () => {
      const ledger = await make();
      const servers = [planned('s1', 'h1'), planned('s2', 'h1'), planned('s3', 'h2')];
      const answer = await ledger.claim(ask(await drive(ledger), servers));
      expect(granted(answer)).toEqual(['s1', 's3']);
      expect(reasons(answer)).toEqual(['host_busy']);
    });

    it('counts what is troubled and what is in flight as unavailable, and what is both once', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, [repair('a', 'h1'), repair('b', 'h2')]));
      // a, b and c: three are unavailable, though troubled and in flight are two each.
      const troubled = ['b', 'c'];
      const limited = (maxUnavailable: number) => ({ troubled, limits: { ...LIMITS, maxUnavailable } });
      const [next, afterNext] = [planned('d', 'h3'), planned('e', 'h4')];
      const answer = await ledger.claim(ask(lease, [next], limited(3)));
      expect(answer.refused[0]?.hold).toEqual({
        guard: 'unavailable',
        reason: { code: 'unavailable_limit', unavailable: 3, limit: 3 },
      });
      const oneMore = await ledger.claim(ask(lease, [next, afterNext], limited(4)));
      expect(granted(oneMore)).toEqual(['d']);
      expect(reasons(oneMore)).toEqual(['unavailable_limit']);
    });

    it('is what is limited by the unavailable: a repair is not', async () => {
      const ledger = await make();
      const troubled = ['s1', 's2', 's3'];
      const tight = { troubled, limits: { ...LIMITS, maxUnavailable: 1 } };
      expect(granted(await ledger.claim(ask(await drive(ledger), ['s1'], tight)))).toEqual(['s1']);
    });

    it('counts among all that is in flight', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const tight = { limits: { ...LIMITS, maxConcurrency: 1 } };
      await ledger.claim(ask(lease, [repair('s1')]));
      expect(reasons(await ledger.claim(ask(lease, [planned('s2', 'h2')], tight)))).toEqual([
        'concurrency_limit',
      ]);
    });
  });
