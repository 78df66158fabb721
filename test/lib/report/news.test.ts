/** People are interrupted only by news: every decision, one line each. */
import { describe, expect, test } from 'vitest';
import { hasNews, heldBecause, toldBy } from '../../../lib/report/news.ts';
import type { Progress, Reason, Run, Source } from '../../../lib/types.ts';
import { at, attempt, ended, held, hold, REASONS, run, target, waiting } from './runs.ts';

const from = (source: Source, one: Run): Run => ({ ...one, request: { ...one.request, source } });
const told = (key?: string) => new Map([['a', key]]);
const ill = (progress: Progress) => ({ progress, resolvedAs: 'abnormal' }) as const;
const cooling = hold('cooldown', REASONS.cooldown, '03:11:10');

describe('why a server is held', () => {
  const handedOver = (since: string): Progress =>
    held(hold('attempts', { code: 'handed_over', since: at(since), why: 'three attempts' }));
  test.each<[string, string | undefined, Progress]>([
    ['the guard and its reason', 'cooldown/cooldown', held(cooling)],
    ['of several, the one that decides', 'pause/paused', held(hold('pause', REASONS.paused), cooling)],
    ['a hand-over', 'attempts/handed_over', handedOver('01:00:00')],
    [
      'a hand-over, though its cooldown decides',
      'attempts/handed_over',
      held(cooling, hold('attempts', REASONS.handed_over)),
    ],
    ['nothing, if no guard said so', undefined, held()],
    ['nothing, while it waits', undefined, waiting(cooling)],
    ['nothing, if it was restarted', undefined, ended('not_recovered')],
  ])('is %s', (_what, key, progress) => {
    expect(heldBecause(ill(progress))).toBe(key);
  });
  test('stays the same when only figures and times change', () => {
    const later: Reason = { code: 'cooldown', lastAttemptAt: at('03:00:00') };
    expect(heldBecause(ill(held(hold('cooldown', later, '03:30:00'))))).toBe(heldBecause(ill(held(cooling))));
    const storm: Reason = { ...REASONS.storm, troubled: 300, canaries: 4 };
    expect(heldBecause(ill(held(hold('storm', storm))))).toBe(
      heldBecause(ill(held(hold('storm', REASONS.storm)))),
    );
  });
  test('is another for one that was running: that it runs does not end it', () => {
    expect(heldBecause({ progress: held(cooling), resolvedAs: 'running' })).toBe('cooldown/cooldown+');
  });
  test('is what a report said would come', () => {
    expect(toldBy(ill(held(cooling)))).toBe(heldBecause(ill(held(cooling))));
    expect(toldBy(ill(ended('not_recovered', {}, '03:11:10')))).toBe(heldBecause(ill(held(cooling))));
    expect(toldBy(ill({ ...ended('not_recovered'), handedOver: true } as Progress))).toBe(
      'attempts/handed_over',
    );
    expect(toldBy(ill(ended('recovered')))).toBeUndefined();
  });
});

const of = (progress: Progress): Run => run([target('a', progress)]);
const observed = of(held(hold('mode', REASONS.observe)));
const tried = of(held(hold('mode', REASONS.dry_run)));
const denied: Run = {
  ...of(held(hold('run', REASONS.not_authorised))),
  stopped: REASONS.not_authorised,
};
const stoppedBy = (code: Reason['code']): Run => run([], { stopped: REASONS[code] });

test.each<[string, boolean, Source, Run, string?]>([
  // Restarted.
  ['a restart that recovered', true, 'patrol', of(ended('recovered'))],
  ['a restart that did not', true, 'patrol', of(ended('not_recovered'))],
  ['a restart that was refused', true, 'patrol', of(ended('rejected'))],
  [
    'a restart under way',
    true,
    'patrol',
    of({ state: 'accepted', attempt: attempt(), since: at('02:41:11') }),
  ],
  // Held.
  ['a server held for the first time', true, 'patrol', of(held(cooling))],
  ['a server held for another reason', true, 'patrol', of(held(cooling)), 'pause/paused'],
  ['the same again', false, 'patrol', of(held(cooling)), 'cooldown/cooldown'],
  ['the same again, for an alarm', false, 'alarm', of(held(cooling)), 'cooldown/cooldown'],
  ['the same again, for a person', true, 'http', of(held(cooling)), 'cooldown/cooldown'],
  ['a server handed over', true, 'patrol', of(held(hold('attempts', REASONS.handed_over)))],
  [
    'the same hand-over again',
    false,
    'patrol',
    of(held(hold('attempts', REASONS.handed_over))),
    'attempts/handed_over',
  ],
  ['a server that the run never got to', true, 'timer', of(held(hold('run', REASONS.run_ended)))],
  ['a server that still waits', false, 'patrol', of(waiting(cooling))],
  ['a held server without a reason', false, 'patrol', of(held())],
  // Well, or in other hands.
  ['a server that is well again', false, 'alarm', of(held(hold('state', REASONS.well_again)))],
  ['a server that restarts already', false, 'alarm', of(held(hold('state', REASONS.restarting_already)))],
  ['a server that another run restarts', false, 'alarm', of(held(hold('cooldown', REASONS.in_flight)))],
  [
    'a server held by a storm, of which a notice tells',
    false,
    'alarm',
    of(held(hold('storm', REASONS.storm))),
  ],
  ['the same for a person', true, 'http', of(held(hold('storm', REASONS.storm)))],
  // Only looked at.
  ['what observing would have done', true, 'patrol', observed],
  ['the same of patrol again', false, 'patrol', observed, 'mode/observe'],
  ['the same of an alarm again', false, 'alarm', observed, 'mode/observe'],
  ['the same of a timer again', true, 'timer', observed, 'mode/observe'],
  ["the same for a person's own call", true, 'http', observed, 'mode/observe'],
  ['a dry run', true, 'http', tried, 'mode/dry_run'],
  ['a dry run by a timer', true, 'timer', tried, 'mode/dry_run'],
  // Ended early, or empty.
  ['a run without permission', true, 'patrol', stoppedBy('not_authorised')],
  ['a run without permission of which each server was told', false, 'alarm', denied, 'run/not_authorised'],
  ['a run without permission of which nobody was told', true, 'alarm', denied],
  ['a request that was too old', true, 'timer', stoppedBy('stale')],
  ['a call that found nothing', true, 'http', stoppedBy('nothing_found')],
  ['a timer that found nothing', true, 'timer', stoppedBy('nothing_found')],
  ['an alarm that found nothing', false, 'alarm', stoppedBy('nothing_found')],
  ['a look of patrol that found nothing', false, 'patrol', stoppedBy('nothing_found')],
  ['a run of nothing', false, 'alarm', run([])],
])('%s: news is %s', (_what, expected, source, one, key) => {
  expect(hasNews(from(source, one), told(key))).toBe(expected);
});

test('one server that is news makes the run news', () => {
  const one = run([target('a', held(cooling)), target('b', held(cooling))]);
  expect(hasNews(one, new Map([['a', 'cooldown/cooldown']]))).toBe(true);
  expect(
    hasNews(
      one,
      new Map([
        ['a', 'cooldown/cooldown'],
        ['b', 'cooldown/cooldown'],
      ]),
    ),
  ).toBe(false);
});
