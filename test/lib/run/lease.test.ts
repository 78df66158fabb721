/** One driver a run, however long what it waits for takes. */
import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState, type LedgerState } from '../../../lib/ledger/state.ts';
import { after, between, minutes, seconds } from '../../../lib/time.ts';
import type { Selector } from '../../../lib/types.ts';
import { virtualClock } from '../../../local/clock.ts';
import type { FaultInstance } from '../../../local/faults/index.ts';
import { readFleet } from '../../../local/fleet.ts';
import { startScene } from '../../../local/scene.ts';
import { row, T0, TOPIC } from '../../support/stage.ts';
import { request } from '../guards/support.ts';
import { run } from './looks.ts';

/** Each list of servers is answered at its third try only: that takes 22.5 seconds. */
function slowLists(): FaultInstance {
  let tries = 0;
  return {
    async intercept({ operation }, proceed) {
      if (operation !== 'ListEncodeServers') return proceed();
      tries += 1;
      return tries % 3 === 0 ? proceed() : 'hang';
    },
  };
}

/** Patrol carries on a run that somebody asked for; every five seconds another driver tries to take it. */
async function carriedOn(selector: Selector, happens: (state: LedgerState) => void = () => undefined) {
  const clock = virtualClock(T0);
  const state = emptyState();
  const asked = request({ source: 'http', selector, requestedAt: T0 });
  const { runId, ...open } = run([], { state: 'resolving', openedAt: T0, request: asked });
  const rival = memoryLedger({ shared: true, state });
  await rival.open({ runId, ...open }, T0);
  const lines: string[] = [];
  const scene = await startScene({
    clock,
    fleet: readFleet([row('h1', 's1', 2, { restart_seconds: 20 }), row('h2', 's2')]),
    region: 'cn-north-4',
    projectId: TOPIC.split(':')[3] ?? '',
    settings: { mode: 'active', settle: '0s' },
    faults: [slowLists()],
    ledger: state,
    writeLine: (line) => lines.push(line),
  });
  let isOver = false;
  const driven = scene.invoke('patrol', { run_id: runId }).finally(() => {
    isOver = true;
  });
  const taken: number[] = [];
  while (!isOver) {
    await clock.sleep(seconds(5));
    happens(state);
    const lease = isOver ? undefined : await rival.lease(runId, clock.now());
    if (lease !== undefined) taken.push(between(T0, clock.now()) / 1_000);
  }
  const answer = await driven;
  await scene.close();
  const restarts = scene.model.restarts.map(({ encode_server_id }) => encode_server_id);
  return { answer, taken, restarts, log: lines.join('\n') };
}

describe('the lease of a run', () => {
  it('is kept while a look takes longer than a lease lasts', async () => {
    const { answer, taken, restarts } = await carriedOn({ kind: 'hosts', serverIds: ['h1'] });
    expect([taken, restarts]).toEqual([[], ['s1']]);
    expect(answer).toMatchObject({ runs: [{ state: 'done' }] });
  });

  it('is kept while resolving takes longer than a lease lasts', async () => {
    const { answer, taken } = await carriedOn({ kind: 'ids', encodeServerIds: ['s2'] });
    expect(taken).toEqual([]);
    expect(answer).toMatchObject({ runs: [{ state: 'running' }] });
  });

  it('that somebody else has by now is not taken back: the run is left to them', async () => {
    const lost = (state: LedgerState) =>
      state.leases.set('run-1', { token: 99, until: after(T0, minutes(10)) });
    const { answer, restarts, log } = await carriedOn({ kind: 'hosts', serverIds: ['h1'] }, lost);
    expect([answer, restarts]).toEqual([{ runs: [] }, []]);
    expect(log).toContain('another instance drives this run by now');
  });
});
