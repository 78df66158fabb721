/** What every ledger promises; each store runs this suite. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimRequest, Ledger } from '../../../lib/ledger/ledger.ts';
import { after, before, type EpochMs, epochMs, hours, minutes, seconds } from '../../../lib/time.ts';
import type { Outcome, Pause, Progress, Run, Target } from '../../../lib/types.ts';

export const NOW = epochMs(1_772_389_800_000);
const LIMITS = { cooldown: minutes(30), maxAttempts: 3, maxPerHost: 10, maxConcurrency: 100 };

export interface Seed {
  readonly pause?: Pause;
}

export function ledgerContract(name: string, makeLedger: (seed?: Seed) => Promise<Ledger>): void {
  describe(`the ${name} ledger`, () => {
    it('writes the intent down with the grant, and counts the attempt', async () => {
      const ledger = await makeLedger();
      expect(await ledger.claim(ask(['s1']))).toEqual({
        granted: [{ encodeServerId: 's1', number: 1 }],
        refused: [],
      });
      const { inFlight, servers } = await ledger.recall(['s1']);
      expect(inFlight).toMatchObject([{ encodeServerId: 's1', serverId: 'h1', runId: 'r1', claimedAt: NOW }]);
      expect(servers.get('s1')).toMatchObject({ serverId: 'h1', attempts: [NOW], lastAttemptAt: NOW });
    });

    it('refuses a server that is in flight under another run', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      expect(reasons(await ledger.claim(ask(['s1'], { runId: 'r2', now: after(NOW, hours(2)) })))).toEqual([
        'in_flight',
      ]);
    });

    it('counts the cooldown from the claim: not a moment before its end, at its end', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      await ledger.save(run('r1', [ended('s1', 'recovered')]));
      const end = after(NOW, LIMITS.cooldown);
      const early = await ledger.claim(ask(['s1'], { now: before(end, seconds(1)) }));
      expect(early.refused).toMatchObject([{ hold: { guard: 'cooldown', until: end } }]);
      expect((await ledger.claim(ask(['s1'], { now: end }))).granted).toHaveLength(1);
    });

    it('keeps the limits within one claim of many servers', async () => {
      const ledger = await makeLedger();
      const ids = ['a', 'b', 'c', 'd', 'e'];
      const tight = { ...LIMITS, maxPerHost: 2 };
      const byHost = await ledger.claim(ask(ids, { limits: tight }));
      expect(byHost.granted).toHaveLength(2);
      expect(reasons(byHost)).toEqual(['host_limit', 'host_limit', 'host_limit']);
      const inAll = await (await makeLedger()).claim(ask(ids, { limits: { ...LIMITS, maxConcurrency: 3 } }));
      expect(inAll.granted).toHaveLength(3);
      expect(reasons(inAll)).toEqual(['concurrency_limit', 'concurrency_limit']);
    });

    it('grants nothing where a limit is zero', async () => {
      for (const none of [{ maxPerHost: 0 }, { maxConcurrency: 0 }, { maxAttempts: 0 }]) {
        const answer = await (await makeLedger()).claim(ask(['s1'], { limits: { ...LIMITS, ...none } }));
        expect(answer.granted).toEqual([]);
      }
    });

    it('takes an id that is given twice for one', async () => {
      const answer = await (await makeLedger()).claim(ask(['s1', 's1']));
      expect(answer).toEqual({ granted: [{ encodeServerId: 's1', number: 1 }], refused: [] });
    });

    it('grants nothing while paused, and again when the pause is over', async () => {
      const until = after(NOW, minutes(5));
      const ledger = await makeLedger({ pause: { who: 'ops', why: 'release', until } });
      expect((await ledger.claim(ask(['s1']))).refused).toMatchObject([{ hold: { guard: 'pause', until } }]);
      expect((await ledger.claim(ask(['s1'], { now: until }))).granted).toHaveLength(1);
    });

    it('grants so many attempts in a day without a recovery, and starts anew after one', async () => {
      const ledger = await makeLedger();
      const at = (attempt: number) => after(NOW, hours(attempt));
      for (const attempt of [0, 1, 2]) {
        const answer = await ledger.claim(ask(['s1'], { now: at(attempt) }));
        expect(answer.granted).toEqual([{ encodeServerId: 's1', number: attempt + 1 }]);
        await ledger.save(run('r1', [ended('s1', 'not_recovered')]));
      }
      expect(reasons(await ledger.claim(ask(['s1'], { now: at(3) })))).toEqual(['attempts_used']);
      expect((await ledger.claim(ask(['s1'], { now: after(NOW, hours(24)) }))).granted).toMatchObject([
        { number: 3 },
      ]);
      await ledger.save(run('r1', [ended('s1', 'recovered')]));
      expect((await ledger.claim(ask(['s1'], { now: after(NOW, hours(25)) }))).granted).toMatchObject([
        { number: 1 },
      ]);
    });

    it('keeps a server that was handed over from any further claim', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      await ledger.save(run('r1', [ended('s1', 'not_recovered', true)]));
      expect(reasons(await ledger.claim(ask(['s1'], { now: after(NOW, hours(48)) })))).toEqual([
        'handed_over',
      ]);
    });

    it('takes a server that was handed over for its own again once it is seen running', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      await ledger.seenWell(['s1']);
      await ledger.save(run('r1', [ended('s1', 'not_recovered', true)]));
      await ledger.seenWell(['s1', 'unknown']);
      const answer = await ledger.claim(ask(['s1'], { now: after(NOW, hours(1)) }));
      expect(answer.granted).toEqual([{ encodeServerId: 's1', number: 1 }]);
    });

    it('says when an attempt grows old enough for the next', async () => {
      const ledger = await makeLedger();
      const limits = { ...LIMITS, maxAttempts: 1 };
      await ledger.claim(ask(['s1'], { limits }));
      await ledger.save(run('r1', [ended('s1', 'unconfirmed')]));
      const answer = await ledger.claim(ask(['s1'], { limits, now: after(NOW, hours(1)) }));
      expect(answer.refused).toMatchObject([{ hold: { guard: 'attempts', until: after(NOW, hours(24)) } }]);
    });

    it('gives a claim back as if it had never been, to its own run only', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      await ledger.save(run('r1', [ended('s1', 'not_recovered')]));
      const later = after(NOW, minutes(40));
      await ledger.claim(ask(['s1'], { runId: 'r2', now: later }));
      await ledger.giveBack('r1', ['s1']);
      expect((await ledger.recall(['s1'])).inFlight).toHaveLength(1);
      await ledger.giveBack('r2', ['s1', 'unknown']);
      const { inFlight, servers } = await ledger.recall(['s1']);
      expect(inFlight).toEqual([]);
      expect(servers.get('s1')).toMatchObject({ attempts: [NOW], lastAttemptAt: NOW });
    });

    it('ends only what is in flight under the run that is saved', async () => {
      const ledger = await makeLedger();
      await ledger.claim(ask(['s1']));
      await ledger.save(run('r2', [ended('s1', 'recovered')]));
      expect((await ledger.recall(['s1'])).inFlight).toHaveLength(1);
      await ledger.save(run('r1', [ended('s1', 'unconfirmed')]));
      expect((await ledger.recall(['s1'])).inFlight).toEqual([]);
    });

    it('opens one run for a delivery and knows it for a day', async () => {
      const ledger = await makeLedger();
      expect(await ledger.open(run('r1', []), NOW)).toBe(true);
      expect(await ledger.open(run('r2', []), after(NOW, hours(23)))).toBe(false);
      expect(await ledger.delivered('d1', after(NOW, hours(23)))).toBe('r1');
      expect(await ledger.delivered('d1', after(NOW, hours(24)))).toBeUndefined();
      expect(await ledger.delivered('another', NOW)).toBeUndefined();
      expect(await ledger.run('r1')).toMatchObject({ runId: 'r1' });
      expect(await ledger.run('r2')).toBeUndefined();
    });

    it('remembers runs until they have ended and are reported', async () => {
      const ledger = await makeLedger();
      await ledger.open(run('r1', []), NOW);
      expect(await ledger.unfinishedRuns()).toHaveLength(1);
      await ledger.save({ ...run('r1', []), state: 'done' });
      expect(await ledger.unfinishedRuns()).toHaveLength(1);
      await ledger.save({ ...run('r1', []), state: 'done', reportedAs: 'm1' });
      expect(await ledger.unfinishedRuns()).toEqual([]);
    });

    it('in no history grants a server twice within the cooldown or goes over a limit', async () => {
      const step = fc.record({
        what: fc.constantFrom(
          'claim',
          'claim',
          'claim',
          'give back',
          'recovered',
          'not_recovered',
          'unconfirmed',
        ),
        server: fc.integer({ min: 0, max: 5 }),
        run: fc.constantFrom('r1', 'r2'),
        passes: fc.integer({ min: 0, max: 20 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const ledger = await makeLedger();
          const limits = { cooldown: minutes(30), maxAttempts: 9, maxPerHost: 2, maxConcurrency: 3 };
          const granted = new Map<string, { at: EpochMs; run: string; earlier?: EpochMs }>();
          const last = new Map<string, EpochMs>();
          let now = NOW;
          for (const { what, server, run: runId, passes } of steps) {
            now = after(now, minutes(passes));
            const id = `s${server}`;
            if (what === 'claim') {
              const servers = [{ encodeServerId: id, serverId: `h${server % 2}` }];
              const answer = await ledger.claim({ runId, now, servers, limits });
              if (answer.granted.length > 0) {
                const earlier = last.get(id);
                if (earlier !== undefined) expect(now - earlier).toBeGreaterThanOrEqual(limits.cooldown);
                expect(granted.has(id)).toBe(false);
                granted.set(id, { at: now, run: runId, ...(earlier === undefined ? {} : { earlier }) });
                last.set(id, now);
              }
            } else if (granted.get(id)?.run === runId) {
              const claim = granted.get(id);
              granted.delete(id);
              if (what === 'give back') {
                await ledger.giveBack(runId, [id]);
                if (claim?.earlier === undefined) last.delete(id);
                else last.set(id, claim.earlier);
              } else await ledger.save(run(runId, [ended(id, what as Exclude<Outcome, 'held'>)]));
            }
            const { inFlight } = await ledger.recall([]);
            expect(new Set(inFlight.map((intent) => intent.encodeServerId))).toEqual(new Set(granted.keys()));
            expect(inFlight.length).toBeLessThanOrEqual(limits.maxConcurrency);
            for (const host of ['h0', 'h1']) {
              expect(inFlight.filter((intent) => intent.serverId === host).length).toBeLessThanOrEqual(
                limits.maxPerHost,
              );
            }
          }
        }),
        { numRuns: 200 },
      );
    });
  });
}

const ask = (ids: readonly string[], more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  runId: 'r1',
  now: NOW,
  servers: ids.map((encodeServerId) => ({ encodeServerId, serverId: 'h1' })),
  limits: LIMITS,
  ...more,
});

const reasons = (answer: Awaited<ReturnType<Ledger['claim']>>) =>
  answer.refused.map(({ hold }) => hold.reason.code);

function ended(encodeServerId: string, state: Exclude<Outcome, 'held'>, isHandedOver = false): Target {
  const attempt = { claimedAt: NOW, wasRunning: false, number: 1, restartSeen: true };
  const progress: Progress = { state, attempt, endedAt: NOW, ...(isHandedOver ? { handedOver: true } : {}) };
  return { encodeServerId, serverId: 'h1', resolvedAs: 'abnormal', named: false, progress };
}

function run(runId: string, targets: readonly Target[]): Run {
  return {
    runId,
    request: {
      deliveryId: 'd1',
      source: 'alarm',
      selector: { kind: 'candidates', ids: ['h1'] },
      reason: 'r',
      requestedBy: 'b',
      requestedAt: NOW,
      dryRun: false,
    },
    state: 'running',
    openedAt: NOW,
    endsAt: after(NOW, hours(12)),
    settingsHash: 'x',
    hosts: ['h1'],
    targets,
    requestIds: [],
  };
}
