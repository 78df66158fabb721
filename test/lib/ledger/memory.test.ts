import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState, seededState } from '../../../lib/ledger/state.ts';
import { ledgerContract, type Seed } from './contract.ts';

ledgerContract('memory', async (seed: Seed = {}) =>
  memoryLedger({ shared: true, state: Object.assign(emptyState(), seed) }),
);

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
