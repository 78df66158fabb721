/** What people are told of a run. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReportOptions, reportText } from '../../../lib/report/text.ts';
import type { Attempt, Progress, Run, Target } from '../../../lib/types.ts';
import {
  anyRun,
  at,
  attempt,
  ended,
  HOST,
  held,
  hold,
  mixedRun,
  nasty,
  OPTIONS,
  REASONS,
  run,
  target,
  waiting,
} from './runs.ts';

const CHINESE: ReportOptions = { ...OPTIONS, language: 'zh-CN' };
const FORGETFUL: ReportOptions = { ...OPTIONS, sharedLedger: false };
const firstLine = (one: Run, options = OPTIONS) => reportText(one, options).text.split('\n')[0];

test('a full report in English', () => {
  const { subject, text, sms } = reportText(mixedRun(), OPTIONS);
  expect(`${subject}\n---\n${text}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] Person needed: 2 of 7 encode servers recovered, 1 did not, 1 rejected, 1 unconfirmed, 2 held back
    ---
    2 of 7 encode servers recovered, 1 did not, 1 rejected, 1 unconfirmed, 2 held back. A person is needed.

    Trigger:   alarm · “encode_server_abnormal is 2, expected ‹ 1”
    Asked by:  “cph-encode-servers”
    Asked at:  2026-01-31 02:40:55 UTC
    Where:     cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · 2 hosts
    Mode:      active

    host 3f2504e04f8911d39a0c0305e82c3301
      es-0002  NOT RECOVERED  still abnormal after restart attempt 1; may be tried again from 2026-01-31 03:11:10 UTC, as attempt 2
      es-0004  REJECTED       CPH refused the restart: CPS.0041 Not allowed
      es-0001  recovered      running again after 53 s, attempt 1
      es-0003  recovered      running again after 53 s, attempt 1 (CPH: CPS.0054 Timed out)
    host 9b2e8f1c7d6a4b5e8c3f2a1d0e9b8c7f
      es-0005  UNCONFIRMED    nobody knows whether CPH took the restart; nothing was seen of it
      es-0006  held back      in its cooldown: last restarted 2026-01-31 02:41:10 UTC; not before 2026-01-31 03:11:10 UTC
      es-0007  held back      running again without a restart

    Request ids:  6837531fd3f54550927b930180a706bf
    Run:          run-20260131-024058-7c1e · done
    ---
    [encode-restart] Person needed: 2 of 7 encode servers recovered, 1 did not, 1 rejected, 1 unconfirmed, 2 held back · 2 hosts"
  `);
});

test('a full report in Chinese', () => {
  const { subject, text, sms } = reportText(mixedRun(), CHINESE);
  expect(`${subject}\n---\n${text}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] 需人工处理 · 7 台编码服务器：已恢复 2 台，未恢复 1 台，被拒绝 1 台，未确认 1 台，暂不处理 2 台 · 2 台主机
    ---
    7 台编码服务器：已恢复 2 台，未恢复 1 台，被拒绝 1 台，未确认 1 台，暂不处理 2 台。需要人工处理。

    触发来源：  告警 · “encode_server_abnormal is 2, expected ‹ 1”
    触发者：    “cph-encode-servers”
    触发时间：  2026-01-31 02:40:55 UTC
    位置：      cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9 · 2 台主机
    模式：      执行（active）

    主机 3f2504e04f8911d39a0c0305e82c3301
      es-0002  未恢复    第 1 次重启后仍异常；最早可于 2026-01-31 03:11:10 UTC 进行第 2 次重启
      es-0004  被拒绝    CPH 拒绝重启：CPS.0041 Not allowed
      es-0001  已恢复    第 1 次重启，53 秒后恢复运行
      es-0003  已恢复    第 1 次重启，53 秒后恢复运行（CPH：CPS.0054 Timed out）
    主机 9b2e8f1c7d6a4b5e8c3f2a1d0e9b8c7f
      es-0005  未确认    无法确认 CPH 是否已接受重启请求，也未观察到重启
      es-0006  暂不处理  处于冷却期：上次重启于 2026-01-31 02:41:10 UTC；最早 2026-01-31 03:11:10 UTC 后再处理
      es-0007  暂不处理  已自行恢复运行，无需重启

    请求 ID：  6837531fd3f54550927b930180a706bf
    执行 ID：  run-20260131-024058-7c1e · 已结束
    ---
    [encode-restart] 需人工处理 · 7 台编码服务器：已恢复 2 台，未恢复 1 台，被拒绝 1 台，未确认 1 台，暂不…"
  `);
});

describe('the first line', () => {
  const down = (some: Partial<Attempt> = {}) => target('a', ended('not_recovered', some, '03:11:10'));
  const cooling = target('b', held(hold('cooldown', REASONS.cooldown, '03:11:10')));
  const looking = target('c', held(hold('mode', REASONS.observe)));
  test.each<[string, Run]>([
    ['1 of 1 encode server recovered. No person is needed.', run([target('a', ended('recovered'))])],
    ['0 of 1 encode server recovered, 1 did not. No person is needed yet.', run([down()])],
    [
      '1 of 2 encode servers recovered, 1 held back. No person is needed yet.',
      run([target('a', ended('recovered')), cooling]),
    ],
    [
      '0 of 1 encode server recovered, 1 unfinished. No person is needed yet.',
      run([target('a', waiting())], { state: 'running' }),
    ],
    ['Nothing restarted, 1 encode server held back. No person is needed yet.', run([cooling])],
    [
      'Nothing restarted, 1 encode server held back. No person is needed.',
      run([target('a', held(hold('state', REASONS.well_again)))]),
    ],
    [
      'Nothing restarted, 1 encode server held back. A person is needed.',
      run([target('a', held(hold('attempts', REASONS.attempts_used)))]),
    ],
    [
      'Nothing restarted (mode observe): 1 of 2 encode servers would have been, 1 held back. No person is needed yet.',
      run([looking, cooling]),
    ],
    [
      'Nothing restarted (dry run): 1 of 1 encode server would have been. No person is needed.',
      run([target('a', held(hold('mode', REASONS.dry_run)))]),
    ],
    ['Nothing was found to restart. No person is needed.', run([])],
    ['Nothing abnormal found so far. No person is needed yet.', run([], { state: 'watching' })],
    [
      'Nothing restarted, the run was stopped (no permission). A person is needed.',
      run([], { stopped: REASONS.not_authorised }),
    ],
  ])('says: %s', (line, one) => {
    expect(firstLine(one)).toBe(line);
  });
  test.each<[string, Target]>([
    ['was refused', target('a', ended('rejected'))],
    ['may or may not have been restarted', target('a', ended('unconfirmed', {}, '03:11:10'))],
    ['sits on a host that is gone', target('a', held(hold('state', REASONS.host_gone)))],
    ['did not recover and has no next attempt', target('a', ended('not_recovered'))],
    [
      'had its last attempt',
      target('a', { ...ended('not_recovered', {}, '03:11:10'), handedOver: true } as Progress),
    ],
  ])('calls a person for a server that %s', (_what, one) => {
    expect(firstLine(run([one]))).toContain('A person is needed.');
  });
  test('calls a person for what stays open where nothing remembers it', () => {
    const open = run([target('a', { state: 'accepted', attempt: attempt(), since: at('02:41:12') })], {
      state: 'running',
    });
    expect(firstLine(run([down()]), FORGETFUL)).toContain('A person is needed.');
    expect(firstLine(open, FORGETFUL)).toContain('A person is needed.');
    expect(reportText(open, FORGETFUL).text).toContain('not finished and nothing carries it on');
    expect(reportText(open, OPTIONS).text).toContain('not finished: this is how it stands now');
  });
  test('says the same in Chinese', () => {
    expect(firstLine(run([looking, cooling]), CHINESE)).toBe(
      '未执行重启（观察模式），2 台编码服务器：本应重启 1 台，暂不处理 1 台。暂不需要人工处理。',
    );
    expect(firstLine(run([]), CHINESE)).toBe('未发现需要重启的编码服务器。无需人工处理。');
  });
});

describe('the text', () => {
  test('says when the next attempt may be and which it will be', () => {
    const { text } = reportText(
      run([target('a', ended('not_recovered', { number: 2 }, '03:11:10'))]),
      OPTIONS,
    );
    expect(text).toContain('may be tried again from 2026-01-31 03:11:10 UTC, as attempt 3');
  });
  test('says that it was the last attempt', () => {
    const last = { ...ended('not_recovered', { number: 3 }), handedOver: true } as Progress;
    expect(reportText(run([target('a', last)]), OPTIONS).text).toContain('that was the last attempt');
  });
  test('tells an accepted restart without an end from a lost answer', () => {
    const told = (some: Partial<Attempt>) =>
      reportText(run([target('a', ended('unconfirmed', some))]), OPTIONS).text;
    expect(told({ jobId: 'job-1' })).toContain('was accepted, but');
    expect(told({ restartSeen: true })).toContain('was accepted, but');
    expect(told({})).toContain('nobody knows whether CPH took the restart');
  });
  test('says where every unfinished server is', () => {
    const since = at('02:41:20');
    const open = run(
      [
        target('a', waiting(hold('concurrency', REASONS.concurrency_limit))),
        ...(['claimed', 'unknown', 'accepted', 'verifying'] as const).map((state) =>
          target(state, { state, attempt: attempt(), since }),
        ),
      ],
      { state: 'running' },
    );
    for (const options of [OPTIONS, CHINESE]) {
      const lines = reportText(open, options)
        .text.split('\n')
        .filter((line) => line.startsWith('  '));
      expect(new Set(lines.map((line) => line.slice(11))).size).toBe(5);
    }
    expect(reportText(open, OPTIONS).text).toContain(
      'waiting for its turn; 20 restarts are in flight already',
    );
  });
  test('says why a server is held, until when, and what else would hold it', () => {
    const all = held(
      hold('pause', REASONS.paused, '04:00:00'),
      hold('cooldown', REASONS.cooldown, '03:11:10'),
      hold('attempts', REASONS.attempts_used),
    );
    expect(reportText(run([target('a', all)]), OPTIONS).text).toContain(
      [
        'restarts are paused by li.wei: “maintenance of the storage”; not before 2026-01-31 04:00:00 UTC',
        'also: in its cooldown: last restarted 2026-01-31 02:41:10 UTC (not before 2026-01-31 03:11:10 UTC)',
        'also: 3 attempts without recovery: a person has to look at it\n',
      ].join('; '),
    );
    expect(reportText(run([target('a', all)]), CHINESE).text).toContain(
      [
        '重启已被 li.wei 暂停：“maintenance of the storage”；最早 2026-01-31 04:00:00 UTC 后再处理',
        '此外：处于冷却期：上次重启于 2026-01-31 02:41:10 UTC（最早 2026-01-31 03:11:10 UTC 后再处理）',
        '此外：已重启 3 次仍未恢复，需要人工检查\n',
      ].join('；'),
    );
  });
  test('says what must happen first where no clock knows the end', () => {
    const one = run([target('a', held(hold('attempts', REASONS.handed_over)))]);
    expect(reportText(one, OPTIONS).text).toContain(
      '“three attempts”; until it has stayed well for a cooldown or a person takes it back',
    );
    expect(reportText(one, CHINESE).text).toContain('持续正常满一个冷却期或由人工取回后才会再处理');
  });
  test('says that a ledger which is not shared forgets', () => {
    expect(reportText(mixedRun(), FORGETFUL).text).toContain('No shared ledger');
    expect(reportText(mixedRun(), { ...CHINESE, sharedLedger: false }).text).toContain('未使用共享账本');
    expect(reportText(mixedRun(), OPTIONS).text).not.toContain('ledger');
  });
  test('says what stopped the run, and that it was a dry run', () => {
    const one = run([], { stopped: REASONS.not_authorised });
    const { text } = reportText({ ...one, request: { ...one.request, dryRun: true } }, OPTIONS);
    expect(text).toMatch(/Stopped: +Huawei Cloud refused .*CPS\.0005/);
    expect(text).toMatch(/Mode: +active, dry run/);
  });
  test('names at most 50 servers and counts the others', () => {
    const many = Array.from({ length: 87 }, (_, index) => target(`es-${index}`, ended('recovered')));
    const { text } = reportText(run(many), OPTIONS);
    expect(text.match(/^ {2}es-/gm)).toHaveLength(50);
    expect(text).toContain('and 37 more: see the JSON');
  });
  test('names at most five request ids and counts the others', () => {
    const one = run([], { requestIds: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] });
    expect(reportText(one, OPTIONS).text).toContain('a, b, c, d, e, and 2 more');
  });
});

test('everything stays in its size, with a subject and an SMS of one line', () => {
  fc.assert(
    fc.property(anyRun, fc.constantFrom(OPTIONS, CHINESE, FORGETFUL), (one, options) => {
      const { subject, text, sms } = reportText(one, options);
      expect(subject).not.toMatch(/\p{Cc}/u);
      expect(subject.length).toBeLessThanOrEqual(120);
      expect(Buffer.byteLength(subject)).toBeLessThanOrEqual(512);
      expect(Buffer.byteLength(sms)).toBeLessThanOrEqual(140);
      expect(text).not.toMatch(/undefined|\[object|NaN/);
    }),
  );
});

test('a subject and an SMS leave the host out rather than cut it', () => {
  const one = run([target('a', ended('rejected'), 'h'.repeat(64))]);
  const { subject, sms } = reportText(one, CHINESE);
  expect(sms).not.toContain('hhh');
  expect(subject).toBe(
    `[encode-restart] 需人工处理 · 1 台编码服务器：已恢复 0 台，被拒绝 1 台 · 主机 ${'h'.repeat(64)}`,
  );
  expect(sms).toBe('[encode-restart] 需人工处理 · 1 台编码服务器：已恢复 0 台，被拒绝 1 台');
});

test('text that others wrote adds no line, no tag and no turned text to a report', () => {
  fc.assert(
    fc.property(nasty, fc.constantFrom(OPTIONS, CHINESE), (evil, options) => {
      const reported = (text: string) => {
        const error = { code: text, message: text };
        const paused = hold('pause', { code: 'paused', who: text, why: text });
        const targets = [
          target(text, ended('rejected', { error }), HOST),
          target(
            'b',
            held(paused, hold('attempts', { code: 'handed_over', since: at('01:00:00'), why: text })),
          ),
        ];
        const one = run(targets, {
          runId: text,
          requestIds: [text],
          stopped: { code: 'not_authorised', error },
        });
        const request = { ...one.request, reason: text, requestedBy: text, deliveryId: text };
        return reportText({ ...one, request }, { ...options, region: text, projectId: text });
      };
      const { subject, text, sms } = reported(`x${evil}`);
      expect(text.split('\n')).toHaveLength(reported('x').text.split('\n').length);
      expect(`${subject}${sms}${text.replaceAll('\n', '')}`).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>]/u,
      );
    }),
  );
});
