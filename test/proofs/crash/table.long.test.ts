/** The crash table: a part of it, and that it finds engines and ledgers that are broken. */
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/time.ts';
import type { Strike } from '../../../proofs/crash/effects.ts';
import { type PlayOptions, playThrough } from '../../../proofs/crash/play.ts';
import type { Scenario } from '../../../proofs/crash/scenario.ts';
import { alarmRun, lostCause, patrolRun, pausedRun, SCENARIOS } from '../../../proofs/crash/scenarios.ts';
import { playShare, together } from '../../../proofs/crash/share.ts';
import { brokenText, type Row, tableOf } from '../../../proofs/crash/table.ts';
import {
  believesItIsSent,
  forgetsIntents,
  givesBackWhatTheDeadClaimed,
  knowsNoPause,
  leasesForEver,
  sendsWithoutClaim,
} from './planted.ts';

type Plant = NonNullable<PlayOptions['plant']>;

/** Longer than any of these plays needs when nothing is broken. */
const PATIENCE = minutes(20);

/** Which promises break when an instance dies at the first effect of this name. */
async function dyingAt(scenario: Scenario, does: string, side: Strike['side'], plant: Plant) {
  const { effects } = await playThrough(scenario);
  const effect = effects.find((each) => each.does === does)?.number ?? 0;
  const { struck, violations } = await playThrough(scenario, {
    strike: { effect, side },
    plant,
    patience: PATIENCE,
  });
  expect(struck?.does).toBe(does);
  return violations.map(({ invariant }) => invariant);
}

describe('the crash table', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: comes to its good end undisturbed, and after some of its deaths',
    async (_, scenario) => {
      const row = await playShare(scenario, { worker: 0, workers: 400 });
      expect(row.broken.map(brokenText)).toEqual([]);
      expect(row.kills).toBeGreaterThan(0);
      expect(row.boundaries).toBeGreaterThan(40);
    },
  );

  it('the same play has the same effects, in the same order', async () => {
    const [one, other] = [await playThrough(alarmRun), await playThrough(alarmRun)];
    expect(one.effects).toEqual(other.effects);
  });
});

describe('it finds', () => {
  const nothing: Plant = (platform) => platform;

  it('nothing wrong with what nobody broke, at the deaths below', async () => {
    expect(await dyingAt(alarmRun, 'RestartEncodeServer', 'after', nothing)).toEqual([]);
    expect(await dyingAt(patrolRun, 'PublishMessage', 'before', nothing)).toEqual([]);
  });

  it('an engine that calls without a claim (I6), without anybody dying', async () => {
    const { violations } = await playThrough(alarmRun, { plant: sendsWithoutClaim });
    expect(violations[0]).toMatchObject({
      invariant: 'I6',
      says: expect.stringContaining('without an intent'),
    });
  });

  it('a ledger that knows no pause (I3)', async () => {
    const { violations } = await playThrough(pausedRun, { plant: knowsNoPause });
    expect(violations).toContainEqual({ invariant: 'I3', says: 's2 is claimed while paused' });
  });

  it('a ledger that tells nobody of the intents of the dead (I7)', async () => {
    expect(await dyingAt(alarmRun, 'RestartEncodeServer', 'after', forgetsIntents)).toContain('I7');
  });

  it('a successor that takes the claims of the dead for never sent, and restarts again (I1)', async () => {
    expect(await dyingAt(lostCause, 'RestartEncodeServer', 'after', givesBackWhatTheDeadClaimed)).toContain(
      'I1',
    );
  });

  it('a lease that outlives its holder: nobody carries the run on (I7)', async () => {
    expect(await dyingAt(alarmRun, 'RestartEncodeServer', 'before', leasesForEver)).toContain('I7');
  });

  it('an outbox that forgets a letter before it is sent (I8)', async () => {
    expect(await dyingAt(patrolRun, 'PublishMessage', 'before', believesItIsSent)).toContain('I8');
  });
});

describe('the table in print', () => {
  const row = (more: Partial<Row>): Row => ({
    scenario: 'alarm',
    boundaries: 9,
    kills: 36,
    broken: [],
    ...more,
  });
  const broken = {
    scenario: 'alarm',
    kill: { effect: 7, side: 'after', isRedelivered: true },
    place: 'effect 7 (alarm: ledger claim)',
    says: ['I1: s1 is restarted too soon'],
  } as const;

  it('aligns its columns and adds them up', () => {
    const rows = [
      row({}),
      row({ scenario: 'rolling restart', boundaries: 100, kills: 200, broken: [broken] }),
    ];
    expect(tableOf(rows).split('\n')).toEqual([
      'scenario         boundaries  kills  violations',
      'alarm                     9     36           0',
      'rolling restart         100    200           1',
      'all                     109    236           1',
    ]);
  });

  it('says where and what broke, and how to see it alone', () => {
    expect(brokenText(broken)).toBe(
      [
        '✘ alarm, killed after effect 7 (alarm: ledger claim), the event delivered again',
        '    I1: s1 is restarted too soon',
        '    alone: npm run crash -- --scenario "alarm" --effect 7 --side after',
      ].join('\n'),
    );
  });

  it('takes shares of different plays for a fault of its own', () => {
    const [same] = together([[row({})], [row({})]]);
    expect(same).toEqual(row({ kills: 72 }));
    const [differs] = together([[row({})], [row({ boundaries: 10 })]]);
    expect(differs?.broken).toHaveLength(1);
  });
});
