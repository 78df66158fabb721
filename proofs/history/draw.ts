/** Draws a history from a seed: the fleet, its settings, what will happen and what will go wrong. */
import { type Dice, diceOf } from './dice.ts';
import { drawFleet } from './draw-fleet.ts';
import { drawHappenings } from './draw-happenings.ts';
import { drawSettings } from './draw-settings.ts';
import { drawPeriods, drawStrikes } from './draw-trouble.ts';
import type { History, Platform } from './history.ts';

const MINUTE = 60_000;

export function drawHistory(seed: number): History {
  const dice = diceOf(seed);
  const fleet = drawFleet(dice);
  const settings = drawSettings(dice, fleet);
  const length = dice.of([0.5, 0.5, 0.5, 1, 1, 2, 2, 6]) * MINUTE;
  const happenings = drawHappenings(dice, fleet, settings, length);
  const periods = drawPeriods(dice, length);
  const strikes = drawStrikes(dice);
  const last = Math.max(length, ...happenings.map(({ at }) => at), ...periods.map(({ until }) => until));
  const platform = drawPlatform(dice);
  // Drawn last: what is drawn before stays what it was.
  const resumes = dice.chance(50);
  return { seed, fleet, settings, platform, happenings, strikes, periods, calmAt: last + MINUTE, resumes };
}

function drawPlatform(dice: Dice): Platform {
  return {
    alreadyRestarting: dice.of(['accepted', 'CPS.0158', 'CPS.0099', 'CPS.0042', 'CPS.0124'] as const),
    maxIds: dice.of([100, 100, 3, 2]),
    listLag: dice.of([0, 0, 0, 1_000, 1_000, 3_000, 15_000, 60_000]),
    jobRetention: dice.of([...Array<undefined>(7).fill(undefined), 0, 20_000, 10 * MINUTE]),
    jobOfTheLost: dice.of(['succeeds', 'fails'] as const),
    scheduledEvents: dice.of(['published', 'published', 'missing', 'forbidden'] as const),
    retries: dice.int(0, 2),
    retryAfter: dice.of([1_000, 30_000, MINUTE, MINUTE]),
    retriesKilled: dice.chance(50),
    ledgerTakes: dice.of([2, 5, 50]),
    cphTakes: dice.of([50, 300, 1_500]),
    frozenSocketLives: dice.of([5_000, 60_000]),
    skew: dice.of([0, 0, 200, 1_000]),
    alarmLimit: dice.of([60, 120, 300, 900]),
    patrolLimit: dice.of([85, 120]),
    patrolEvery: dice.of([1, 1, 1, 2, 3]) * MINUTE,
  };
}
