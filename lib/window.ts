/**
 * Time windows in named zones: when planned work may run. A window is one interval a day, `start ≤ t < end`, and
 * its weekday is that of the start: Fri 22:00-04:00 is open on Saturday at 02:00 and closed on Friday at 02:00.
 * Where the clock is set back, the start is the earlier of the two and the end the later; where it is set forward,
 * an edge that the clock never shows is the first instant after the gap.
 */
import { fromFields, getTimeZoneTransition } from 'temporal-polyfill/fns/ZonedDateTime';
import { after, type EpochMs, epochMs, hours } from './time.ts';

/** `"22:00-04:00 Asia/Shanghai"`, `"Mon-Fri 22:00-04:00 Asia/Shanghai"`, `"Sat,Sun 00:00-06:00 Europe/Berlin"`. */
export interface Window {
  /** ISO weekdays (Monday is 1) of the start. */
  readonly days: ReadonlySet<number>;
  /** Minutes after midnight. */
  readonly from: number;
  /** Minutes after midnight, up to 1440; not after `from`: of the next day. */
  readonly to: number;
  /** An IANA name, or `UTC`. */
  readonly zone: string;
  readonly text: string;
}

/** What a list of windows says of a moment. No `opensAt`: not within eight days. */
export type WindowState =
  | { readonly open: true; readonly closesAt: EpochMs }
  | { readonly open: false; readonly opensAt?: EpochMs };

/** Where a text like `"09:00 Asia/Shanghai"` puts something that happens once a day. */
export interface DailyAt {
  /** Minutes after midnight. */
  readonly minutes: number;
  readonly zone: string;
}

interface Span {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

const DAY = hours(24);
const HORIZON = hours(8 * 24);
const WHOLE_DAY = 24 * 60;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const EVERY_DAY = 'mon-sun';

/** The window that a text names; `undefined` when it is none. */
export function parseWindow(text: string): Window | undefined {
  const [, weekdays = EVERY_DAY, start = '', end = '', zone = ''] =
    /^(?:([A-Za-z,-]+) )?(\d\d:\d\d)-(\d\d:\d\d) (\S+)$/.exec(text) ?? [];
  const days = readDays(weekdays);
  const from = readClock(start);
  const to = end === '24:00' ? WHOLE_DAY : readClock(end);
  if (days === undefined || from === undefined || to === undefined || !isZone(zone)) return undefined;
  return { days, from, to, zone, text };
}

/** The time of day that a text like `"09:00 Asia/Shanghai"` names; `undefined` when it is none. */
export function parseDailyAt(text: string): DailyAt | undefined {
  const [, clock = '', zone = ''] = /^(\d\d:\d\d) (\S+)$/.exec(text) ?? [];
  const minutes = readClock(clock);
  return minutes === undefined || !isZone(zone) ? undefined : { minutes, zone };
}

/**
 * Whether any of the windows is open at `now`, and when that changes; windows that touch or overlap count as one.
 * It looks eight days ahead: what stays open for longer is said to close then. No windows at all are never open.
 */
export function windowState(windows: readonly Window[], now: EpochMs): WindowState {
  const horizon = after(now, HORIZON);
  const ahead = windows.flatMap((window) => spansAhead(window, now)).sort((a, b) => a.start - b.start);
  let openUntil = now;
  for (const { start, end } of ahead) {
    if (start > openUntil) break;
    openUntil = epochMs(Math.max(openUntil, end));
  }
  if (openUntil > now) return { open: true, closesAt: epochMs(Math.min(openUntil, horizon)) };
  const opensAt = ahead[0]?.start;
  return opensAt === undefined || opensAt > horizon ? { open: false } : { open: false, opensAt };
}

/**
 * The last time at or before `now` that something due daily at `minutes` after midnight was due. Once for every
 * date: a clock that is set back and shows the time twice does not make it due again, and one that is set forward
 * past it makes it due at the first instant after the gap.
 */
export function lastDailyAt(minutesAfterMidnight: number, zone: string, now: EpochMs): EpochMs {
  for (let day = utcDay(now) + 1; ; day -= 1) {
    const due = dueOn(minutesAfterMidnight, zone, day);
    if (due <= now) return due;
  }
}

/** Asked for every ten seconds, and the same all day. */
const dueKnown = new Map<string, EpochMs>();

function dueOn(minutesAfterMidnight: number, zone: string, day: number): EpochMs {
  const key = `${day} ${minutesAfterMidnight} ${zone}`;
  const known = dueKnown.get(key);
  if (known !== undefined) return known;
  if (dueKnown.size > 100) dueKnown.clear();
  const due = edge(zone, day, minutesAfterMidnight, 'earlier');
  dueKnown.set(key, due);
  return due;
}

/** Days are counted from 1970-01-01, a date in a zone like one in UTC. */
const utcDay = (moment: EpochMs): number => Math.floor(moment / DAY);

const NEVER: Span = { start: epochMs(0), end: epochMs(0) };

/** An edge costs 25 µs, and a window's day stays what it is: one entry for each day on which anybody asks. */
const known = new WeakMap<Window, Map<number, Span>>();

/**
 * What ends after `now`, as far as the horizon. A zone's date is at most a day off the one in UTC, and two days
 * before it can still be open: a window of a whole day from 23:59, and a clock that goes from 00:01 back to 23:01.
 */
function spansAhead(window: Window, now: EpochMs): readonly Span[] {
  const spans = known.get(window) ?? new Map<number, Span>();
  known.set(window, spans);
  const today = utcDay(now);
  const ahead: Span[] = [];
  for (let day = today - 3; day <= today + 10; day += 1) {
    let span = spans.get(day);
    if (span === undefined) {
      span = spanOf(window, day);
      spans.set(day, span);
    }
    if (span.end > now) ahead.push(span);
  }
  return ahead;
}

function spanOf({ days, from, to, zone }: Window, day: number): Span {
  if (!days.has(new Date(day * DAY).getUTCDay() || 7)) return NEVER;
  const start = edge(zone, day, from, 'earlier');
  const end = edge(zone, to > from ? day : day + 1, to, 'later');
  return start < end ? { start, end } : NEVER;
}

/** When the clock of `zone` shows that time of that date; when it never does, the first instant after the gap. */
function edge(zone: string, day: number, minutes: number, which: 'earlier' | 'later'): EpochMs {
  const wall = new Date(day * DAY + minutes * 60_000);
  const fields = {
    timeZone: zone,
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
  const found = fromFields(fields, { disambiguation: which });
  const isShown = found.day === fields.day && found.hour === fields.hour && found.minute === fields.minute;
  if (isShown) return epochMs(found.epochMilliseconds);
  const beforeGap = fromFields(fields, { disambiguation: 'earlier' });
  return epochMs((getTimeZoneTransition(beforeGap, 'next') ?? found).epochMilliseconds);
}

/** `"mon"`, `"Fri-Mon"`, `"Sat,Sun"` as ISO weekdays. */
function readDays(text: string): ReadonlySet<number> | undefined {
  const days = new Set<number>();
  for (const range of text.toLowerCase().split(',')) {
    const [first = 0, last = first, ...rest] = range.split('-').map((name) => WEEKDAYS.indexOf(name) + 1);
    if (first === 0 || last === 0 || rest.length > 0) return undefined;
    for (let day = first; day !== last; day = (day % 7) + 1) days.add(day);
    days.add(last);
  }
  return days;
}

function readClock(text: string): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/**
 * Settings are read at every invocation, and asking for a zone takes longer than all the rest of them: the first time a
 * cold start waits for it. Two are there for certain.
 */
const zonesKnown = new Map([
  ['UTC', true],
  ['Asia/Shanghai', true],
]);

/** A zone by its IANA name, or `UTC`. Abbreviations and offsets are refused: `EST` and `+08:00` know nothing of summer time. */
export function isZone(name: string): boolean {
  const known = zonesKnown.get(name);
  if (known !== undefined) return known;
  const isOne = name.includes('/') && canFormat(name);
  if (zonesKnown.size < 100) zonesKnown.set(name, isOne);
  return isOne;
}

function canFormat(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).format(0) !== '';
  } catch {
    return false;
  }
}
