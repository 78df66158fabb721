import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../lib/time.ts';
import { lastDailyAt, parseDailyAt, parseWindow, type Window, windowState } from '../../lib/window.ts';
import { tries } from '../support/fuzz.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1_440;
const DAY = DAY_MINUTES * MINUTE;
const HORIZON = 8 * DAY;
const at = (text: string) => epochMs(Date.parse(text));

function window(text: string): Window {
  const parsed = parseWindow(text);
  if (parsed === undefined) throw new Error(`no window: ${text}`);
  return parsed;
}

// ── An oracle that knows only what Intl says the clock shows at each minute ────────────────────────────

/** What the clock of `zone` shows, as minutes since 1970-01-01 00:00 of that clock. */
function clockOf(zone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (moment) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (
      format.format(moment).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
  };
}

/** ISO weekday of a day counted from 1970-01-01, a Thursday. */
const weekday = (day: number): number => ((day + 3) % 7) + 1;
const opensOn = ({ days }: Window, day: number): boolean => days.has(weekday(day));
/** A window as minutes from its date's midnight. */
const length = ({ from, to }: Window): number => (to > from ? to - from : to + DAY_MINUTES - from);

interface Walk {
  /** The moment of the first minute. */
  readonly start: number;
  /** What the clock shows, minute by minute. */
  readonly shown: readonly number[];
  /** The first and the last minute that shows this; in a gap, the first minute after it. */
  edge(wall: number, which: 'first' | 'last'): number;
}

const walks = new Map<string, Walk>();
function walkAround(zone: string, middle: number): Walk {
  const key = `${zone} ${middle}`;
  const walk = walks.get(key) ?? newWalk(zone, middle);
  walks.set(key, walk);
  return walk;
}

function newWalk(zone: string, middle: number): Walk {
  const clock = clockOf(zone);
  const start = middle - 3.5 * DAY;
  const shown = Array.from({ length: 7 * DAY_MINUTES }, (_, minute) => clock(start + minute * MINUTE));
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [minute, wall] of shown.entries()) {
    if (!first.has(wall)) first.set(wall, minute);
    last.set(wall, minute);
  }
  const afterGap = (wall: number) =>
    shown.findIndex((shows, minute) => shows > wall && (shown[minute - 1] ?? shows) < wall);
  return {
    start,
    shown,
    edge: (wall, which) => (which === 'first' ? first : last).get(wall) ?? afterGap(wall),
  };
}

function openMinutes({ shown, edge }: Walk, windows: readonly Window[]): readonly boolean[] {
  const open = new Array<boolean>(shown.length).fill(false);
  const dates = new Set(shown.map((wall) => Math.floor(wall / DAY_MINUTES)));
  const skipped = [...dates].map((day) => day + 1).filter((day) => dates.has(day + 1));
  for (const one of windows) {
    for (const day of new Set([...dates, ...skipped])) {
      if (!opensOn(one, day)) continue;
      const from = day * DAY_MINUTES + one.from;
      const start = edge(from, 'first');
      const end = edge(from + length(one), 'last');
      if (start >= 0) open.fill(true, start, end < 0 ? open.length : end);
    }
  }
  return open;
}

/** For every minute, the next one at which it is no longer what it is; -1 when there is none in sight. */
function nextChanges(open: readonly boolean[]): readonly number[] {
  const next = new Array<number>(open.length).fill(-1);
  for (let minute = open.length - 2; minute >= 0; minute -= 1) {
    next[minute] = open[minute] === open[minute + 1] ? (next[minute + 1] ?? -1) : minute + 1;
  }
  return next;
}

// ── Every minute of the four days around what clocks have done ─────────────────────────────────────────

/** The zone, the date, and by how many minutes the clock is moved there. */
const MOVES: readonly (readonly [zone: string, date: string, moved: readonly number[]])[] = [
  ['UTC', '2026-12-31', []],
  ['Asia/Shanghai', '2026-03-01', []],
  ['Asia/Shanghai', '1991-09-15', [-60]],
  ['Europe/Berlin', '2025-03-30', [60]],
  ['Europe/Berlin', '2026-10-25', [-60]],
  ['America/New_York', '2027-11-07', [-60]],
  ['America/Sao_Paulo', '2018-02-18', [-60]],
  ['America/Sao_Paulo', '2018-11-04', [60]],
  ['Australia/Lord_Howe', '2026-04-05', [-30]],
  ['Australia/Lord_Howe', '2026-10-04', [30]],
  ['Africa/Casablanca', '2024-03-10', [-60]],
  ['Asia/Kathmandu', '1986-01-01', [15]],
  ['Pacific/Apia', '2011-12-30', [1_440]],
  ['Pacific/Apia', '2012-04-01', [-60]],
  ['America/St_Johns', '2010-03-14', [60]],
  ['America/St_Johns', '2010-11-07', [-60]],
];
const LISTS = [
  ['Mon-Fri 22:00-04:00'],
  ['02:15-02:45'],
  ['Sat,Sun 00:00-24:00'],
  ['Thu-Sat 23:59-23:59'],
  ['22:30-00:30', '00:30-01:45', 'Sun 01:30-03:00'],
];
/** Of the seven days of a walk, those that are judged: what opened before and closes after has to be seen. */
const FIRST = 1.5 * DAY_MINUTES;
const LAST = 5.5 * DAY_MINUTES;
const DAILY = [0, 135, 540];

describe('at every minute around a moved clock, windows are as a walk along that clock finds them', () => {
  it.each(MOVES)('%s on %s', (zone, date, moved) => {
    const walk = walkAround(zone, Date.parse(`${date}T00:00:00Z`));
    const steps = walk.shown.map((wall, minute) => wall - (walk.shown[minute - 1] ?? wall - 1) - 1);
    expect(steps.filter((step) => step !== 0)).toEqual(moved);

    for (const list of LISTS) {
      const windows = list.map((text) => window(`${text} ${zone}`));
      const open = openMinutes(walk, windows);
      const next = nextChanges(open);
      const wrong: unknown[] = [];
      for (let minute = FIRST; minute < LAST; minute += 1) {
        const now = epochMs(walk.start + minute * MINUTE);
        const state = windowState(windows, now);
        const change = state.open ? state.closesAt : state.opensAt;
        const expected = next[minute] ?? -1;
        const sameChange =
          expected < 0 || expected >= LAST
            ? change === undefined || change >= walk.start + LAST * MINUTE
            : change === walk.start + expected * MINUTE;
        if (state.open !== open[minute] || !sameChange) wrong.push([list, new Date(now), state]);
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    }
  });

  it.each(MOVES)('%s on %s, and what is due daily is due once for every date', (zone, date) => {
    const { start, shown, edge } = walkAround(zone, Date.parse(`${date}T00:00:00Z`));
    const firstDay = Math.floor((shown[0] ?? 0) / DAY_MINUTES) + 1;
    for (const minutes of DAILY) {
      const due = Array.from({ length: shown.length / DAY_MINUTES + 2 }, (_, day) =>
        edge((firstDay + day) * DAY_MINUTES + minutes, 'first'),
      );
      const near = due.flatMap((one) => [one - 1, one, one + 61]);
      for (const minute of near.filter((one) => one >= FIRST && one < LAST)) {
        const expected = Math.max(...due.filter((one) => one <= minute));
        expect(lastDailyAt(minutes, zone, epochMs(start + minute * MINUTE))).toBe(start + expected * MINUTE);
      }
    }
  });
});

// ── All the other days ─────────────────────────────────────────────────────────────────────────────────

describe('on a day on which nobody moves the clock, a window is open when the clock says so', () => {
  const zones = [...new Set(MOVES.map(([zone]) => zone))];

  it.each(zones.map((zone, index) => [zone, index] as const))('%s', (zone, index) => {
    const clock = clockOf(zone);
    const windows = ['Mon-Fri 22:00-04:00', 'Sat 05:30-05:31'].map((text) => window(`${text} ${zone}`));
    const wrong: unknown[] = [];
    for (const year of [2010 + index, 2031 - index]) {
      for (let day = 0; day < 365; day += 1) {
        const now = Date.UTC(year, 0, 1) + day * DAY + ((day * 97 + index * 211) % DAY_MINUTES) * MINUTE;
        const wall = clock(now);
        if (clock(now - 2 * DAY) !== wall - 2 * DAY_MINUTES || clock(now + DAY) !== wall + DAY_MINUTES)
          continue;
        const today = Math.floor(wall / DAY_MINUTES);
        const open = windows.some((one) =>
          [today - 1, today].some((date) => {
            const since = wall - (date * DAY_MINUTES + one.from);
            return opensOn(one, date) && since >= 0 && since < length(one);
          }),
        );
        if (windowState(windows, epochMs(now)).open !== open) wrong.push(new Date(now));
      }
    }
    expect(wrong).toEqual([]);
  });
});

// ── What holds for any list at any time ────────────────────────────────────────────────────────────────

const clockText = fc
  .integer({ min: 0, max: DAY_MINUTES - 1 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const weekdayText = fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun');
const daysText = fc.oneof(
  fc.constant(''),
  fc.tuple(weekdayText, weekdayText).map(([first, last]) => `${first}-${last} `),
  fc.uniqueArray(weekdayText, { minLength: 1, maxLength: 3 }).map((names) => `${names.join(',')} `),
);
const windowText = fc
  .tuple(daysText, clockText, clockText, fc.constantFrom(...MOVES.map(([zone]) => zone)))
  .map(([days, from, to, zone]) => `${days}${from}-${to} ${zone}`);
const moment = fc
  .tuple(
    fc.constantFrom(...MOVES.map(([, date]) => date)),
    fc.integer({ min: -3 * DAY_MINUTES, max: 3 * DAY_MINUTES }),
  )
  .map(([date, offset]) => Date.parse(`${date}T00:00:00Z`) + offset * MINUTE);

describe('whatever the windows and the moment', () => {
  it('an open list closes later and not before, a closed one opens later and not before', () => {
    fc.assert(
      fc.property(
        fc.array(windowText, { maxLength: 3 }),
        moment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (texts, now, part) => {
          const windows = texts.map(window);
          const isOpen = (when: number) => windowState(windows, epochMs(when)).open;
          const state = windowState(windows, epochMs(now));
          const change = (state.open ? state.closesAt : state.opensAt) ?? now + HORIZON;
          expect(change).toBeGreaterThan(now);
          expect(change).toBeLessThanOrEqual(now + HORIZON);
          expect(isOpen(change - 1)).toBe(state.open);
          expect(isOpen(now + Math.floor((change - 1 - now) * part))).toBe(state.open);
          if (change < now + HORIZON) expect(isOpen(change)).toBe(!state.open);
        },
      ),
      { numRuns: tries(50) },
    );
  });

  it('what is due daily was due at most 49 hours ago, and is not due again before that', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: DAY_MINUTES - 1 }),
        fc.constantFrom(...MOVES.map(([zone]) => zone)),
        moment,
        (minutes, zone, now) => {
          const due = lastDailyAt(minutes, zone, epochMs(now));
          expect(due).toBeLessThanOrEqual(now);
          expect(due).toBeGreaterThan(now - 49 * 60 * MINUTE);
          expect(lastDailyAt(minutes, zone, due)).toBe(due);
          expect(lastDailyAt(minutes, zone, epochMs(due - 1))).toBeLessThan(due);
        },
      ),
      { numRuns: tries(40) },
    );
  });
});

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────

describe('a window', () => {
  it('of Friday night is open early on Saturday and closed early on Friday', () => {
    const friday = [window('Fri 22:00-04:00 Asia/Shanghai')];
    expect(windowState(friday, at('2026-03-07T02:00:00+08:00'))).toEqual({
      open: true,
      closesAt: at('2026-03-07T04:00:00+08:00'),
    });
    expect(windowState(friday, at('2026-03-06T02:00:00+08:00'))).toEqual({
      open: false,
      opensAt: at('2026-03-06T22:00:00+08:00'),
    });
  });

  it('of a whole day lasts from midnight to midnight, however long that is', () => {
    const sunday = [window('Sun 00:00-24:00 Europe/Berlin')];
    expect(windowState(sunday, at('2026-10-25T12:00:00+01:00'))).toEqual({
      open: true,
      closesAt: at('2026-10-26T00:00:00+01:00'),
    });
    expect(windowState(sunday, at('2026-10-25T00:00:00+02:00')).open).toBe(true);
    expect(windowState(sunday, at('2026-10-24T23:59:59+02:00')).open).toBe(false);
  });

  it('that the clock jumps over does not open that day', () => {
    const skipped = [window('Sun 02:15-02:45 Europe/Berlin')];
    expect(windowState(skipped, at('2025-03-28T00:00:00+01:00'))).toEqual({ open: false });
    expect(windowState(skipped, at('2025-03-30T12:00:00+02:00'))).toEqual({
      open: false,
      opensAt: at('2025-04-06T02:15:00+02:00'),
    });
  });

  it('that never closes is said to close in eight days; no windows never open', () => {
    const now = at('2026-03-01T12:00:00Z');
    expect(windowState([window('00:00-00:00 UTC')], now)).toEqual({ open: true, closesAt: now + HORIZON });
    expect(windowState([], now)).toEqual({ open: false });
  });

  it('may be in any zone that this machine knows', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const parsed = parseWindow(`Mon 00:00-00:01 ${zone}`);
      expect(parsed?.zone ?? `refused ${zone}`).toBe(zone);
    }
  });
});

describe('a text', () => {
  it.each([
    ['22:00-04:00 Asia/Shanghai', [1, 2, 3, 4, 5, 6, 7], 1_320, 240],
    ['Mon-Fri 00:00-24:00 UTC', [1, 2, 3, 4, 5], 0, 1_440],
    ['fri-MON 06:30-06:30 Europe/Berlin', [5, 6, 7, 1], 390, 390],
    ['Sat,Sun,Sat 00:00-06:00 America/Argentina/Buenos_Aires', [6, 7], 0, 360],
    ['Tue-Tue,Thu-Fri 00:00-06:00 Etc/GMT+8', [2, 4, 5], 0, 360],
  ])('%j is a window', (text, days, from, to) => {
    expect(parseWindow(text)).toEqual({ days: new Set(days), from, to, zone: text.split(' ').at(-1), text });
  });

  it.each([
    '',
    '22:00-04:00',
    'Asia/Shanghai',
    '22:00 Asia/Shanghai',
    '22:00-04:00 +08:00',
    '22:00-04:00 EST',
    '22:00-04:00 Z',
    '22:00-04:00 utc',
    '22:00-04:00 Asia/Shangai',
    '22:00-04:00 Asia/',
    '22:00-04:00 Asia/Shanghai x',
    '22:00-04:00  Asia/Shanghai',
    ' 22:00-04:00 Asia/Shanghai',
    '22:00-04:00 Asia/Shanghai\n',
    '22:00–04:00 Asia/Shanghai',
    '22-04 Asia/Shanghai',
    '2:00-04:00 Asia/Shanghai',
    '22:60-04:00 Asia/Shanghai',
    '24:00-04:00 Asia/Shanghai',
    '22:00-24:01 Asia/Shanghai',
    '22:00-25:00 Asia/Shanghai',
    'Mo 22:00-04:00 Asia/Shanghai',
    'Mon- 22:00-04:00 Asia/Shanghai',
    '-Mon 22:00-04:00 Asia/Shanghai',
    'Mon,,Tue 22:00-04:00 Asia/Shanghai',
    'Mon, 22:00-04:00 Asia/Shanghai',
    'Mon-Tue-Wed 22:00-04:00 Asia/Shanghai',
    'Mon, Tue 22:00-04:00 Asia/Shanghai',
    'Someday 22:00-04:00 Asia/Shanghai',
  ])('%j is no window', (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });

  it('like "09:00 Asia/Shanghai" is a time of every day; others are not', () => {
    expect(parseDailyAt('09:05 Asia/Shanghai')).toEqual({ minutes: 545, zone: 'Asia/Shanghai' });
    expect(parseDailyAt('00:00 UTC')).toEqual({ minutes: 0, zone: 'UTC' });
    for (const bad of [
      '',
      '09:00',
      '24:00 UTC',
      '9:00 UTC',
      '09:00 +08:00',
      '09:00 UTC ',
      '09:00 No/Where',
    ]) {
      expect(parseDailyAt(bad)).toBeUndefined();
    }
  });
});
