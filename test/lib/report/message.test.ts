/** A report as one SMN message stays under SMN's limit and keeps what matters. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runFacts } from '../../../lib/report/facts.ts';
import { type MachineReport, MOST_BYTES, reportMessage } from '../../../lib/report/message.ts';
import { reportText } from '../../../lib/report/text.ts';
import type { Run } from '../../../lib/types.ts';
import { anyRun, at, ended, held, hold, mixedRun, nasty, OPTIONS, REASONS, run, target } from './runs.ts';

const structureOf = (one: Run, options = OPTIONS): Record<string, string> =>
  JSON.parse(reportMessage(one, options).messageStructure);
const machineOf = (one: Run, options = OPTIONS): MachineReport =>
  JSON.parse(structureOf(one, options)['https'] ?? '');

/** A fleet of which some did not recover, some are held, and most are well again. */
function large(total: number, failures: number): Run {
  const targets = Array.from({ length: total }, (_, index) => {
    const id = index.toString(16).padStart(32, '0');
    if (index % 10 === 1) return target(id, held(hold('cooldown', REASONS.cooldown, '03:11:10')));
    const isDown = index % 10 === 0 && index / 10 < failures;
    return target(id, isDown ? ended('not_recovered', {}, '03:11:10') : ended('recovered', { jobId: id }));
  });
  return run(targets, { requestIds: targets.slice(0, total / 10).map((one) => one.encodeServerId) });
}

describe('the message', () => {
  test('has a text for people and the same JSON for every kind of program', () => {
    const structure = structureOf(mixedRun());
    const { text, sms } = reportText(mixedRun(), OPTIONS);
    expect(Object.keys(structure)).toEqual(['default', 'email', 'sms', 'functionstage', 'https']);
    expect(structure).toMatchObject({ default: text, email: text, sms });
    expect(structure['functionstage']).toBe(structure['https']);
  });
  test('carries the facts of the run, whole where there is room', () => {
    expect(machineOf(mixedRun())).toEqual({
      schema: 'encode-restart.report/1',
      region: 'cn-north-4',
      project_id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      mode: 'active',
      needs_person: true,
      ...runFacts(mixedRun()),
    });
  });
  test('is English for machines whatever the language of the text', () => {
    expect(machineOf(mixedRun(), { ...OPTIONS, language: 'zh-CN' })).toEqual(machineOf(mixedRun()));
  });
});

describe.each([10_000, 100_000])('with %i servers the message', (total) => {
  const one = large(total, 20);
  const { subject, messageStructure } = reportMessage(one, { ...OPTIONS, language: 'zh-CN' });
  const report: MachineReport = JSON.parse(JSON.parse(messageStructure).https);

  test('stays under the limit and uses most of it', () => {
    expect(Buffer.byteLength(messageStructure)).toBeLessThanOrEqual(MOST_BYTES);
    expect(Buffer.byteLength(messageStructure)).toBeGreaterThan(MOST_BYTES * 0.99);
    expect(Buffer.byteLength(subject)).toBeLessThanOrEqual(512);
  });
  test('keeps every failure, counts all and says how many rows are left out', () => {
    expect(report.restarts.filter((row) => row.outcome === 'not_recovered')).toHaveLength(20);
    expect(report.counts).toMatchObject({ not_recovered: 20, held: total / 10 });
    expect(report.restarts.length + (report.omitted ?? 0)).toBe(total);
    expect(report.request_ids.length + (report.omitted_request_ids ?? 0)).toBe(total / 10);
  });
});

test('a message round the limit is never over it, and leaves out no row that would fit', () => {
  for (let total = 130; total < 260; total += 5) {
    const one = large(total * 10, total);
    const { messageStructure } = reportMessage({ ...one, targets: one.targets.slice(0, total) }, OPTIONS);
    const size = Buffer.byteLength(messageStructure);
    const report: MachineReport = JSON.parse(JSON.parse(messageStructure).https);
    expect(size).toBeLessThanOrEqual(MOST_BYTES);
    if (report.omitted !== undefined) expect(size).toBeGreaterThan(MOST_BYTES - 3_000);
  }
});

test('every message is JSON in JSON whose counts add up', () => {
  fc.assert(
    fc.property(anyRun, (one) => {
      const { counts, restarts } = machineOf(one);
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(one.targets.length);
      expect(restarts).toHaveLength(one.targets.length);
    }),
  );
});

test('text that others wrote stays text, and cannot push a message over the limit', () => {
  fc.assert(
    fc.property(nasty, (evil) => {
      const long = evil.repeat(5);
      const error = { code: long, message: long };
      const failed = Array.from({ length: 120 }, (_, index) =>
        target(
          `${index}${long}`,
          ended('rejected', { error, jobId: long, requestId: long }),
          `${index}${long}`,
        ),
      );
      const paused = hold('pause', { code: 'paused', who: long, why: long }, '03:11:10');
      const handed = hold('attempts', { code: 'handed_over', since: at('01:00:00'), why: long });
      const one = run([target('__proto__', held(paused, handed)), ...failed], {
        runId: long,
        requestIds: failed.map(() => long),
        stopped: { code: 'not_authorised', error },
      });
      const request = { ...one.request, reason: long, requestedBy: long, deliveryId: long };
      const { messageStructure } = reportMessage(
        { ...one, request },
        { ...OPTIONS, region: long, projectId: long },
      );
      expect(Buffer.byteLength(messageStructure)).toBeLessThanOrEqual(MOST_BYTES);
      const report: MachineReport = JSON.parse(JSON.parse(messageStructure).https);
      expect(report.restarts.length).toBeGreaterThan(0);
      expect(Object.keys(report.counts)).toHaveLength(6);
      expect(report.trigger.source).toBe('alarm');
    }),
    { numRuns: 25 },
  );
});

test('a server called __proto__ is a server like any other', () => {
  const { restarts } = machineOf(run([target('__proto__', ended('recovered'), '__proto__')]));
  expect(restarts[0]).toMatchObject({ encode_server_id: '__proto__', server_id: '__proto__' });
  expect(reportText(run([target('__proto__', ended('recovered'), '__proto__')]), OPTIONS).text).toContain(
    '  __proto__',
  );
});
