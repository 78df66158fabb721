/** Whether a person is needed: never cries wolf, never plays down. */
import { describe, expect, test } from 'vitest';
import { attentionOf } from '../../../lib/report/attention.ts';
import type { Attention } from '../../../lib/report/words.ts';
import type { Reason, Run } from '../../../lib/types.ts';
import { ended, held, hold, REASONS, run, target } from './runs.ts';

const SHARED = { sharedLedger: true };
const FORGETFUL = { sharedLedger: false };
const heldFor = (...codes: readonly Reason['code'][]) =>
  target('a', held(...codes.map((code) => hold('state', REASONS[code]))));

describe('an abnormal server that is held', () => {
  const expected: { readonly [Code in Reason['code']]: Attention } = {
    not_included: 'none',
    excluded: 'none',
    ledger_emptied: 'not_yet',
    stale: 'not_yet',
    outside_window: 'not_yet',
    fleet_shrank: 'needed',
    storm: 'not_yet',
    settling: 'not_yet',
    errors: 'not_yet',
    paused: 'none',
    well_again: 'none',
    restarting_already: 'none',
    unavailable: 'none',
    gone: 'none',
    host_not_in_service: 'not_yet',
    host_gone: 'needed',
    host_maintenance: 'not_yet',
    unchecked: 'needed',
    cooldown: 'not_yet',
    in_flight: 'none',
    attempts_used: 'needed',
    handed_over: 'needed',
    host_limit: 'not_yet',
    host_busy: 'not_yet',
    unavailable_limit: 'not_yet',
    round: 'not_yet',
    concurrency_limit: 'not_yet',
    observe: 'none',
    dry_run: 'none',
    run_ended: 'not_yet',
    test: 'none',
    nothing_found: 'none',
    not_authorised: 'needed',
    turned_away: 'needed',
  };
  test.each(Object.entries(expected))('for %s: a person is %s', (code, attention) => {
    expect(attentionOf(run([heldFor(code as Reason['code'])]), SHARED)).toBe(attention);
  });
  test('needs a person for any of its reasons, not only for the first', () => {
    expect(attentionOf(run([heldFor('cooldown', 'handed_over')]), SHARED)).toBe('needed');
  });
  test('needs none when it is excluded, whatever else is the matter with it', () => {
    expect(attentionOf(run([heldFor('excluded', 'handed_over', 'storm')]), SHARED)).toBe('none');
  });
  test('needs one where nothing remembers it', () => {
    expect(attentionOf(run([heldFor('cooldown')]), FORGETFUL)).toBe('needed');
  });
});

describe('planned work', () => {
  const healthy = { ...heldFor('outside_window'), resolvedAs: 'running' } as const;
  test('needs nobody for healthy servers that were not restarted', () => {
    expect(attentionOf(run([healthy]), SHARED)).toBe('none');
    expect(attentionOf(run([healthy]), FORGETFUL)).toBe('none');
  });
  test('may need one for a server that somebody named, though CPH calls it running', () => {
    expect(attentionOf(run([{ ...healthy, named: true }]), SHARED)).toBe('not_yet');
  });
  test('needs none in a storm, which has a notice of its own', () => {
    expect(attentionOf(run([{ ...heldFor('storm'), resolvedAs: 'running' }]), SHARED)).toBe('none');
  });
});

test.each<[string, Attention, Partial<Run>]>([
  ['is looking which servers are meant', 'not_yet', { state: 'resolving' }],
  ['watches', 'not_yet', { state: 'watching' }],
  ['answers a test', 'none', { stopped: REASONS.test }],
  ['found nothing', 'none', { stopped: REASONS.nothing_found }],
  ['was too old', 'none', { stopped: REASONS.stale }],
  ['had no permission', 'needed', { stopped: REASONS.not_authorised }],
  ['met a fleet that shrank', 'needed', { stopped: REASONS.fleet_shrank }],
])('of a run that %s, a person is %s', (_what, attention, some) => {
  expect(attentionOf(run([], some), SHARED)).toBe(attention);
});

test('the worst of the servers decides', () => {
  expect(attentionOf(run([target('a', ended('recovered')), heldFor('cooldown')]), SHARED)).toBe('not_yet');
  expect(attentionOf(run([heldFor('handed_over'), heldFor('cooldown')]), SHARED)).toBe('needed');
});
