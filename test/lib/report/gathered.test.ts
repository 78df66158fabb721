/** Several runs in one message: what needs attention first, over all of them. */
import { describe, expect, test } from 'vitest';
import { type GatheredReport, gatheredMessage } from '../../../lib/report/gathered.ts';
import { MOST_BYTES, reportMessage } from '../../../lib/report/message.ts';
import type { ReportOptions } from '../../../lib/report/text.ts';
import type { Progress, Run } from '../../../lib/types.ts';
import { at, ended, held, hold, mixedRun, OPTIONS, REASONS, run, target } from './runs.ts';

const CHINESE: ReportOptions = { ...OPTIONS, language: 'zh-CN' };
const structureOf = (runs: readonly Run[], options = OPTIONS): Record<string, string> =>
  JSON.parse(gatheredMessage(runs, options).messageStructure);
const machineOf = (runs: readonly Run[], options = OPTIONS): GatheredReport =>
  JSON.parse(structureOf(runs, options)['https'] ?? '');
const textOf = (runs: readonly Run[], options = OPTIONS) => structureOf(runs, options)['email'] ?? '';

/** A run that patrol opened so many minutes after 02:40. */
function patrolRun(minute: number, ...progresses: readonly Progress[]): Run {
  const time = at(`02:${40 + (minute % 20)}:00`);
  const one = run(
    progresses.map((progress, index) => target(`es-${minute}-${index}`, progress)),
    { runId: `run-${minute}`, openedAt: time, requestIds: [] },
  );
  const request = {
    ...one.request,
    source: 'patrol',
    selector: { kind: 'abnormal' },
    reason: 'patrol found abnormal servers',
    requestedBy: 'patrol',
    requestedAt: time,
  } as const;
  return { ...one, request };
}

const well = ended('recovered');
const cooling = held(hold('cooldown', REASONS.cooldown, '03:11:10'));
const down = ended('not_recovered', {}, '03:11:10');
const handed = held(hold('attempts', REASONS.handed_over));

test('one run is reported as ever', () => {
  expect(gatheredMessage([mixedRun()], OPTIONS)).toEqual(reportMessage(mixedRun(), OPTIONS));
});

test('three runs of patrol in English', () => {
  const runs = [patrolRun(1, well, well), patrolRun(2, down, cooling), patrolRun(4, handed)];
  const structure = structureOf(runs);
  expect(
    `${gatheredMessage(runs, OPTIONS).subject}\n---\n${structure['email']}---\n${structure['sms']}`,
  ).toMatchInlineSnapshot(`
    "[encode-restart] Person needed: 3 runs: 2 of 5 encode servers recovered, 1 did not, 2 held back
    ---
    3 runs: 2 of 5 encode servers recovered, 1 did not, 2 held back. A person is needed.

    Where:  cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · host 3f2504e04f8911d39a0c0305e82c3301
    Mode:   active

    run-4 · patrol · 2026-01-31 02:44:00 UTC · done
    Nothing restarted, 1 encode server held back. A person is needed.
    host 3f2504e04f8911d39a0c0305e82c3301
      es-4-0  held back  handed over to a person since 2026-01-31 01:00:00 UTC: “three attempts”; until it has stayed well for a cooldown or a person takes it back

    run-2 · patrol · 2026-01-31 02:42:00 UTC · done
    0 of 2 encode servers recovered, 1 did not, 1 held back. No person is needed yet.
    host 3f2504e04f8911d39a0c0305e82c3301
      es-2-0  NOT RECOVERED  still abnormal after restart attempt 1; may be tried again from 2026-01-31 03:11:10 UTC, as attempt 2
      es-2-1  held back      in its cooldown: last restarted 2026-01-31 02:41:10 UTC; not before 2026-01-31 03:11:10 UTC

    run-1 · patrol · 2026-01-31 02:41:00 UTC · done
    2 of 2 encode servers recovered. No person is needed.
    host 3f2504e04f8911d39a0c0305e82c3301
      es-1-0  recovered  running again after 53 s, attempt 1
      es-1-1  recovered  running again after 53 s, attempt 1
    ---
    [encode-restart] Person needed: 3 runs: 2 of 5 encode servers recovered, 1 did not, 2 held back · host 3f2504e04f8911d39a0c0305e82c3301"
  `);
});

test('two runs of patrol in Chinese', () => {
  const runs = [patrolRun(1, well, well), patrolRun(2, down, cooling)];
  expect(`${gatheredMessage(runs, CHINESE).subject}\n---\n${textOf(runs, CHINESE)}`).toMatchInlineSnapshot(`
    "[encode-restart] 2 次执行合计：4 台编码服务器：已恢复 2 台，未恢复 1 台，暂不处理 1 台 · 主机 3f2504e04f8911d39a0c0305e82c3301
    ---
    2 次执行合计：4 台编码服务器：已恢复 2 台，未恢复 1 台，暂不处理 1 台。暂不需要人工处理。

    位置：  cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · 主机 3f2504e04f8911d39a0c0305e82c3301
    模式：  执行（active）

    run-2 · 巡检 · 2026-01-31 02:42:00 UTC · 已结束
    2 台编码服务器：已恢复 0 台，未恢复 1 台，暂不处理 1 台。暂不需要人工处理。
    主机 3f2504e04f8911d39a0c0305e82c3301
      es-2-0  未恢复    第 1 次重启后仍异常；最早可于 2026-01-31 03:11:10 UTC 进行第 2 次重启
      es-2-1  暂不处理  处于冷却期：上次重启于 2026-01-31 02:41:10 UTC；最早 2026-01-31 03:11:10 UTC 后再处理

    run-1 · 巡检 · 2026-01-31 02:41:00 UTC · 已结束
    2 台编码服务器：已恢复 2 台。无需人工处理。
    主机 3f2504e04f8911d39a0c0305e82c3301
      es-1-0  已恢复  第 1 次重启，53 秒后恢复运行
      es-1-1  已恢复  第 1 次重启，53 秒后恢复运行
    "
  `);
});

describe('gathered runs', () => {
  test('count a server once, as the last run left it', () => {
    const first = patrolRun(1, cooling);
    const then = { ...patrolRun(2), targets: [target('es-1-0', well)] };
    for (const runs of [
      [first, then],
      [then, first],
    ]) {
      expect(machineOf(runs).counts).toMatchObject({ recovered: 1, held: 0 });
      expect(textOf(runs)).toMatch(/^2 runs: 1 of 1 encode server recovered\./);
    }
  });
  test('carry the facts of every run, whole where there is room', () => {
    const runs = [patrolRun(1, well), patrolRun(2, down)];
    const report = machineOf(runs);
    expect(report).toMatchObject({
      schema: 'encode-restart.gathered/1',
      needs_person: false,
      region: 'cn-north-4',
    });
    expect(report).not.toHaveProperty('omitted_runs');
    expect(report.runs.map((one) => [one.run_id, one.restarts.length, one.omitted])).toEqual([
      ['run-2', 1, undefined],
      ['run-1', 1, undefined],
    ]);
  });
  test('say what stopped one of them', () => {
    const stopped = { ...patrolRun(2), stopped: REASONS.not_authorised };
    expect(textOf([patrolRun(1, well), stopped])).toMatch(/Stopped: Huawei Cloud refused .*CPS\.0005/);
    expect(machineOf([patrolRun(1, well), stopped]).needs_person).toBe(true);
  });
  test('say that one of them is not finished', () => {
    expect(textOf([patrolRun(1, well), { ...patrolRun(2, well), state: 'running' }])).toContain(
      'not finished',
    );
  });
  test('name fifty servers in all, those that need a person first', () => {
    const runs = [patrolRun(1, ...Array(45).fill(down)), patrolRun(2, ...Array(20).fill(handed))];
    const text = textOf(runs);
    expect(text.match(/^ {2}es-/gm)).toHaveLength(50);
    expect(text.match(/^ {2}es-2-/gm)).toHaveLength(20);
    expect(text).toContain('and 15 more: see the JSON');
  });
  test('count more than ten recovered servers of a run', () => {
    expect(textOf([patrolRun(1, ...Array(11).fill(well)), patrolRun(2, down)])).toContain(
      '11 servers: recovered',
    );
  });
  test('have twenty sections, and count the other runs', () => {
    const text = textOf(Array.from({ length: 30 }, (_, minute) => patrolRun(minute, well)));
    expect(text.match(/^run-/gm)).toHaveLength(20);
    expect(text).toContain('and 10 more runs: see the JSON');
  });
  test('of nothing are no error', () => {
    expect(textOf([])).toMatch(/^0 runs: nothing was found to restart\. No person is needed\./);
  });
});

describe('too much for one message', () => {
  test.each([
    ['many runs', Array.from({ length: 2_000 }, (_, minute) => patrolRun(minute, well))],
    ['large runs', Array.from({ length: 5 }, (_, minute) => patrolRun(minute, ...Array(4_000).fill(well)))],
  ])('is kept under the limit and says what was left out of %s', (_what, runs) => {
    const { messageStructure } = gatheredMessage(runs, OPTIONS);
    const report: GatheredReport = JSON.parse(JSON.parse(messageStructure).https);
    expect(Buffer.byteLength(messageStructure)).toBeLessThanOrEqual(MOST_BYTES);
    expect(Buffer.byteLength(messageStructure)).toBeGreaterThan(MOST_BYTES * 0.59);
    expect(report.runs.length + (report.omitted_runs ?? 0)).toBe(runs.length);
    for (const [index, one] of report.runs.entries()) {
      expect(one.restarts.length + (one.omitted ?? 0)).toBe(runs[index]?.targets.length);
    }
  });
  test('keeps the failures of every run before what recovered in any', () => {
    const large = (minute: number) => patrolRun(minute, ...Array(5_000).fill(well), down);
    const { runs } = machineOf([large(1), large(2), large(3)]);
    expect(runs.map((one) => one.restarts[0]?.outcome)).toEqual(Array(3).fill('not_recovered'));
  });
});
