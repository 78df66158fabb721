import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState, type LedgerState, seededState } from '../../../lib/ledger/state.ts';
import { hours } from '../../../lib/time.ts';
import { ledgerContract } from './contract.ts';
import { at, drive, letter, run } from './given.ts';

const stores = new Map<string, LedgerState>();

ledgerContract('memory', ({ store } = {}) => {
  if (store === undefined) return memoryLedger({ shared: true });
  const state = stores.get(store) ?? emptyState();
  stores.set(store, state);
  return memoryLedger({ shared: true, state });
});

describe('the memory ledger', () => {
  it('says whether it is shared as it was told', () => {
    expect([true, false].map((shared) => memoryLedger({ shared }).shared)).toEqual([true, false]);
  });

  it('forgets runs two days after they were opened, once they ended and were reported', async () => {
    const ledger = memoryLedger({ shared: true });
    for (const runId of ['reported', 'silent', 'open']) {
      const lease = await drive(ledger, runId);
      if (runId !== 'open') await ledger.save(run(runId, { state: 'done' }), lease);
    }
    await ledger.told(['reported'], 'm1', []);
    await ledger.open(run('next'), at(hours(48)));
    expect(await ledger.run('reported')).toBeDefined();
    await ledger.open(run('after that'), at(hours(49)));
    expect(await ledger.run('reported')).toBeUndefined();
    expect((await ledger.unfinishedRuns()).map(({ runId }) => runId)).toEqual([
      'silent',
      'open',
      'next',
      'after that',
    ]);
  });

  it('never forgets a letter that was not sent', async () => {
    const state = emptyState();
    const ledger = memoryLedger({ shared: true, state });
    for (const id of ['sent', 'unsent']) await ledger.post(letter(id));
    await ledger.sent('sent');
    await ledger.open(run('next'), at(hours(49)));
    expect([...state.letters.keys()]).toEqual(['unsent']);
  });
});

describe('a seed of the memory ledger', () => {
  it('brings attempts, the last of them, what was handed over, and a pause', async () => {
    const state = seededState({
      servers: {
        s1: {
          server_id: 'h1',
          attempts: ['2026-03-01T18:20:00Z', '2026-03-01T18:00:00Z'],
          first_seen_abnormal: '2026-03-01T17:00:00Z',
          handed_over: { since: '2026-03-01T18:20:00Z', why: 'x' },
        },
      },
      pause: { who: 'a', why: 'b', until: '2026-03-01T20:00:00Z' },
    });
    const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
    expect(state.servers.get('s1')).toEqual({
      serverId: 'h1',
      attempts: [at('18:00:00'), at('18:20:00')],
      lastAttemptAt: at('18:20:00'),
      firstSeenAbnormalAt: at('17:00:00'),
      handedOver: { since: at('18:20:00'), why: 'x' },
    });
    expect(state.pause?.until).toBe(at('20:00:00'));
  });

  it('starts the cooldown at the newest of all attempts it tells of', () => {
    const attempts = ['2026-03-01T18:20:00Z'];
    const state = seededState({
      servers: { s1: { server_id: 'h1', attempts, last_attempt: '2026-03-01T18:00:00Z' } },
    });
    expect(state.servers.get('s1')?.lastAttemptAt).toBe(Date.parse('2026-03-01T18:20:00Z'));
  });

  it('brings what people excluded, the size of the fleet, and since when the ledger remembers', () => {
    const since = '2026-03-01T18:00:00Z';
    const state = seededState({
      servers: { s1: { server_id: 'h1', last_failed: true } },
      exclusions: { h2: { who: 'Zhao', why: 'disk', since } },
      fleet_looks: [{ at: since, count: 40 }],
      begun_at: since,
    });
    const at18 = Date.parse(since);
    expect(state.servers.get('s1')).toEqual({ serverId: 'h1', attempts: [], lastFailed: true });
    expect([...state.exclusions]).toEqual([['h2', { who: 'Zhao', why: 'disk', since: at18 }]]);
    expect(state.fleetLooks).toEqual([{ at: at18, count: 40 }]);
    expect(state.begunAt).toBe(at18);
  });

  it('that says nothing is an empty ledger', () => {
    expect(seededState({})).toEqual(emptyState());
  });

  it.each([
    [{ server: {} }, 'server'],
    [{ servers: { s1: {} } }, 'servers.s1.server_id'],
    [{ servers: { s1: { server_id: 'h1', attempts: ['noon'] } } }, 'servers.s1.attempts.0'],
    [{ pause: { who: 'a', why: 'b' } }, 'pause.until'],
    [7, 'file'],
  ])('that is wrong is refused with the place: %j', (given, place) => {
    expect(() => seededState(given)).toThrow(place);
  });
});
