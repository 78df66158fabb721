/**
 * When a timer is due: `3m` (Rate), `[CRON_TZ=Area/City ]second minute hour day month [weekday]`, or `@every 1h30m`.
 * Source: user guide, "Cron Expressions for a Function Timer Trigger". Cron is worked out by croner, whose fields are
 * the same but for a few that it has beside the platform's; those are refused here.
 */
import { Cron } from 'croner';
import { type EpochMs, epochMs } from '../../lib/time.ts';

export interface Schedule {
  /** The first time after `moment`; nothing when there will be none. */
  next(moment: EpochMs): EpochMs | undefined;
}

export interface ScheduleText {
  readonly type: 'Rate' | 'Cron';
  readonly text: string;
}

const RATE_UNITS = { m: [60, 60_000], h: [24, 3_600_000], d: [30, 86_400_000] } as const;
const EVERY_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
/** What is shorter is taken for this. */
const SHORTEST_MS = 1_000;

/** Numbers and names, lists, ranges and steps; `?` in the day and the weekday alone. */
const part = (value: string): RegExp =>
  new RegExp(
    `^(?:\\*|(?:${value})(?:-(?:${value}))?)(?:/\\d+)?(?:,(?:\\*|(?:${value})(?:-(?:${value}))?)(?:/\\d+)?)*$`,
  );
const NUMBER = part('\\d{1,2}');
const DAY = new RegExp(`^\\?$|${NUMBER.source}`);
const MONTH = part('\\d{1,2}|[A-Z]{3}');
const WEEKDAY = new RegExp(`^\\?$|${part('[0-6]|[A-Z]{3}').source}`);
const FIELDS = [NUMBER, NUMBER, NUMBER, DAY, MONTH, WEEKDAY];

/** `begun`: from when a Rate and `@every` count. `zone`: of a Cron without CRON_TZ. Nothing when it is no schedule. */
export function readSchedule(
  { type, text }: ScheduleText,
  begun: EpochMs,
  zone: string,
): Schedule | undefined {
  if (type === 'Rate') return every(rateOf(text), begun);
  if (text.startsWith('@every ')) return every(spanOf(text.slice('@every '.length)), begun);
  return cron(text, zone);
}

function every(span: number | undefined, begun: EpochMs): Schedule | undefined {
  if (span === undefined) return undefined;
  return { next: (moment) => epochMs(begun + (Math.floor(Math.max(0, moment - begun) / span) + 1) * span) };
}

function rateOf(text: string): number | undefined {
  const [, amount = '', unit] = /^([1-9]\d?)([mhd])$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const [most, milliseconds] = RATE_UNITS[unit as keyof typeof RATE_UNITS];
  return Number(amount) <= most ? Number(amount) * milliseconds : undefined;
}

/** `1h30m`, `1.5h`. */
function spanOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)];
  const span = parts.reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (EVERY_UNITS[unit] ?? 0),
    0,
  );
  return span > 0 ? Math.max(SHORTEST_MS, Math.round(span)) : undefined;
}

function cron(text: string, regionZone: string): Schedule | undefined {
  const [, timezone = regionZone, rest = ''] = /^(?:CRON_TZ=(\S+) )?(.*)$/.exec(text) ?? [];
  const fields = rest.trim().toUpperCase().split(/\s+/);
  if (fields.length < 5 || fields.length > 6 || !isZone(timezone)) return undefined;
  if (!fields.every((field, index) => FIELDS[index]?.test(field))) return undefined;
  const [second, minute, hour, day, month, weekday = '*'] = fields.map((field) => field.replace('?', '*'));
  try {
    // `0/20` is the platform's own way of writing `0-59/20`.
    const found = new Cron([second, minute, hour, day, month, weekday].join(' '), {
      timezone,
      paused: true,
      sloppyRanges: true,
    });
    return {
      next(moment) {
        const due = found.nextRun(new Date(moment));
        return due === null ? undefined : epochMs(due.getTime());
      },
    };
  } catch {
    return undefined;
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
