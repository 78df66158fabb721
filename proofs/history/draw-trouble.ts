/** What goes wrong: blows at one meeting with the world, and services that are ill for a while. */
import type { Dice } from './dice.ts';
import type { Blow, Op, Period, Strike, Trouble } from './history.ts';

/** Where a blow may fall, and among how many of its kind; the steps around a restart most often. */
const PLACES: readonly (readonly [Op, number])[] = [
  ['ledger.claim', 4],
  ['ledger.claim', 4],
  ['ledger.claim', 2],
  ['cph.restart', 4],
  ['cph.restart', 4],
  ['cph.restart', 2],
  ['ledger.save', 12],
  ['ledger.save', 30],
  ['ledger.giveBack', 2],
  ['ledger.renew', 20],
  ['ledger.recall', 30],
  ['ledger.lease', 6],
  ['ledger.open', 3],
  ['ledger.told', 3],
  ['ledger.post', 4],
  ['ledger.sent', 4],
  ['ledger.seenAbnormal', 12],
  ['ledger.joined', 12],
  ['smn.publish', 4],
  ['functiongraph.invoke', 2],
  ['cph.list', 40],
  ['cph.host', 20],
  ['cph.jobs', 10],
];

/** Everywhere else an instance meets the world. */
const RARE_PLACES: readonly Op[] = [
  'ledger.delivered',
  'ledger.join',
  'ledger.run',
  'ledger.unfinishedRuns',
  'ledger.runsSince',
  'ledger.release',
  'ledger.seenWell',
  'ledger.handOver',
  'ledger.acknowledge',
  'ledger.pause',
  'ledger.resume',
  'ledger.exclude',
  'ledger.include',
  'ledger.unsent',
  'ledger.undeliverable',
  'ledger.once',
  'ledger.sawFleet',
  'ledger.sawStorm',
  'cph.phone',
  'cph.events',
];

const RESTART_TROUBLES: readonly Trouble[] = [
  'lost_before',
  'lost_after',
  'lost_after',
  'lost_late',
  'not_sent',
  'throttled',
  'conflict',
  'error_500',
  'invalid',
  'unreadable',
  'not_authorised',
  'some_refused',
  'some_busy',
  'some_missing',
  'jobs_fail',
  'jobs_stick',
  'jobs_lie',
];
const READS: readonly Op[] = ['cph.list', 'cph.list', 'cph.jobs', 'cph.host', 'cph.events', 'cph.phone'];
const READ_TROUBLES: readonly Trouble[] = [
  'lost_before',
  'throttled',
  'error_500',
  'unreadable',
  'lost_before',
  'not_authorised',
];

export function drawStrikes(dice: Dice): readonly Strike[] {
  const blows = dice.of([0, 1, 1, 2, 3]);
  const troubles = dice.of([0, 1, 1, 2, 4]);
  return [
    ...Array.from({ length: blows }, () => drawBlow(dice)),
    ...Array.from({ length: troubles }, () => drawTrouble(dice)),
  ];
}

function drawBlow(dice: Dice): Strike {
  const [op, among] = dice.chance(80) ? dice.of(PLACES) : [dice.of(RARE_PLACES), 6];
  return { op, nth: dice.int(1, among), side: dice.of(['before', 'after'] as const), blow: blowOf(dice) };
}

function blowOf(dice: Dice): Blow {
  const does = dice.of([
    'die',
    'die',
    'die',
    'freeze',
    'freeze',
    'freeze',
    'pause',
    'exclude',
    'by_hand',
    'hang',
    'empty',
  ] as const);
  if (does === 'freeze') return { does, seconds: dice.of([3, 8, 40, 90, 400, 1_200]) };
  if (does === 'pause') return { does, minutes: dice.of([2, 10, 40]) };
  // An emptied ledger ends most of what there is to see; it is drawn less often.
  if (does === 'empty' && dice.chance(60)) return { does: 'die' };
  return { does };
}

function drawTrouble(dice: Dice): Strike {
  if (dice.chance(55)) return { op: 'cph.restart', nth: dice.int(1, 4), trouble: dice.of(RESTART_TROUBLES) };
  if (dice.chance(60)) return { op: dice.of(READS), nth: dice.int(1, 15), trouble: dice.of(READ_TROUBLES) };
  if (dice.chance(50)) {
    return {
      op: 'smn.publish',
      nth: dice.int(1, 4),
      trouble: dice.of(['lost_before', 'lost_after', 'throttled', 'refused'] as const),
    };
  }
  const op = dice.chance(70) ? dice.of(PLACES)[0] : dice.of(RARE_PLACES);
  if (!op.startsWith('ledger.')) {
    return { op: 'functiongraph.invoke', nth: 1, trouble: dice.of(['lost_before', 'lost_after'] as const) };
  }
  return { op, nth: dice.int(1, 6), trouble: dice.of(['away', 'lost_after'] as const) };
}

const ILLS: readonly Period['what'][] = [
  'smn_down',
  'smn_throttled',
  'smn_refuses',
  'ledger_away',
  'cph_down',
  'cph_throttled',
  'list_shrunk',
  'list_shifts',
];

export function drawPeriods(dice: Dice, length: number): readonly Period[] {
  return Array.from({ length: dice.of([0, 0, 0, 1, 1, 2]) }, () => {
    const from = dice.int(0, length);
    return { what: dice.of(ILLS), from, until: from + dice.of([20, 20, 20, 90, 90, 300, 900]) * 1_000 };
  });
}
