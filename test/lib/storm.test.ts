import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../lib/settings.ts';
import { couldBeStorm, isStorm, mayGo, roomIn, roundAt, roundEnds } from '../../lib/storm.ts';
import { after, epochMs, minutes } from '../../lib/time.ts';
import type { Storm, StormRound } from '../../lib/types.ts';

const settings = (maxAbnormal: number | string) =>
  parseSettings({ region: 'cn-north-4', mode: 'active', max_abnormal: maxAbnormal });

describe('a storm could be', () => {
  it.each([
    ['ten servers on three hosts', 10, 3, true],
    ['nine servers, on however many hosts', 9, 9, false],
    ['any number of servers on two hosts', 500, 2, false],
    ['many servers on many hosts', 500, 50, true],
    ['nothing', 0, 0, false],
  ])('%s', (_, troubled, hosts, could) => {
    expect(couldBeStorm({ troubled, hosts })).toBe(could);
  });
});

describe('a storm is', () => {
  it.each([
    ['more than the share of the fleet', '30%', 31, 100, true],
    ['not just the share of the fleet', '30%', 30, 100, false],
    ['more than a share that is no whole number', '30%', 32, 105, true],
    ['not less than a share that is no whole number', '30%', 31, 105, false],
    ['ten of any fleet when the share is zero', '0%', 10, 100_000, true],
    ['not ten of a fleet of ten when all may be abnormal', '100%', 10, 10, false],
    ['more than the count', 15, 16, 100_000, true],
    ['not just the count', 15, 15, 16, false],
    ['ten when the count is zero', 0, 10, 100, true],
    ['not nine, though that is the whole fleet', '0%', 9, 9, false],
  ])('%s', (_, limit, troubled, fleet, is) => {
    expect(isStorm({ troubled, hosts: 3, fleet }, settings(limit))).toBe(is);
  });

  it('never on two hosts', () => {
    expect(isStorm({ troubled: 100, hosts: 2, fleet: 100 }, settings('30%'))).toBe(false);
  });
});

const START = epochMs(1_772_389_800_000);
const END = after(START, minutes(10));
type End = 'open' | 'recovered' | 'failed';
const round = (size: number, ...ends: readonly End[]): StormRound => ({
  startedAt: START,
  size,
  canaries: new Map(ends.map((end, index) => [`s${index}`, end])),
});
const storm = (of: StormRound): Storm => ({ since: START, round: of });

describe('a round of a storm', () => {
  it('is the first, of one, when the storm just begins', () => {
    expect(roundAt(undefined, START)).toEqual({ startedAt: START, size: 1, canaries: new Map() });
  });

  it.each<[string, StormRound]>([
    ['it was not begun', round(4)],
    ['its canaries are through', round(2, 'recovered', 'failed')],
    ['one is open', round(2, 'recovered', 'open')],
  ])('lasts ten minutes, though %s', (_, running) => {
    expect(roundAt(storm(running), epochMs(END - 1))).toBe(running);
    expect(roundEnds(running)).toBe(END);
  });

  it('goes on for as long as one of its canaries is open', () => {
    const running = round(2, 'failed', 'open');
    expect(roundAt(storm(running), after(END, minutes(600)))).toBe(running);
  });

  it.each<[string, StormRound, number]>([
    ['twice as many when all recovered', round(4, 'recovered', 'recovered', 'recovered', 'recovered'), 8],
    ['twice as many when fewer than might have gone recovered', round(4, 'recovered'), 8],
    ['one when any failed', round(4, 'recovered', 'failed', 'recovered'), 1],
    ['as many when none went', round(4), 4],
  ])('is followed by one that starts then and is of %s', (_, ended, size) => {
    expect(roundAt(storm(ended), END)).toEqual({ startedAt: END, size, canaries: new Map() });
  });

  it('has room for what its size leaves, and never for less than nothing', () => {
    expect(roomIn(round(4, 'open', 'failed'))).toBe(2);
    expect(roomIn(round(2, 'open', 'recovered'))).toBe(0);
    expect(roomIn(round(1, 'open', 'open'))).toBe(0);
  });

  it('lets a server go once', () => {
    const running = round(8, 'recovered', 'failed');
    expect(['s0', 's1', 's2'].map((id) => mayGo(running, id))).toEqual([false, false, true]);
    expect(mayGo(round(1, 'open'), 's2')).toBe(false);
  });
});
