/** Whatever others write into ids, names, reasons and errors, no message of any kind is broken by it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/messages.ts';
import { digestMessage } from '../../../lib/report/digest.ts';
import { MOST_BYTES, type ReportMessage } from '../../../lib/report/envelope.ts';
import { gatheredMessage } from '../../../lib/report/gathered.ts';
import { reportMessage } from '../../../lib/report/message.ts';
import { noticeMessage } from '../../../lib/report/notice.ts';
import { resultsMessages } from '../../../lib/report/results.ts';
import type { ReportOptions } from '../../../lib/report/text.ts';
import type { Override, Reason, Run } from '../../../lib/types.ts';
import { tries } from '../../support/fuzz.ts';
import { at, ended, held, hold, nasty, OPTIONS, REASONS, run, target } from './runs.ts';
import { fullDigest, notices } from './told.ts';

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const WORST: readonly string[] = [
  '__proto__',
  'constructor',
  'a\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>',
  '\u202egnp.exe\u2066',
  '\ud83d',
  '\udc00\u0000\u001b[2J\u0085\u2028',
  '"'.repeat(3_000),
  '\\'.repeat(3_000),
  '<'.repeat(3_000),
  '😀'.repeat(1_500),
  '主机'.repeat(1_500),
  'x'.repeat(3_000),
  '{"schema":"encode-restart.report/1"}',
  '%24{jndi:ldap://x}',
  '',
];

/** Every reason with `text` wherever somebody writes. */
const reasons = (text: string): readonly Reason[] => [
  ...Object.values(REASONS),
  { code: 'excluded', who: text, why: text },
  { code: 'outside_window', windows: [text, text] },
  { code: 'paused', who: text, why: text },
  { code: 'host_maintenance', eventId: text },
  { code: 'in_flight', runId: text },
  { code: 'handed_over', since: at('01:00:00'), why: text },
  { code: 'host_busy', encodeServerId: text },
  { code: 'nothing_found', what: text },
  { code: 'not_authorised', error: { code: text, message: text } },
];

function hostileRun(text: string): Run {
  const error = { code: text, message: text };
  const override: Override = { who: text, why: text, guards: ['storm'] };
  const job = { jobId: text, status: 'failed', beginTime: text, endTime: text, error } as const;
  const all = reasons(text);
  const targets = [
    target(text, held(...all.map((reason) => hold('state', reason, '03:00:00'))), text),
    ...all.map((reason, index) => target(`${index}${text}`, held(hold('state', reason)), text)),
    ...Array.from({ length: 60 }, (_, index) =>
      target(
        `t${index}${text}`,
        ended('rejected', { error, override, job, jobId: text, requestId: text }),
        `${index}${text}`,
      ),
    ),
  ];
  const one = run(targets, {
    runId: text,
    requestIds: targets.map(() => text),
    hosts: [text],
    stopped: { code: 'nothing_found', what: text },
  });
  const request = { ...one.request, reason: text, requestedBy: text, deliveryId: text, override };
  return { ...one, request };
}

const planned = (one: Run): Run => ({
  ...one,
  request: { ...one.request, source: 'timer', selector: { kind: 'all' } },
});

const hostileDigest = (text: string): Digest => {
  const digest = fullDigest(text);
  return {
    ...digest,
    handedOver: Array.from({ length: 30 }, () => digest.handedOver).flat(),
    abnormal: reasons(text).map((reason) => ({
      encodeServerId: text,
      serverId: text,
      since: at('01:00:00'),
      hold: hold('state', reason),
    })),
  };
};

const KINDS: readonly [string, (text: string, options: ReportOptions) => readonly ReportMessage[]][] = [
  ['a report', (text, options) => [reportMessage(hostileRun(text), options)]],
  ['a report of planned work', (text, options) => [reportMessage(planned(hostileRun(text)), options)]],
  [
    'gathered reports',
    (text, options) => [
      gatheredMessage(
        ['a', 'b', 'c'].map(() => hostileRun(text)),
        options,
      ),
    ],
  ],
  [
    'notices',
    (text, options) => Object.values(notices(text)).map((notice) => noticeMessage(notice, options)),
  ],
  ['a digest', (text, options) => [digestMessage(hostileDigest(text), options)]],
  ['results', (text, options) => resultsMessages(hostileRun(text), options)],
];

/** What any subscriber may rely on, whatever the message is about. */
function isSound({ subject, messageStructure }: ReportMessage): void {
  expect([...subject].length).toBeLessThanOrEqual(120);
  expect(Buffer.byteLength(subject)).toBeLessThanOrEqual(512);
  expect(subject).not.toMatch(CONTROL);
  expect(subject).not.toMatch(/[<>]/);
  expect(Buffer.byteLength(messageStructure)).toBeLessThanOrEqual(MOST_BYTES);
  expect(messageStructure).not.toMatch(CONTROL);
  const structure: Record<string, unknown> = JSON.parse(messageStructure);
  expect(Object.keys(structure)).toContain('default');
  for (const [key, value] of Object.entries(structure)) {
    if (typeof value !== 'string') throw new Error(`${key} is no string`);
    expect(value.replaceAll('\n', '')).not.toMatch(CONTROL);
    expect(value).not.toMatch(/[<>]/);
    if (key === 'sms') {
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(140);
      expect(value).not.toContain('\n');
    }
    if (key === 'https' || key === 'functionstage' || structure['https'] === undefined) {
      expect(value).not.toContain('\n');
      expect(JSON.parse(value)).toMatchObject({ schema: expect.stringMatching(/^encode-restart\.\w+\/1$/) });
    }
  }
}

/** The lines of the text, or none where there is no text for people. */
const linesOf = ({ messageStructure }: ReportMessage): number =>
  (JSON.parse(messageStructure).email ?? '').split('\n').length;

describe.each(KINDS)('%s', (_kind, messagesOf) => {
  const languages = fc.constantFrom<ReportOptions['language']>('en', 'zh-CN');
  const messages = (text: string, language: ReportOptions['language']) =>
    messagesOf(text, { ...OPTIONS, language, region: text, projectId: text });
  test.each(WORST.map((text) => [JSON.stringify(text.slice(0, 40)), text] as const))(
    'is sound with %s',
    (_shown, text) => {
      for (const language of ['en', 'zh-CN'] as const) messages(text, language).forEach(isSound);
    },
  );
  test('is sound with anything', () => {
    fc.assert(
      fc.property(nasty, languages, (text, language) => messages(text, language).forEach(isSound)),
      { numRuns: tries(4) },
    );
  });
  test('has not a line more than with a harmless text', () => {
    fc.assert(
      fc.property(nasty, languages, (text, language) => {
        const harmless = messages('x', language);
        expect(messages(`x${text}`, language).map(linesOf)).toEqual(harmless.map(linesOf));
      }),
      { numRuns: tries(4) },
    );
  });
});

test('texts of nothing but quotes leave room for the machines', () => {
  const quotes = '"'.repeat(300);
  const holds = ['a', 'b', 'c'].map(() =>
    hold('attempts', { code: 'handed_over', since: at('01:00:00'), why: quotes }),
  );
  const one = run(
    Array.from({ length: 50 }, (_, index) =>
      target(`${index}${quotes}`, held(...holds), `${index}${quotes}`),
    ),
  );
  const message = reportMessage(one, OPTIONS);
  isSound(message);
  const { email, https } = JSON.parse(message.messageStructure);
  expect(Buffer.byteLength(JSON.stringify(email))).toBeLessThanOrEqual(60_002);
  expect(email).toMatch(/\n…\n$/);
  expect(JSON.parse(https).restarts.length).toBeGreaterThan(10);
});

test('an id called __proto__ is told like any other', () => {
  const machine = JSON.parse(
    JSON.parse(reportMessage(hostileRun('__proto__'), OPTIONS).messageStructure).https,
  );
  expect(machine.restarts.map((row: { server_id: string }) => row.server_id)).toContain('__proto__');
  const digest = JSON.parse(
    JSON.parse(digestMessage(hostileDigest('__proto__'), OPTIONS).messageStructure).https,
  );
  expect(digest.abnormal[0].encode_server_id).toBe('__proto__');
});
