/** How much may be in flight, of repairs and of planned work. */
import { describe, expect, it } from 'vitest';
import {
  ask,
  drive,
  ended,
  granted,
  inFlight,
  LIMITS,
  type MakeLedger,
  planned,
  repair,
  save,
  twoInstances,
} from './given.ts';

export const limits = (make: MakeLedger) =>
  describe('limits', () => {
    it('so many are in flight on a host: what fits is granted in the order of asking, other hosts go on', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const tight = { limits: { ...LIMITS, maxPerHost: 2 } };
      const answer = await ledger.claim(ask(lease, ['c', 'a', 'b', repair('d', 'h2')], tight));
      expect(granted(answer)).toEqual(['c', 'a', 'd']);
      expect(answer.refused).toEqual([
        {
          encodeServerId: 'b',
          hold: { guard: 'host', reason: { code: 'host_limit', inFlight: 2, limit: 2 } },
        },
      ]);
      await save(ledger, lease, ended('a', 'rejected'));
      expect(granted(await ledger.claim(ask(lease, ['b'], tight)))).toEqual(['b']);
    });

    it('so many are in flight at all, of all runs together', async () => {
      const ledger = await make();
      const tight = { limits: { ...LIMITS, maxConcurrency: 3 } };
      const [one, another] = [await drive(ledger, 'r1'), await drive(ledger, 'r2')];
      await ledger.claim(ask(one, [repair('a', 'h1'), repair('b', 'h2')], tight));
      const answer = await ledger.claim(ask(another, [repair('c', 'h3'), repair('d', 'h4')], tight));
      expect(granted(answer)).toEqual(['c']);
      expect(answer.refused[0]?.hold).toEqual({
        guard: 'concurrency',
        reason: { code: 'concurrency_limit', inFlight: 3, limit: 3 },
      });
      await ledger.giveBack(one, ['a']);
      expect(granted(await ledger.claim(ask(another, ['d'], tight)))).toEqual(['d']);
    });

    it('runs that claim at once stay within the limits together', async () => {
      const instances = await twoInstances(make);
      const asks = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'].map(async (runId, index) => {
        const ledger = instances[index % 2 === 0 ? 0 : 1];
        const ids = [0, 1, 2].map((server) => repair(`${runId}-${server}`, `h${server}`));
        const tight = { limits: { ...LIMITS, maxPerHost: 2, maxConcurrency: 5 } };
        return ledger.claim(ask(await drive(ledger, runId), ids, tight));
      });
      const answers = await Promise.all(asks);
      expect(answers.flatMap(granted)).toHaveLength(5);
      const [ledger] = instances;
      expect(await inFlight(ledger)).toEqual(answers.flatMap(granted).toSorted());
    });

    it.each(['maxAttempts', 'maxPerHost', 'maxConcurrency', 'maxUnavailable'])(
      'a limit of zero grants nothing: %s',
      async (limit) => {
        const ledger = await make();
        const none = { limits: { ...LIMITS, [limit]: 0 } };
        const server = limit === 'maxUnavailable' ? planned('s1') : repair('s1');
        const answer = await ledger.claim(ask(await drive(ledger), [server], none));
        expect(answer.granted).toEqual([]);
        expect(answer.refused[0]?.hold).not.toHaveProperty('until');
        expect(await inFlight(ledger)).toEqual([]);
      },
    );

    it('a refusal leaves no trace', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1'], { limits: { ...LIMITS, maxConcurrency: 0 } }));
      expect((await ledger.claim(ask(lease, ['s1']))).granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
    });
  });
