/**
 * A timer's schedule. FunctionGraph wants seconds first, and takes its region's zone where none is said: both are
 * asked for here, because a schedule that is an hour or a unit off is silent about it.
 * Source: user guide, "Cron Expressions for a Function Timer Trigger".
 */
import { isZone } from '../../lib/window.ts';

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  /** Whether `?` may stand there. */
  readonly any?: true;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { name: 'a second', from: 0, to: 59 },
  { name: 'a minute', from: 0, to: 59 },
  { name: 'an hour', from: 0, to: 23 },
  { name: 'a day of the month', from: 1, to: 31, any: true },
  { name: 'a month', from: 1, to: 12, words: MONTHS },
  { name: 'a day of the week', from: 0, to: 6, words: WEEKDAYS, any: true },
];
const EXAMPLE = '"CRON_TZ=Asia/Shanghai 0 5 2 * * *"';
const RATES: Readonly<Record<string, number>> = { m: 60, h: 24, d: 30 };
const EVERY = /^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** What was expected instead; `undefined` when it is a schedule. */
export function cronProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    return EVERY.test(schedule) && /[1-9]/.test(schedule) ? undefined : 'a span like "@every 1h30m"';
  }
  const [, zone, rest = ''] = /^(?:CRON_TZ=(\S+) )?(.*)$/s.exec(schedule) ?? [];
  if (zone === undefined) return `CRON_TZ and a zone first, as in ${EXAMPLE}`;
  if (!isZone(zone)) return `a zone like Asia/Shanghai or UTC after CRON_TZ=, as in ${EXAMPLE}`;
  const fields = rest.split(' ');
  if (fields.length !== FIELDS.length) {
    return `six fields after the zone (second minute hour day month weekday; seconds first), as in ${EXAMPLE}, not ${fields.length}`;
  }
  const wrong = FIELDS.findIndex((field, at) => !isField(fields[at] ?? '', field));
  const field = FIELDS[wrong];
  return field && `${field.name} from ${field.from} to ${field.to} as field ${wrong + 1}, as in ${EXAMPLE}`;
}

/** As `cronProblem`, of a span like `3m`, `2h` or `1d`. */
export function rateProblem(schedule: string): string | undefined {
  const [, count, unit = ''] = /^(\d{1,2})([mhd])$/.exec(schedule) ?? [];
  const most = RATES[unit] ?? 0;
  return Number(count) >= 1 && Number(count) <= most ? undefined : '1m to 60m, 1h to 24h, or 1d to 30d';
}

function isField(text: string, { from, to, words = [], any }: Field): boolean {
  if (text === '?') return any === true;
  const numberOf = (word: string): number => {
    const at = words.indexOf(word.toUpperCase());
    if (at >= 0) return at + from;
    return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const fits = (value: number) => value >= from && value <= to;
  return text.split(',').every((part) => {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (step !== undefined && Number(step) < 1) return false;
    if (range === '*') return true;
    const [start = '', end, ...more] = range.split('-');
    if (more.length > 0 || !fits(numberOf(start))) return false;
    return end === undefined || (fits(numberOf(end)) && numberOf(end) >= numberOf(start));
  });
}
