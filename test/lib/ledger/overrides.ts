/** What a person overrides, and what nobody does. */
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lib/time.ts';
import {
  ask,
  at,
  drive,
  ended,
  givenUp,
  granted,
  LIMITS,
  type MakeLedger,
  NOW,
  overriding,
  reasons,
  recordOf,
  repair,
  STORM,
  save,
} from './given.ts';

export const overrides = (make: MakeLedger) =>
  describe('what a person overrides', () => {
    it('is the cooldown, of the server they named alone, and the intent records it', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1', 's2']));
      await save(ledger, lease, ended('s1', 'not_recovered'), ended('s2', 'not_recovered'));
      const forced = { ...repair('s1'), ...overriding('cooldown') };
      const answer = await ledger.claim(ask(lease, [forced, 's2'], { now: at(minutes(1)) }));
      expect(answer.granted).toEqual([{ encodeServerId: 's1', number: 2 }]);
      expect(reasons(answer)).toEqual(['cooldown']);
      expect((await ledger.recall([], NOW)).inFlight).toEqual([
        {
          encodeServerId: 's1',
          serverId: 'h1',
          runId: 'r1',
          claimedAt: at(minutes(1)),
          previousAttemptAt: NOW,
          ...overriding('cooldown'),
        },
      ]);
    });

    it('is the attempts, used up or handed over; the hand-over stays until the server is well', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const limits = { ...LIMITS, maxAttempts: 1 };
      await ledger.claim(ask(lease, ['s1', 's2'], { limits }));
      await save(ledger, lease, ended('s1', 'not_recovered'), givenUp('s2'));
      const forced = ['s1', 's2'].map((id) => ({ ...repair(id), ...overriding('attempts') }));
      const soon = await ledger.claim(ask(lease, forced, { limits, now: at(minutes(29)) }));
      expect(reasons(soon)).toEqual(['cooldown', 'cooldown']);
      const later = await ledger.claim(ask(lease, forced, { limits, now: at(minutes(30)) }));
      expect(granted(later)).toEqual(['s1', 's2']);
      expect((await recordOf(ledger, 's2'))?.handedOver).toBeDefined();
    });

    it('is the storm: such a restart is no canary and takes no canary its place', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      const forced = ['s1', 's2'].map((id) => ({ ...repair(id), ...overriding('storm') }));
      const answer = await ledger.claim(ask(lease, [...forced, 's3', 's4'], { storm: STORM }));
      expect(granted(answer)).toEqual(['s1', 's2', 's3']);
      expect(reasons(answer)).toEqual(['storm']);
    });

    const all = overriding('ledger', 'storm', 'settling', 'cooldown', 'attempts', 'window');
    it('is never a pause, a restart in flight, or a limit', async () => {
      const ledger = await make();
      const lease = await drive(ledger);
      await ledger.claim(ask(lease, ['s1']));
      const refusals = async (id: string, limits: Partial<typeof LIMITS> = {}) =>
        reasons(
          await ledger.claim(
            ask(lease, [{ ...repair(id), ...all }], { limits: { ...LIMITS, ...limits }, now: at(hours(1)) }),
          ),
        );
      expect(await refusals('s1')).toEqual(['in_flight']);
      expect(await refusals('s2', { maxPerHost: 1 })).toEqual(['host_limit']);
      expect(await refusals('s2', { maxConcurrency: 1 })).toEqual(['concurrency_limit']);
      await ledger.pause({ who: 'Wang', why: 'release', until: at(hours(2)) });
      expect(await refusals('s2')).toEqual(['paused']);
    });
  });
