/** The complete job results of a run: every target in exactly one part, every part under the limit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_BYTES } from '../../../lib/report/envelope.ts';
import { restartFacts } from '../../../lib/report/facts.ts';
import { type MachineResults, resultsMessages } from '../../../lib/report/results.ts';
import type { Run } from '../../../lib/types.ts';
import { anyRun, ended, held, hold, mixedRun, OPTIONS, REASONS, run, target } from './runs.ts';

const partsOf = (one: Run): MachineResults[] =>
  resultsMessages(one, OPTIONS).map(({ messageStructure }) =>
    JSON.parse(JSON.parse(messageStructure).default),
  );

function large(total: number): Run {
  const cooling = held(hold('pause', REASONS.paused), hold('cooldown', REASONS.cooldown, '03:11:10'));
  const targets = Array.from({ length: total }, (_, index) => {
    const id = index.toString(16).padStart(32, '0');
    return target(id, index % 10 === 1 ? cooling : ended('recovered', { jobId: id, requestId: id }), id);
  });
  return run(targets);
}

test('a whole message', () => {
  const [message, ...others] = resultsMessages(run([target('es-0001', ended('recovered'))]), OPTIONS);
  expect(others).toEqual([]);
  expect(message?.subject).toBe('[encode-restart] results of run-20260131-024058-7c1e, part 1 of 1');
  const structure = JSON.parse(message?.messageStructure ?? '');
  expect(Object.keys(structure)).toEqual(['default']);
  expect(JSON.parse(structure.default)).toEqual({
    schema: 'encode-restart.results/1',
    region: 'cn-north-4',
    project_id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    mode: 'active',
    run_id: 'run-20260131-024058-7c1e',
    part: 1,
    of: 1,
    counts: { recovered: 1, not_recovered: 0, rejected: 0, unconfirmed: 0, held: 0, unfinished: 0 },
    restarts: [restartFacts(target('es-0001', ended('recovered')))],
  });
});

test('a run without targets has one part without rows', () => {
  expect(partsOf(run([]))).toMatchObject([{ part: 1, of: 1, restarts: [] }]);
});

test('any run is told whole', () => {
  fc.assert(
    fc.property(anyRun, (one) => {
      const rows = partsOf(one).flatMap(({ restarts }) => restarts);
      const byId = new Map(rows.map((row) => [row.encode_server_id, row]));
      expect(rows).toHaveLength(one.targets.length);
      for (const each of one.targets) expect(byId.get(each.encodeServerId)).toEqual(restartFacts(each));
    }),
  );
});

test('what needs attention comes first', () => {
  expect(partsOf(mixedRun())[0]?.restarts[0]?.outcome).toBe('not_recovered');
});

describe.each([500, 3_000, 100_000])('with %i targets', (total) => {
  const messages = resultsMessages(large(total), OPTIONS);
  test('every part is under the limit and all but the last are full', () => {
    const sizes = messages.map(({ messageStructure }) => Buffer.byteLength(messageStructure));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_BYTES);
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(MOST_BYTES - 2_000);
  });
  test('every target is in exactly one part, and the parts are numbered', () => {
    const ids = new Set<string>();
    let rows = 0;
    for (const [index, { messageStructure }] of messages.entries()) {
      const results: MachineResults = JSON.parse(JSON.parse(messageStructure).default);
      expect(results).toMatchObject({ part: index + 1, of: messages.length, counts: { held: total / 10 } });
      rows += results.restarts.length;
      for (const row of results.restarts) ids.add(row.encode_server_id);
    }
    expect([rows, ids.size]).toEqual([total, total]);
  });
  test('it takes at most a thousand bytes a target', () => {
    expect(messages.length * MOST_BYTES).toBeLessThan(1_000 * total + MOST_BYTES);
  });
});
