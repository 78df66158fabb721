import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../events/event.ts';
import { readTimerEvent } from '../../events/timer.ts';

const FOLDER = new URL('../../events/samples/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const READ_AS: Readonly<Record<string, object>> = {
  'nightly.json': {
    time: Date.parse('2026-03-01T18:00:00Z'),
    triggerName: 'encode-restart-nightly',
    userEvent: { selector: { kind: 'all' }, reason: 'nightly rolling restart' },
  },
  'patrol.json': {
    time: Date.parse('2026-03-01T18:31:00Z'),
    triggerName: 'encode-restart-patrol',
    userEvent: {},
  },
  'nightly-narrowed.json': {
    time: Date.parse('2026-03-01T18:00:00Z'),
    triggerName: 'encode-restart-nightly-pilot',
    userEvent: {
      selector: {
        kind: 'hosts',
        serverIds: ['c10d0000000000000000000000000001', 'c10d0000000000000000000000000002'],
      },
      window: ['Mon-Fri 02:00-05:00 Asia/Shanghai', 'Sat,Sun 01:00-07:00 Asia/Shanghai'],
      maxUnavailable: '2%',
      maxErrors: 1,
      dryRun: true,
      reason: 'pilot on two hosts',
    },
  },
};

const EVENT = {
  version: 'v1.0',
  time: '2026-03-02T02:00:00+08:00',
  trigger_type: 'TIMER',
  trigger_name: 'nightly',
  user_event: '',
};
const readText = (userEvent: unknown) => readTimerEvent({ ...EVENT, user_event: userEvent });
const said = (userEvent: unknown) => readText(JSON.stringify(userEvent));

describe('a sample of a timer', () => {
  it('is there for each line of this table, and each has a line', () => {
    const timers = readdirSync(FOLDER).filter((name) => sample(name).includes('"TIMER"'));
    expect(new Set(timers)).toEqual(new Set(Object.keys(READ_AS)));
  });

  it.each(Object.entries(READ_AS))(
    '%s is read as what it says, as object, text or Buffer',
    (name, expected) => {
      expect(readTimerEvent(JSON.parse(sample(name)))).toEqual(expected);
      expect(readTimerEvent(sample(name))).toEqual(expected);
      expect(readTimerEvent(Buffer.from(sample(name)))).toEqual(expected);
    },
  );
});

describe('an event that is no timer', () => {
  it.each([
    [undefined, 'event: expected a TIMER event, got nothing'],
    ['{"half":', 'event: expected JSON, got "{\\"half\\":"'],
    [[], 'event: expected a TIMER event, got []'],
    [{ record: [] }, 'event.trigger_type: expected "TIMER", got nothing'],
    [{ ...EVENT, trigger_type: 'SMN' }, 'event.trigger_type: expected "TIMER", got "SMN"'],
    [
      { ...EVENT, time: '2026-03-02T02:00:00' },
      'event.time: expected a time like "2026-03-01T02:00:00+08:00", got "2026-03-02T02:00:00"',
    ],
    [{ ...EVENT, time: 1 }, 'event.time: expected a time like "2026-03-01T02:00:00+08:00", got 1'],
    [{ ...EVENT, trigger_name: '' }, 'event.trigger_name: expected a name, got ""'],
    [{ ...EVENT, user_event: undefined }, 'event.user_event: expected a JSON object as text, got nothing'],
    [{ ...EVENT, user_event: {} }, 'event.user_event: expected a JSON object as text, got {}'],
  ])('%j is a problem that names the place', (event, problem) => {
    expect(readTimerEvent(event)).toEqual({ problem });
  });
});

describe('a user_event', () => {
  it.each(['', ' \n', '{}', ' { } '])('%j narrows nothing', (text) => {
    expect(readText(text)).toMatchObject({ userEvent: {} });
    expect(readText(text)).not.toHaveProperty('userEvent.selector');
  });

  it.each([
    [{ abnormal: true }, { selector: { kind: 'abnormal' } }],
    [{ encode_server_ids: ['e1'] }, { selector: { kind: 'ids', encodeServerIds: ['e1'] } }],
    [{ phone_ids: ['p1'] }, { selector: { kind: 'phones', phoneIds: ['p1'] } }],
    [{ window: '22:00-04:00 UTC' }, { window: ['22:00-04:00 UTC'] }],
    [
      { max_unavailable: 0, max_errors: '0%' },
      { maxUnavailable: 0, maxErrors: '0%' },
    ],
    [
      { max_unavailable: '100%', max_errors: 12 },
      { maxUnavailable: '100%', maxErrors: 12 },
    ],
    [{ dry_run: false }, { dryRun: false }],
    [{ reason: 'x'.repeat(200) }, { reason: 'x'.repeat(200) }],
  ])('%j is read as what it says', (given, userEvent) => {
    expect(said(given)).toMatchObject({ userEvent });
  });

  const limit = 'a whole number, or a share like "5%"';
  const aWindow = 'a window like "22:00-04:00 Asia/Shanghai", or a list';
  it.each([
    ['nightly', ': expected a JSON object, got "nightly"'],
    ['{"all":', ': expected a JSON object, got "{\\"all\\":"'],
    ['null', ': expected a JSON object, got null'],
    ['["e1"]', ': expected a JSON object, got ["e1"]'],
    ['"all"', ': expected a JSON object, got "all"'],
    [
      '{"al":true}',
      ': expected one of encode_server_ids, server_ids, phone_ids, abnormal, all, server_id, window, ' +
        'max_unavailable, max_errors, dry_run, reason, got the key "al"',
    ],
    ['{"server_ids":[]}', '.server_ids: expected 1 to 1000 ids, got 0'],
    [
      '{"all":true,"server_ids":["h1"]}',
      ': expected at most one of encode_server_ids, server_ids, phone_ids, abnormal, all, got server_ids and all',
    ],
    ['{"max_errors":-1}', `.max_errors: expected ${limit}, got -1`],
    ['{"max_errors":1.5}', `.max_errors: expected ${limit}, got 1.5`],
    ['{"max_errors":"5"}', `.max_errors: expected ${limit}, got "5"`],
    ['{"max_errors":null}', `.max_errors: expected ${limit}, got null`],
    ['{"max_unavailable":"101%"}', `.max_unavailable: expected ${limit}, got "101%"`],
    ['{"max_unavailable":1e400}', `.max_unavailable: expected ${limit}, got null`],
    ['{"window":[]}', `.window: expected ${aWindow}, got []`],
    ['{"window":""}', `.window: expected ${aWindow}, got ""`],
    ['{"window":["22:00-04:00 UTC",7]}', `.window: expected ${aWindow}, got ["22:00-04:00 UTC",7]`],
    ['{"dry_run":"true"}', '.dry_run: expected true or false, got "true"'],
    ['{"reason":7}', '.reason: expected a text of at most 200 characters, got 7'],
    [
      `{"reason":"${'x'.repeat(201)}"}`,
      `.reason: expected a text of at most 200 characters, got "${'x'.repeat(78)}…`,
    ],
  ])('%s is a problem that names the place', (text, problem) => {
    expect(readText(text)).toEqual({ problem: `event.user_event${problem}` });
  });

  it('with a key of every object is refused like any other unknown key', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(readText(`{"${key}":{"all":true}}`)).toMatchObject({
        problem: expect.stringContaining(`got the key "${key}"`),
      });
    }
  });

  it('never throws, and never widens a selector that it was given, whatever else it holds', () => {
    const key = fc.constantFrom(
      'all',
      'abnormal',
      'server_ids',
      'window',
      'max_errors',
      'dry_run',
      'reason',
      '',
    );
    const value = fc.oneof(fc.jsonValue(), fc.constant(true), fc.constant(['h1']), fc.constant('5%'));
    fc.assert(
      fc.property(fc.dictionary(key, value), (given) => {
        const read = said({ encode_server_ids: ['e1'], ...given });
        if (isProblem(read)) return;
        expect(read.userEvent.selector).toEqual({ kind: 'ids', encodeServerIds: ['e1'] });
      }),
    );
    fc.assert(fc.property(fc.anything(), (event) => void readTimerEvent(event)));
    fc.assert(fc.property(fc.string(), (text) => void readText(text)));
  });
});
