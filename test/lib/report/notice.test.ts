/** What people are told that is no run: what happened, what is done about it, what they are to do. */
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../lib/messages.ts';
import { attentionToNotice, noticeMessage } from '../../../lib/report/notice.ts';
import type { MachineNotice } from '../../../lib/report/notice-facts.ts';
import type { ReportOptions } from '../../../lib/report/text.ts';
import { at, OPTIONS } from './runs.ts';
import { notices } from './told.ts';

const CHINESE: ReportOptions = { ...OPTIONS, language: 'zh-CN' };
const NOTICES = notices('');
const all: readonly Notice[] = Object.values(NOTICES);
const structureOf = (notice: Notice, options = OPTIONS): Record<string, string> =>
  JSON.parse(noticeMessage(notice, options).messageStructure);
const textOf = (notice: Notice, options = OPTIONS) => structureOf(notice, options)['email'] ?? '';
const machineOf = (notice: Notice, options = OPTIONS): MachineNotice =>
  JSON.parse(structureOf(notice, options)['https'] ?? '');

test('a storm in English', () => {
  const { subject } = noticeMessage(NOTICES.storm_began, OPTIONS);
  const { email, sms } = structureOf(NOTICES.storm_began);
  expect(`${subject}\n---\n${email}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] Person needed: storm: 170 of 500 encode servers abnormal, on 14 hosts
    ---
    Storm: 170 of 500 encode servers abnormal, on 14 hosts. A person is needed.

    What happened:   So many at once point to one common cause, not to single servers that hang.
    Done by itself:  One restart per ten minutes goes out as a test; each round that recovers doubles the next. All others wait. You are told when the storm is over.
    For you to do:   Look for the common cause: the last change, the network, the CPH console, notices of Huawei Cloud. To restart certain servers all the same, name them in \`POST /restarts\` and override the guard \`storm\`.

    Where:  cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    At:     2026-01-31 03:00:00 UTC
    ---
    [encode-restart] Person needed: storm: 170 of 500 encode servers abnormal, on 14 hosts"
  `);
});

test('a host out of service in Chinese', () => {
  const { subject } = noticeMessage(NOTICES.host_out_of_service, CHINESE);
  const { email, sms } = structureOf(NOTICES.host_out_of_service, CHINESE);
  expect(`${subject}\n---\n${email}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] 需人工处理 · 主机 3f2504e04f8911d39a0c0305e82c3301 未正常服务，涉及 2 台编码服务器
    ---
    主机 3f2504e04f8911d39a0c0305e82c3301 未正常服务，涉及 2 台编码服务器。需要人工处理。

    情况：      自 2026-01-31 02:45:00 UTC 起，CPH 显示该主机状态码为 10（5 为正常服务）。
    自动处理：  主机恢复之前，不重启其上的编码服务器；恢复之后，仍异常的会自动重启。
    需要您做：  请在 CPH 控制台检查并重启该主机，或向华为云提交工单。

    相关 ID：  es-0001, es-0002
    位置：     cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    时间：     2026-01-31 03:00:00 UTC
    ---
    [encode-restart] 需人工处理 · 主机 3f2504e04f8911d39a0c0305e82c3301 未正常服务，涉及 2 台编码服务器"
  `);
});

test('the first line of every notice in English', () => {
  expect(all.map((notice) => textOf(notice).split('\n')[0])).toMatchInlineSnapshot(`
    [
      "Storm: 170 of 500 encode servers abnormal, on 14 hosts. A person is needed.",
      "The storm is over after 1 h 47 min. No person is needed.",
      "Host 3f2504e04f8911d39a0c0305e82c3301 is out of service, with 2 encode servers. A person is needed.",
      "Restarts are still paused, until 2026-01-31 06:00:00 UTC. Not urgent, but please see to it.",
      "The ledger was emptied. A person is needed.",
      "The ledger does not answer, nothing is restarted. A person is needed.",
      "Huawei Cloud refuses our calls: APIGW.0301. A person is needed.",
      "CPH does not answer since 2026-01-31 02:40:00 UTC. A person is needed.",
      "Hardware event gpuAbnormal: no restart mends that. A person is needed.",
      "Alarms of “cph” cannot be read as alarms. Not urgent, but please see to it.",
      "A message on the alarm topic is no alarm that can be read. Not urgent, but please see to it.",
    ]
  `);
});

test('the first line of every notice in Chinese', () => {
  expect(all.map((notice) => textOf(notice, CHINESE).split('\n')[0])).toMatchInlineSnapshot(`
    [
      "大面积故障：500 台编码服务器中有 170 台异常，涉及 14 台主机。需要人工处理。",
      "大面积故障已结束，持续 1 小时 47 分钟。无需人工处理。",
      "主机 3f2504e04f8911d39a0c0305e82c3301 未正常服务，涉及 2 台编码服务器。需要人工处理。",
      "重启仍处于暂停状态，至 2026-01-31 06:00:00 UTC 为止。不紧急，但请留意处理。",
      "账本被清空。需要人工处理。",
      "账本没有响应，不重启任何服务器。需要人工处理。",
      "华为云拒绝了我们的调用：APIGW.0301。需要人工处理。",
      "CPH 自 2026-01-31 02:40:00 UTC 起没有响应。需要人工处理。",
      "硬件事件 gpuAbnormal：重启无法解决。需要人工处理。",
      "无法识别“cph”发来的告警。不紧急，但请留意处理。",
      "告警主题收到无法识别的消息。不紧急，但请留意处理。",
    ]
  `);
});

describe.each([
  ['English', OPTIONS, ['What happened:', 'Done by itself:', 'For you to do:']],
  ['Chinese', CHINESE, ['情况：', '自动处理：', '需要您做：']],
])('in %s', (_language, options, labels) => {
  test.each(all.map((notice) => [notice.code, notice] as const))(
    '%s says what happened, what is done by itself, and what to do',
    (_code, notice) => {
      const text = textOf(notice, options);
      for (const label of labels) expect(text).toMatch(new RegExp(`^${label} +\\S.*[.。]$`, 'm'));
      expect(text).not.toMatch(/undefined|\[object|NaN/);
    },
  );
  test('every notice says something else', () => {
    const told = all.flatMap((notice) => textOf(notice, options).split('\n').slice(2, 5));
    expect(new Set(told).size).toBe(all.length * 3);
  });
});

test('only what cannot wait needs a person', () => {
  const wait = (attention: string) =>
    all.filter((notice) => attentionToNotice(notice) === attention).map(({ code }) => code);
  expect(wait('none')).toEqual(['storm_ended']);
  expect(wait('not_yet')).toEqual(['pause_runs_long', 'template_without_is_alarm', 'alarm_unreadable']);
});

describe('machines', () => {
  test('are told the code, the time and the figures, in English whatever the language', () => {
    expect(machineOf(NOTICES.host_out_of_service, CHINESE)).toEqual({
      schema: 'encode-restart.notice/1',
      region: 'cn-north-4',
      project_id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      mode: 'active',
      needs_person: true,
      code: 'host_out_of_service',
      at: '2026-01-31T03:00:00Z',
      figures: {
        server_id: '3f2504e04f8911d39a0c0305e82c3301',
        status: 10,
        since: '2026-01-31T02:45:00Z',
        encode_server_ids: ['es-0001', 'es-0002'],
      },
    });
  });
  test('are told the figures of every code', () => {
    expect(
      Object.fromEntries(all.map((notice) => [notice.code, Object.keys(machineOf(notice).figures)])),
    ).toEqual({
      storm_began: ['troubled', 'hosts', 'fleet'],
      storm_ended: ['since'],
      host_out_of_service: ['server_id', 'status', 'since', 'encode_server_ids'],
      pause_runs_long: ['who', 'why', 'until'],
      ledger_emptied: ['until'],
      ledger_away: ['where', 'reason', 'since'],
      not_authorised: ['error'],
      cph_away: ['since', 'error'],
      hardware: ['event', 'alarm_name', 'resource_ids'],
      template_without_is_alarm: ['alarm_name'],
      alarm_unreadable: ['topic_urn', 'said'],
    });
  });
});

test('of many servers on a host, people are told 50 and machines 300', () => {
  const encodeServerIds = Array.from({ length: 320 }, (_, index) => `es-${index}`);
  const notice: Notice = { ...NOTICES.host_out_of_service, encodeServerIds };
  expect(textOf(notice).match(/\bes-/g)).toHaveLength(50);
  expect(textOf(notice)).toContain('es-49, and 270 more');
  expect(machineOf(notice)).toMatchObject({ omitted: 20 });
  expect(machineOf(notice).figures['encode_server_ids']).toHaveLength(300);
});

test.each([
  ['02:59:50', '0 min', '持续 0 分钟'],
  ['02:13:00', '47 min', '持续 47 分钟'],
  ['00:55:00', '2 h 5 min', '持续 2 小时 5 分钟'],
  ['03:30:00', '0 min', '持续 0 分钟'],
])('a storm since %s is over at three after %s', (since, english, chinese) => {
  const notice: Notice = { ...NOTICES.storm_ended, since: at(since) };
  expect(textOf(notice)).toContain(`The storm is over after ${english}.`);
  expect(textOf(notice, CHINESE)).toContain(chinese);
});
