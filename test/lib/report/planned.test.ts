/** What people are told of planned work: what needs attention by name, all that went well as a number. */
import { describe, expect, test } from 'vitest';
import { type ReportOptions, reportText } from '../../../lib/report/text.ts';
import type { Progress, Run, Target } from '../../../lib/types.ts';
import { ended, HOST, held, hold, nightlyRun, OPTIONS, REASONS, run, target, waiting } from './runs.ts';

const CHINESE: ReportOptions = { ...OPTIONS, language: 'zh-CN' };
const OBSERVE: ReportOptions = { ...OPTIONS, mode: 'observe' };
const firstLine = (one: Run, options = OPTIONS) => reportText(one, options).text.split('\n')[0];
const many = (count: number, progress: Progress, prefix = 'es'): Target[] =>
  Array.from({ length: count }, (_, index) => ({
    ...target(`${prefix}-${index}`, progress),
    resolvedAs: 'running',
  }));
const planned = (targets: readonly Target[], some: Partial<Run> = {}): Run => {
  const one = run(targets, some);
  return { ...one, request: { ...one.request, source: 'timer', selector: { kind: 'all' } } };
};

test('a nightly restart in English', () => {
  const { subject, text, sms } = reportText(nightlyRun(), OPTIONS);
  expect(`${subject}\n---\n${text}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] Person needed: nightly restart: 480 of 500 restarted, 1 did not come back, 19 held (mostly: run ended)
    ---
    Nightly restart: 480 of 500 restarted, 1 did not come back, 19 held (mostly: run ended). A person is needed.

    Trigger:   timer · “nightly rolling restart”
    Asked by:  “timer nightly”
    Asked at:  2026-01-31 02:40:55 UTC
    Where:     cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · 100 hosts
    Mode:      active

    host host-7
      es-0007  NOT RECOVERED  still abnormal after restart attempt 1; may be tried again from 2026-01-31 03:11:10 UTC, as attempt 2
    host host-8
      es-0008  held back      handed over to a person since 2026-01-31 01:00:00 UTC: “three attempts”; until it has stayed well for a cooldown or a person takes it back
    18 servers: the run ended before its turn came
    480 servers: recovered

    Request ids:  6837531fd3f54550927b930180a706bf
    Run:          run-20260131-024058-7c1e · done
    ---
    [encode-restart] Person needed: nightly restart: 480 of 500 restarted, 1 did not come back, 19 held (mostly: run ended) · 100 hosts"
  `);
});

test('a nightly restart in Chinese', () => {
  const { subject, text } = reportText(nightlyRun(), CHINESE);
  expect(`${subject}\n---\n${text}`).toMatchInlineSnapshot(`
    "[encode-restart] 需人工处理 · 定时重启：共 500 台，已重启 480 台，未恢复 1 台，暂不处理 19 台（多为：执行已结束） · 100 台主机
    ---
    定时重启：共 500 台，已重启 480 台，未恢复 1 台，暂不处理 19 台（多为：执行已结束）。需要人工处理。

    触发来源：  定时任务 · “nightly rolling restart”
    触发者：    “timer nightly”
    触发时间：  2026-01-31 02:40:55 UTC
    位置：      cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · 100 台主机
    模式：      执行（active）

    主机 host-7
      es-0007  未恢复    第 1 次重启后仍异常；最早可于 2026-01-31 03:11:10 UTC 进行第 2 次重启
    主机 host-8
      es-0008  暂不处理  自 2026-01-31 01:00:00 UTC 起已转人工处理：“three attempts”；持续正常满一个冷却期或由人工取回后才会再处理
    18 台：尚未轮到，本次执行已结束
    480 台：已恢复

    请求 ID：  6837531fd3f54550927b930180a706bf
    执行 ID：  run-20260131-024058-7c1e · 已结束
    "
  `);
});

describe('the first line', () => {
  const closed = held(hold('window', REASONS.outside_window));
  const well = many(480, ended('recovered'));
  test.each<[string, Run]>([
    [
      'Nightly restart: 480 of 500 restarted, 20 held (window closed). No person is needed.',
      planned([...well, ...many(20, closed, 'late')]),
    ],
    [
      'Nightly restart: 480 of 503 restarted, 23 held (mostly: window closed). No person is needed.',
      planned([
        ...well,
        ...many(20, closed, 'late'),
        ...many(3, held(hold('scope', REASONS.excluded)), 'no'),
      ]),
    ],
    [
      'Nightly restart: 0 of 20 restarted, 20 held (window closed). No person is needed.',
      planned(many(20, closed)),
    ],
    [
      'Nightly restart: 480 of 482 restarted, 2 unfinished. No person is needed yet.',
      planned([...well, ...many(2, waiting(), 'next')], { state: 'running' }),
    ],
    [
      'Nightly restart: 480 of 481 restarted, 1 did not come back. No person is needed yet.',
      planned([...well, ...many(1, ended('not_recovered', {}, '03:11:10'), 'down')]),
    ],
    [
      'Nightly restart: nothing restarted, the run was stopped (request too old). No person is needed.',
      planned([], { stopped: REASONS.stale }),
    ],
    [
      'Nightly restart: nothing was found to restart. No person is needed.',
      planned([], { stopped: REASONS.nothing_found }),
    ],
    [
      'Nightly restart: looking which encode servers are meant. No person is needed yet.',
      planned([], { state: 'resolving' }),
    ],
  ])('says: %s', (line, one) => {
    expect(firstLine(one)).toBe(line);
  });
  test('calls the same by hand a rolling restart', () => {
    const one = planned(well);
    const byHand = { ...one, request: { ...one.request, source: 'http' } } as const;
    expect(firstLine(byHand)).toBe('Rolling restart: 480 of 480 restarted. No person is needed.');
    expect(firstLine(byHand, CHINESE)).toBe('滚动重启：共 480 台，已重启 480 台。无需人工处理。');
  });
  test('says what observing would have done', () => {
    const one = planned([...many(480, held(hold('mode', REASONS.observe))), ...many(20, closed, 'late')]);
    expect(firstLine(one, OBSERVE)).toBe(
      'Nightly restart: nothing restarted (mode observe): 480 of 500 encode servers would have been, 20 held (window closed). No person is needed.',
    );
    expect(reportText(one, OBSERVE).text).toContain('\n480 servers: mode observe restarts nothing\n');
  });
});

describe('the table', () => {
  const tableLines = (one: Run, options = OPTIONS) =>
    reportText(one, options).text.split('\n\n')[2]?.split('\n');
  test('names up to ten recovered servers, and counts more than ten', () => {
    expect(tableLines(planned(many(10, ended('recovered'))))).toHaveLength(11);
    expect(tableLines(planned(many(11, ended('recovered'))))).toEqual(['11 servers: recovered']);
  });
  test('names up to ten servers held for one reason, and puts more than ten on one line', () => {
    const late = held(hold('run', REASONS.run_ended));
    expect(tableLines(planned(many(10, late)))).toHaveLength(11);
    expect(tableLines(planned(many(313, late)))).toEqual(['313 servers: the run ended before its turn came']);
  });
  test('does so for repair too, and puts the largest crowd first', () => {
    const storm = held(hold('storm', REASONS.storm, '02:50:00'));
    const paused = held(hold('pause', REASONS.paused, '04:00:00'));
    const stale = held(hold('stale', REASONS.stale));
    const all = [...many(11, paused, 'p'), ...many(12, stale, 'q'), ...many(120, storm, 's')];
    expect(tableLines(run(all))).toEqual([
      '120 servers: something bigger is going on: 170 of 500 encode servers, on 14 hosts, are abnormal; this round lets 2 restarts through; not before 2026-01-31 02:50:00 UTC',
      '12 servers: the request is too old to act on: it was made 2026-01-31 01:30:00 UTC',
      '11 servers: restarts are paused by li.wei: “maintenance of the storage”; not before 2026-01-31 04:00:00 UTC',
    ]);
  });
  test('is brief where the figures differ, and says when the first could be let go', () => {
    const cooling = Array.from({ length: 11 }, (_, index) =>
      target(`es-${index}`, held(hold('cooldown', REASONS.cooldown, `03:${30 - index}:00`))),
    );
    expect(tableLines(run(cooling))).toEqual([
      '11 servers: cooldown; the first not before 2026-01-31 03:20:00 UTC',
    ]);
    expect(tableLines(run(cooling), CHINESE)).toEqual([
      '11 台：冷却期；最早一台 2026-01-31 03:20:00 UTC 后再处理',
    ]);
  });
  test('names every server that a person has to go to, up to fifty', () => {
    const handed = many(60, held(hold('attempts', REASONS.handed_over)));
    const lines = tableLines(run(handed));
    expect(lines?.filter((line) => line.startsWith('  es-'))).toHaveLength(50);
    expect(lines?.at(-1)).toBe('and 10 more: see the JSON');
  });
  test('names what an observed repair would have restarted', () => {
    const would = many(20, held(hold('mode', REASONS.observe)));
    expect(tableLines(run(would), OBSERVE)).toHaveLength(21);
  });
  test('lists the recovered of a repair as ever', () => {
    expect(tableLines(run(many(20, ended('recovered'))))?.[0]).toBe(`host ${HOST}`);
  });
});

test('the head says whose word went against which guards', () => {
  const one = run([target('a', ended('recovered'))]);
  const override = { who: 'li.wei', why: 'the customer waits', guards: ['cooldown', 'storm'] } as const;
  const { text } = reportText({ ...one, request: { ...one.request, override } }, OPTIONS);
  expect(text).toMatch(/^Override: +cooldown, storm · li\.wei · “the customer waits”$/m);
});
