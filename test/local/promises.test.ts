/** The checks behind the promises: on a play that went well, doctored in one point each, they say what is wrong. */
import { expect, test } from 'vitest';
import type { RunFacts } from '../../lib/report/facts.ts';
import { after, seconds } from '../../lib/time.ts';
import { FAULTS, faultNamed, type Seen } from '../../local/faults/index.ts';
import * as promises from '../../local/faults/promises.ts';
import { stageUnder } from '../support/stage.ts';

const held = promises.promised();
const well = await stageUnder('job-failed-running');

const withRestarts = (restarts: Seen['model']['restarts']): Seen => ({
  ...well,
  model: { ...well.model, restarts },
});
const withRuns = (change: (run: RunFacts) => RunFacts): Seen => ({ ...well, runs: well.runs.map(change) });
const twice = withRestarts(
  well.model.restarts.flatMap((restart) => [restart, { ...restart, at: after(restart.at, seconds(60)) }]),
);
const [run] = well.runs;
const silent: Seen = { ...well, reports: [], log: [] };

test('a play that went well keeps every promise', () => {
  expect(held(well)).toEqual([]);
  expect(faultNamed('job-failed-running').holds(well)).toEqual([]);
});

test('a server that is restarted twice within its cooldown breaks the promise of every fault', () => {
  expect(held(twice)[0]).toBe(
    's2 was restarted at 2026-03-01T18:30:00Z and again at 2026-03-01T18:31:00Z, within its cooldown',
  );
  for (const fault of FAULTS.values()) expect(fault.holds(twice).join()).toContain('within its cooldown');
});

test('after the cooldown it may be restarted again', () => {
  const later = well.model.restarts.map((restart) => ({ ...restart, at: after(restart.at, seconds(1_800)) }));
  expect(held(withRestarts([...well.model.restarts, ...later]))).toEqual([]);
});

test('a healthy server that is restarted breaks it, unless the alarm named it', () => {
  const healthy = withRestarts(well.model.restarts.map((restart) => ({ ...restart, statusBefore: 1 })));
  expect(held(healthy)).toContain('s3 was restarted in status 1');
  expect(promises.promisedNaming(['s2', 's3', 's4'])(healthy)).toEqual([]);
});

test('a run that nobody is told of breaks it, unless the event comes again', () => {
  expect(held(silent)).toEqual([`nobody was told of run ${run?.run_id}`]);
  expect(held({ ...silent, failed: [{ event: 0, error: 'x' }] })).toEqual([]);
  const inLog = { message: 'report, in full: x', report: { run_id: run?.run_id } };
  expect(held({ ...silent, log: [inLog] })).toEqual([]);
});

test('a run that is left unfinished without a word breaks it', () => {
  const left = { ...silent, runs: withRuns((facts) => ({ ...facts, finished: false })).runs };
  expect(held(left)).toEqual([`run ${run?.run_id} was left without a word`]);
});

test.each([
  [
    'outcomes',
    promises.outcomes({ recovered: 2, held: 1 }),
    'expected of the servers: 1 held, 2 recovered; got: 3 recovered',
  ],
  ['restarts', promises.restarts(2), 'expected 2 restarts accepted by CPH, got 3'],
  ['restart calls', promises.restartCalls(2), 'expected 2 restart calls, got 1'],
  ['reports', promises.reports(0), 'expected 0 reports, got 1'],
  ['failed invocations', promises.failures(1), 'expected 1 failed invocations, got 0'],
  ['a wait', promises.notBefore(seconds(1)), 'restarted after 0 ms, before the 1000 ms that were asked for'],
  ['a report in the log', promises.toldInLog, 'expected the report in full in the log, got none'],
  ['a call to a person', promises.callsPerson, 'expected a report that calls a person, got none'],
  ['a noted error', promises.notes('CPS.0123'), 'expected CPS.0123 to be noted with s2, it is not'],
  [
    'a reason to ignore',
    promises.ignoredAs('a recovery'),
    'expected an event to be ignored because of "a recovery", got []',
  ],
])('a check for %s says what is missing', (_what, check, sentence) => {
  expect(check(well)[0]).toBe(sentence);
});

test('a check for a guard says which other one held', () => {
  const other = withRuns((facts) => ({
    ...facts,
    restarts: facts.restarts.map((row) => ({
      ...row,
      outcome: 'held' as const,
      holds: [{ guard: 'pause', code: 'paused' as const, reason: 'x', until: null }],
    })),
  }));
  expect(promises.heldBy('pause')(other)).toEqual([]);
  expect(promises.heldBy('state')(other)).toContain('expected state to hold s2, got pause');
});

test('a play in which nothing happened breaks the promise of every fault that has something to mend', async () => {
  const nothing: Seen = {
    ...{ calls: {}, runs: [], ignored: [], reports: [], log: [] },
    model: { ...well.model, restarts: [] },
  };
  for (const fault of FAULTS.values())
    expect([fault.name, fault.holds(nothing).length > 0]).toEqual([fault.name, true]);
});
