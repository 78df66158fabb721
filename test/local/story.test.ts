/** What is told of a function's log and of the calls that it makes. */
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../lib/time.ts';
import { sayingOf } from '../../local/demo/saying.ts';
import { storyTeller } from '../../local/story.ts';

const line = (message: string, fields: object = {}, level = 'info') =>
  JSON.stringify({ level, message, function: 'alarm', ...fields });

describe('a log line', () => {
  it.each([
    [line('run opened', { targets: 1, state: 'running' }), 'finds 1 abnormal encode server and opens a run'],
    [line('run opened', { targets: 20, function: 'schedule' }), 'finds 20 encode servers and opens a run'],
    [
      line('run opened', { targets: 0, state: 'watching' }),
      'finds nothing abnormal yet, opens a run and watches the host',
    ],
    [
      line('restart called', { asked: 3, claimed: 2, given_back: 0 }),
      'had claimed 2 of 3 in the ledger before the call',
    ],
    [
      line('restart called', { asked: 3, claimed: 3, given_back: 0, failure: 'deadline' }),
      'has no good answer (deadline): it does not call again, but looks',
    ],
    [
      line('restart called', { asked: 3, claimed: 3, given_back: 3, failure: 'APIGW.0308' }),
      'has no good answer (APIGW.0308): it takes its claims back and waits',
    ],
    [
      line('run ended', { counts: { recovered: 2, held: 0, not_recovered: 1 } }),
      'has looked at every server: 2 recovered, 1 not recovered',
    ],
    [line('run ended', { counts: {} }), 'has looked at every server: nothing to do'],
    [line('could not look', { code: 'CPS.0003' }, 'warn'), 'could not look: CPS.0003'],
    [line('something new', {}, 'error'), 'something new'],
  ])('%s is told', (text, what) => {
    expect(sayingOf(text)?.slice(0, 2)).toEqual([expect.any(String), what]);
  });

  it.each([
    line('call answered'),
    line('paused', {}, 'warn'),
    'Start invoke request',
    line('report published'),
  ])('%s is not', (text) => expect(sayingOf(text)).toBeUndefined());
});

it('every line is told with time and who, in columns', () => {
  const lines: string[] = [];
  const { says, readLog } = storyTeller({ now: () => epochMs(Date.parse('2026-03-01T18:30:05Z')) }, (text) =>
    lines.push(text),
  );
  says('SMN', 'hands the alarm over');
  readLog(line('alarm ignored', { reason: 'a recovery' }));
  expect(lines).toEqual([
    '18:30:05  SMN        hands the alarm over',
    '18:30:05  alarm      ignores an alarm: a recovery',
  ]);
});
