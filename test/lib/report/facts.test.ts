/** What machines are told of a run. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runFacts, summarise } from '../../../lib/report/facts.ts';
import type { Progress } from '../../../lib/types.ts';
import { anyRun, at, ended, HOST, held, hold, mixedRun, REASONS, run, target, waiting } from './runs.ts';

describe('the facts of a run', () => {
  test('count every target once', () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const { counts, restarts } = summarise(one);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(one.targets.length);
        expect(restarts).toHaveLength(one.targets.length);
      }),
    );
  });
  test('survive JSON', () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const facts = runFacts(one);
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
      }),
    );
  });
  test('say why for every server that is neither well nor under way', () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        for (const { outcome, holds, reason } of summarise(one).restarts) {
          if (outcome === 'held' ? holds.length > 0 : outcome !== 'recovered') expect(reason).toMatch(/\S/);
        }
      }),
    );
  });
  test('put what needs attention first, then go by id', () => {
    expect(runFacts(mixedRun()).restarts.map((row) => `${row.outcome} ${row.encode_server_id}`)).toEqual([
      'not_recovered es-0002',
      'rejected es-0004',
      'unconfirmed es-0005',
      'held es-0006',
      'held es-0007',
      'recovered es-0001',
      'recovered es-0003',
    ]);
  });
  test('put the unfinished before the held', () => {
    const { restarts } = runFacts(run([target('a', held()), target('b', waiting())], { state: 'running' }));
    expect(restarts.map((row) => row.outcome)).toEqual(['unfinished', 'held']);
  });
  test('put the held that need a person before the other held', () => {
    const cooling = target('a', held(hold('cooldown', REASONS.cooldown)));
    const { restarts } = runFacts(run([cooling, target('b', held(hold('attempts', REASONS.handed_over)))]));
    expect(restarts.map((row) => row.encode_server_id)).toEqual(['b', 'a']);
  });
  test('tell a restart that failed in full', () => {
    const [row] = summarise(mixedRun()).restarts;
    expect(row).toEqual({
      encode_server_id: 'es-0002',
      server_id: HOST,
      job_id: 'job-2',
      request_id: '6837531fd3f54550927b930180a706bf',
      outcome: 'not_recovered',
      state: 'not_recovered',
      reason: 'still abnormal after restart attempt 1',
      until: '2026-01-31T03:11:10Z',
      attempt: 1,
      planned: false,
      begin_time: '2026-01-31T02:41:10Z',
      end_time: '2026-01-31T02:42:03Z',
      holds: [],
    });
  });
  test("note a job's own error and times, though the server is back", () => {
    const job = {
      jobId: 'job-1',
      status: 'failed',
      beginTime: '2026-01-31 10:41:11',
      endTime: '2026-01-31 10:42:00',
      error: { code: 'CPS.0054', message: 'Timed out.' },
    } as const;
    const [row] = summarise(run([target('a', ended('recovered', { jobId: 'job-1', job }))])).restarts;
    expect(row).toMatchObject({
      outcome: 'recovered',
      reason: 'running again after 53 s, attempt 1 (CPH: CPS.0054 Timed out)',
      error: { code: 'CPS.0054', message: 'Timed out.' },
      job_begin_time: '2026-01-31 10:41:11',
      job_end_time: '2026-01-31 10:42:00',
    });
  });
  test('name every guard that holds a server, the one that decided first', () => {
    const both = held(hold('pause', REASONS.paused), hold('cooldown', REASONS.cooldown, '03:11:10'));
    const [row] = summarise(run([target('a', both)])).restarts;
    expect(row).toMatchObject({
      reason: 'restarts are paused by li.wei: “maintenance of the storage”',
      until: null,
      attempt: null,
      holds: [
        { guard: 'pause', code: 'paused', until: null },
        { guard: 'cooldown', code: 'cooldown', until: '2026-01-31T03:11:10Z' },
      ],
    });
  });
  test('say when a server that waits is looked at again', () => {
    const later: Progress = { ...waiting(), notBefore: at('02:45:00') } as Progress;
    const [row] = summarise(run([target('a', later)])).restarts;
    expect(row).toMatchObject({ outcome: 'unfinished', until: '2026-01-31T02:45:00Z' });
  });
  test('mark a server whose last attempt it was', () => {
    const last = { ...ended('not_recovered', { number: 3 }), handedOver: true } as Progress;
    expect(summarise(run([target('a', last)])).restarts[0]).toMatchObject({ handed_over: true, until: null });
  });
  test('have an end only when the run has one', () => {
    const done = mixedRun();
    expect(runFacts(done)).toMatchObject({ finished: true, ended_at: '2026-01-31T02:42:03Z' });
    expect(runFacts({ ...done, state: 'verifying' })).not.toHaveProperty('ended_at');
    expect(runFacts(run([]))).not.toHaveProperty('ended_at');
  });
  test('say which restarts were planned, and whose word went against which guards', () => {
    const override = { who: 'li.wei', why: 'customer\nis waiting', guards: ['cooldown', 'storm'] } as const;
    const said = { ...override, why: 'customer is waiting' };
    const one = run([target('a', ended('recovered', { planned: true, override })), target('b', held())]);
    const facts = runFacts({ ...one, request: { ...one.request, override } });
    expect(facts.trigger.override).toEqual(said);
    expect(facts.restarts.find((row) => row.encode_server_id === 'a')).toMatchObject({
      planned: true,
      override: said,
    });
    const heldRow = facts.restarts.find((row) => row.encode_server_id === 'b');
    expect(heldRow).not.toHaveProperty('planned');
    expect(heldRow).not.toHaveProperty('override');
  });
  test('end when the run ended, though its last target ended before', () => {
    expect(runFacts({ ...mixedRun(), endedAt: at('02:50:00') })['ended_at']).toBe('2026-01-31T02:50:00Z');
  });
  test('say what stopped a run', () => {
    expect(runFacts(run([], { stopped: REASONS.not_authorised }))['stopped']).toContain('CPS.0005');
  });
});
