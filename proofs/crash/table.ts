/** The crash table: every effect of every scenario, and what was broken when an instance died before or after it. */
import { type Effect, placeOf, type Strike } from './effects.ts';
import { type PlayOptions, playThrough } from './play.ts';
import type { Scenario } from './scenario.ts';

/** One death, and how the play goes on. */
export interface Kill extends Strike {
  readonly isRedelivered: boolean;
}

export interface Row {
  readonly scenario: string;
  /** Effects at which an instance can die. */
  readonly boundaries: number;
  readonly kills: number;
  readonly broken: readonly Broken[];
}

/** A play in which a promise was broken. */
export interface Broken {
  readonly scenario: string;
  /** Absent: it was broken without anybody's dying. */
  readonly kill?: Kill;
  readonly place: string;
  readonly says: readonly string[];
}

/** The undisturbed play: where instances meet the world, and what is wrong with it already. */
export async function boundariesOf(
  scenario: Scenario,
  plant: PlayOptions['plant'],
): Promise<{ readonly effects: readonly Effect[]; readonly broken: readonly Broken[] }> {
  const { effects, violations, struck: _ } = await playThrough(scenario, planted(plant));
  const counted = effects.filter(
    ({ functionName }) => scenario.strikesItselfOnly !== true || functionName === scenario.functionName,
  );
  const says = violations.map(({ invariant, says }) => `${invariant}: ${says}`);
  if (counted.length + says.length === 0) says.push('expected effects, got none');
  const broken = says.length === 0 ? [] : [{ scenario: scenario.name, place: 'nobody dies', says }];
  return { effects: counted, broken };
}

/** Before and after the effect; an event whose instance died is delivered again, or never. */
export function killsAt({ functionName: scenario, event }: Scenario, effect: Effect): readonly Kill[] {
  const endings = event !== undefined && effect.functionName === scenario ? [false, true] : [false];
  return (['before', 'after'] as const).flatMap((side) =>
    endings.map((isRedelivered) => ({ effect: effect.number, side, isRedelivered })),
  );
}

/** Plays it, and compares where it struck with where it should have: nothing counts that did not happen. */
export async function playKill(
  scenario: Scenario,
  effect: Effect,
  kill: Kill,
  plant?: PlayOptions['plant'],
): Promise<Broken | undefined> {
  const { isRedelivered, ...strike } = kill;
  const { struck, violations } = await playThrough(scenario, { strike, isRedelivered, ...planted(plant) });
  const says = violations.map(({ invariant, says }) => `${invariant}: ${says}`);
  if (struck === undefined || placeOf(struck) !== placeOf(effect)) {
    says.push(
      `expected a death at ${placeOf(effect)}, got ${struck === undefined ? 'none' : placeOf(struck)}`,
    );
  }
  if (says.length === 0) return undefined;
  return { scenario: scenario.name, kill, place: placeOf(effect), says };
}

const planted = (plant: PlayOptions['plant']): Pick<PlayOptions, 'plant'> =>
  plant === undefined ? {} : { plant };

const HEAD = ['scenario', 'boundaries', 'kills', 'violations'] as const;

/** The table as text: a line each, columns aligned, the sums below. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ scenario, boundaries, kills, broken }) => [
    scenario,
    String(boundaries),
    String(kills),
    String(broken.length),
  ]);
  const sum = (of: (row: Row) => number): string => String(rows.reduce((total, row) => total + of(row), 0));
  const last = [
    'all',
    sum((row) => row.boundaries),
    sum((row) => row.kills),
    sum((row) => row.broken.length),
  ];
  const lines = [[...HEAD], ...cells, last];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** What broke, where, and how to see it alone. */
export function brokenText({ scenario, kill, place, says }: Broken): string {
  const where = kill === undefined ? place : `killed ${kill.side} ${place}${redelivery(kill)}`;
  const again =
    kill === undefined
      ? `npm run crash -- --scenario "${scenario}"`
      : `npm run crash -- --scenario "${scenario}" --effect ${kill.effect} --side ${kill.side}`;
  return [`✘ ${scenario}, ${where}`, ...says.map((line) => `    ${line}`), `    alone: ${again}`].join('\n');
}

const redelivery = ({ isRedelivered }: Kill): string => (isRedelivered ? ', the event delivered again' : '');
