/** The daily sign of life: calm when all is well, and plain about what is not. */
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/messages.ts';
import { digestMessage } from '../../../lib/report/digest.ts';
import type { MachineDigest } from '../../../lib/report/digest-facts.ts';
import { MOST_BYTES } from '../../../lib/report/envelope.ts';
import type { ReportOptions } from '../../../lib/report/text.ts';
import { at, HOST, hold, OPTIONS, REASONS } from './runs.ts';
import { calmDigest, fullDigest } from './told.ts';

const CHINESE: ReportOptions = { ...OPTIONS, language: 'zh-CN' };
const structureOf = (digest: Digest, options = OPTIONS): Record<string, string> =>
  JSON.parse(digestMessage(digest, options).messageStructure);
const textOf = (digest: Digest, options = OPTIONS) => structureOf(digest, options)['email'] ?? '';
const machineOf = (digest: Digest, options = OPTIONS): MachineDigest =>
  JSON.parse(structureOf(digest, options)['https'] ?? '');
const firstLine = (some: Partial<Digest>, options = OPTIONS) =>
  textOf(calmDigest(some), options).split('\n')[0];
const handedOver = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    encodeServerId: `es-h${index}`,
    serverId: HOST,
    since: at('01:00:00'),
    why: 'three attempts',
  }));
const abnormal = (count: number, ...[guardHold]: readonly ReturnType<typeof hold>[]) =>
  Array.from({ length: count }, (_, index) => ({
    encodeServerId: `es-a${index}`,
    serverId: HOST,
    since: at('02:00:00'),
    ...(guardHold === undefined ? {} : { hold: guardHold }),
  }));

test('a calm day in English', () => {
  const { subject } = digestMessage(calmDigest(), OPTIONS);
  expect(`${subject}\n---\n${textOf(calmDigest())}`).toMatchInlineSnapshot(`
    "[encode-restart] daily digest: all is well, nothing had to be restarted
    ---
    Daily digest: all is well, nothing had to be restarted. No person is needed.

    Period:  2026-01-31 00:00:00 UTC – 2026-01-31 23:59:59 UTC
    Where:   cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    Mode:    active
    Fleet:   500 encode servers
    "
  `);
});

test('a calm day in Chinese', () => {
  const { subject } = digestMessage(calmDigest(), CHINESE);
  expect(`${subject}\n---\n${textOf(calmDigest(), CHINESE)}`).toMatchInlineSnapshot(`
    "[encode-restart] 每日摘要：一切正常，没有需要重启的编码服务器
    ---
    每日摘要：一切正常，没有需要重启的编码服务器。无需人工处理。

    时段：  2026-01-31 00:00:00 UTC – 2026-01-31 23:59:59 UTC
    位置：  cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    模式：  执行（active）
    规模：  500 台编码服务器
    "
  `);
});

test('a day of everything in English', () => {
  const { subject } = digestMessage(fullDigest(), OPTIONS);
  const { email, sms } = structureOf(fullDigest());
  expect(`${subject}\n---\n${email}---\n${sms}`).toMatchInlineSnapshot(`
    "[encode-restart] Person needed: daily digest: 12 of 15 restarts recovered, 1 handed over to a person, 2 abnormal, 1 hun…
    ---
    Daily digest: 12 of 15 restarts recovered, 1 handed over to a person, 2 abnormal, 1 hung again and again, 2 would have been restarted, a storm is on, restarts are paused, 1 report not delivered. A person is needed.

    Period:    2026-01-31 00:00:00 UTC – 2026-01-31 23:59:59 UTC
    Where:     cn-north-4 · project 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    Mode:      active
    Fleet:     500 encode servers
    Done:      9 runs: 12 recovered, 1 did not, 1 rejected, 1 unconfirmed, 4 held back
    Observed:  2 encode servers would have been restarted, were it not for mode observe or a dry run

    1 encode server needs a person and is not restarted any more:
    host 3f2504e04f8911d39a0c0305e82c3301
      es-0001  since 2026-01-31 01:00:00 UTC  “three attempts without recovery”
    Once such a server has stayed well for a whole cooldown, it is ours again. To have it restarted before that, take it back (ack): DELETE /handed-over/{encode_server_id}

    2 encode servers are abnormal now:
    host 3f2504e04f8911d39a0c0305e82c3301
      es-0002  since 2026-01-31 02:40:00 UTC  in its cooldown: last restarted 2026-01-31 02:41:10 UTC; not before 2026-01-31 03:11:10 UTC
    host other
      es-0003  since 2026-01-31 23:59:00 UTC  being seen to

    1 encode server hung again and again after its restarts. Look for the cause, or exclude it (PUT /exclusions/{id}):
    host other
      es-0004  7 restarts

    A storm is on since 2026-01-31 22:00:00 UTC: only 4 restarts a round. Look for the common cause.
    Restarts are paused by li.wei until 2026-01-31 23:59:59 UTC: “storage”. To end it: DELETE /pause
    3 hosts or servers are excluded by people: GET /exclusions names them.
    1 report could not be delivered and is in the log in full. Check the topics and the permission smn:topic:publish.
    Scheduled maintenance of hosts cannot be seen in this account or region: restarts do not wait for it.
    ---
    [encode-restart] Person needed: daily digest: 12 of 15 restarts recovered, 1 handed over to a person, 2 abnormal, 1 hung again and again,…"
  `);
});

test('a day of everything in Chinese', () => {
  const { subject } = digestMessage(fullDigest(), CHINESE);
  expect(`${subject}\n---\n${textOf(fullDigest(), CHINESE)}`).toMatchInlineSnapshot(`
    "[encode-restart] 需人工处理 · 每日摘要：重启 15 次，恢复 12 次，转人工 1 台，异常 2 台，反复异常 1 台，本应重启 2 台，正发生大面积故障，重启已暂停，1 份报告未送达
    ---
    每日摘要：重启 15 次，恢复 12 次，转人工 1 台，异常 2 台，反复异常 1 台，本应重启 2 台，正发生大面积故障，重启已暂停，1 份报告未送达。需要人工处理。

    时段：      2026-01-31 00:00:00 UTC – 2026-01-31 23:59:59 UTC
    位置：      cn-north-4 · 项目 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    模式：      执行（active）
    规模：      500 台编码服务器
    执行情况：  共执行 9 次：已恢复 12 台，未恢复 1 台，被拒绝 1 台，未确认 1 台，暂不处理 4 台
    观察结果：  若非观察模式或试运行，本应重启 2 台编码服务器

    以下 1 台编码服务器需要人工处理，不再自动重启：
    主机 3f2504e04f8911d39a0c0305e82c3301
      es-0001  自 2026-01-31 01:00:00 UTC 起  “three attempts without recovery”
    服务器持续正常满一个冷却期后会自动重新纳入管理。如需提前恢复自动重启，请取回（ack）：DELETE /handed-over/{encode_server_id}

    目前有 2 台编码服务器异常：
    主机 3f2504e04f8911d39a0c0305e82c3301
      es-0002  自 2026-01-31 02:40:00 UTC 起  处于冷却期：上次重启于 2026-01-31 02:41:10 UTC；最早 2026-01-31 03:11:10 UTC 后再处理
    主机 other
      es-0003  自 2026-01-31 23:59:00 UTC 起  正在处理

    以下 1 台编码服务器重启后恢复，但反复异常，请排查原因，或将其排除（PUT /exclusions/{id}）：
    主机 other
      es-0004  重启 7 次

    自 2026-01-31 22:00:00 UTC 起发生大面积故障，每轮只重启 4 台，请排查共同原因。
    重启已被 li.wei 暂停至 2026-01-31 23:59:59 UTC：“storage”。如需解除：DELETE /pause
    人工设置了 3 个不重启的主机或服务器，可用 GET /exclusions 查看。
    有 1 份报告未能送达，完整内容见日志。请检查主题和 smn:topic:publish 权限。
    当前账号或区域无法查询主机的计划维护，重启时不会避开维护。
    "
  `);
});

describe('the first line', () => {
  const counts = { recovered: 0, not_recovered: 0, rejected: 0, unconfirmed: 0, held: 0 };
  test.each<[string, Partial<Digest>]>([
    [
      'Daily digest: all is well, nothing had to be restarted. No person is needed.',
      { runs: 1, exclusions: 2, maintenanceUnknown: true },
    ],
    [
      'Daily digest: 3 of 3 restarts recovered. No person is needed.',
      { runs: 2, counts: { ...counts, recovered: 3 } },
    ],
    [
      'Daily digest: nothing was restarted. No person is needed.',
      { runs: 1, counts: { ...counts, held: 2 } },
    ],
    [
      'Daily digest: nothing was restarted, 1 handed over to a person. A person is needed.',
      { handedOver: handedOver(1) },
    ],
    ['Daily digest: nothing was restarted, 2 abnormal. No person is needed yet.', { abnormal: abnormal(2) }],
    [
      'Daily digest: nothing was restarted, 2 abnormal. A person is needed.',
      { abnormal: abnormal(2, hold('state', REASONS.host_not_in_service)) },
    ],
    [
      'Daily digest: nothing was restarted, 2 abnormal. No person is needed.',
      { abnormal: abnormal(2, hold('scope', REASONS.excluded)) },
    ],
    [
      'Daily digest: nothing was restarted, restarts are paused. No person is needed.',
      { pause: { who: 'li', why: 'x', until: at('04:00:00') } },
    ],
    [
      'Daily digest: nothing was restarted, 2 reports not delivered. Not urgent, but please see to it.',
      { undeliverable: 2 },
    ],
    [
      'Daily digest: nothing was restarted, a storm is on. A person is needed.',
      {
        storm: { since: at('01:00:00'), round: { startedAt: at('01:00:00'), size: 1, canaries: new Map() } },
      },
    ],
    [
      'Daily digest: nothing was restarted, 4 would have been restarted. No person is needed.',
      { mode: 'observe', wouldRestart: 4 },
    ],
  ])('says: %s', (line, some) => {
    expect(firstLine(some)).toBe(line);
  });
});

describe('the servers', () => {
  test('that are named are fifty at most, those handed over first', () => {
    const text = textOf(calmDigest({ handedOver: handedOver(45), abnormal: abnormal(9) }));
    expect(text.match(/^ {2}es-h/gm)).toHaveLength(45);
    expect(text.match(/^ {2}es-a/gm)).toHaveLength(5);
    expect(text).toContain('and 4 more: see the JSON');
    expect(
      textOf(calmDigest({ handedOver: handedOver(70), abnormal: abnormal(1) })).match(/^ {2}es-/gm),
    ).toHaveLength(50);
  });
  test('held for one reason share a line when they are more than ten', () => {
    const paused = hold('pause', REASONS.paused, '04:00:00');
    expect(textOf(calmDigest({ abnormal: abnormal(11, paused) }))).toContain(
      '11 encode servers are abnormal now:\n11 servers: restarts are paused by li.wei',
    );
  });
});

describe('machines', () => {
  test('are told all of it, in English whatever the language', () => {
    const facts = machineOf(fullDigest());
    expect(machineOf(fullDigest(), CHINESE)).toEqual(facts);
    expect(facts).toMatchObject({
      schema: 'encode-restart.digest/1',
      needs_person: true,
      from: '2026-01-31T00:00:00Z',
      fleet: 500,
      runs: 9,
      counts: { recovered: 12, held: 4 },
      would_restart: 2,
      handed_over: [{ encode_server_id: 'es-0001', server_id: HOST, since: '2026-01-31T01:00:00Z' }],
      abnormal: [{ encode_server_id: 'es-0002', hold: { code: 'cooldown' } }, { hold: null }],
      pause: { who: 'li.wei', until: '2026-01-31T23:59:59Z' },
      storm: { since: '2026-01-31T22:00:00Z', round_size: 4 },
      exclusions: 3,
      undeliverable: 1,
      maintenance_unknown: true,
    });
    expect(facts).not.toHaveProperty('omitted_abnormal');
  });
  test('are told null for what there is not', () => {
    const { fleet: _unknown, ...digest } = calmDigest();
    expect(machineOf(digest)).toMatchObject({ fleet: null, pause: null, storm: null, needs_person: false });
    expect(textOf(digest)).not.toContain('Fleet:');
  });
  test('get as many servers as fit, those handed over first', () => {
    const digest = calmDigest({ handedOver: handedOver(600), abnormal: abnormal(5_000) });
    const { messageStructure } = digestMessage(digest, OPTIONS);
    const facts: MachineDigest = JSON.parse(JSON.parse(messageStructure).https);
    expect(Buffer.byteLength(messageStructure)).toBeLessThanOrEqual(MOST_BYTES);
    expect(Buffer.byteLength(messageStructure)).toBeGreaterThan(MOST_BYTES * 0.99);
    expect(facts.handed_over).toHaveLength(600 - (facts.omitted_handed_over ?? 0));
    expect(facts.abnormal.length + (facts.omitted_abnormal ?? 0)).toBe(5_000);
  });
});
