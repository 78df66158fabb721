/** When timers are due. */
import { expect, test } from 'vitest';
import { epochMs } from '../../../lib/time.ts';
import { readSchedule } from '../../../local/functiongraph/schedule.ts';

const at = (text: string) => epochMs(Date.parse(text));
const BEGUN = at('2026-01-31T03:00:00Z');

function due(type: 'Rate' | 'Cron', text: string, from: string, count = 1): (string | undefined)[] {
  const schedule = readSchedule({ type, text }, BEGUN, 'Asia/Shanghai');
  const times: (string | undefined)[] = [];
  for (let moment = at(from); times.length < count; ) {
    const next = schedule?.next(moment);
    times.push(next === undefined ? undefined : new Date(next).toISOString().slice(0, 19));
    if (next === undefined) break;
    moment = next;
  }
  return times;
}

test.each([
  ['Rate', '3m', '2026-01-31T03:00:00Z', ['2026-01-31T03:03:00', '2026-01-31T03:06:00']],
  ['Rate', '24h', '2026-01-31T03:00:01Z', ['2026-02-01T03:00:00', '2026-02-02T03:00:00']],
  ['Rate', '30d', '2026-01-31T03:00:00Z', ['2026-03-02T03:00:00']],
  ['Cron', '@every 1h30m', '2026-01-31T03:00:00Z', ['2026-01-31T04:30:00', '2026-01-31T06:00:00']],
  ['Cron', '@every 1.5h', '2026-01-31T03:00:00Z', ['2026-01-31T04:30:00']],
  ['Cron', '@every 5ms', '2026-01-31T03:00:00Z', ['2026-01-31T03:00:01']],
  ['Cron', '0 * * * * *', '2026-01-31T03:00:00Z', ['2026-01-31T03:01:00', '2026-01-31T03:02:00']],
  ['Cron', 'CRON_TZ=UTC 0 5 2 * * *', '2026-01-31T03:00:00Z', ['2026-02-01T02:05:00']],
  ['Cron', 'CRON_TZ=Asia/Shanghai 0 5 2 * * *', '2026-01-31T03:00:00Z', ['2026-01-31T18:05:00']],
  // Without a zone it is the region's.
  ['Cron', '0 5 2 * * *', '2026-01-31T03:00:00Z', ['2026-01-31T18:05:00']],
  // Five fields: the weekday is left out, not the seconds.
  ['Cron', 'CRON_TZ=UTC 15 30 6 1 *', '2026-01-31T03:00:00Z', ['2026-02-01T06:30:15', '2026-03-01T06:30:15']],
  [
    'Cron',
    'CRON_TZ=UTC 0 0 12 ? * SUN',
    '2026-01-31T03:00:00Z',
    ['2026-02-01T12:00:00', '2026-02-08T12:00:00'],
  ],
  ['Cron', 'CRON_TZ=UTC 0 0 12 ? * 0', '2026-01-31T03:00:00Z', ['2026-02-01T12:00:00']],
  [
    'Cron',
    'CRON_TZ=UTC 0 0/20 8-9 1 JAN,JUL *',
    '2026-01-31T03:00:00Z',
    ['2026-07-01T08:00:00', '2026-07-01T08:20:00'],
  ],
  // A clock that is set forward past it, and one that is set back.
  ['Cron', 'CRON_TZ=Europe/Berlin 0 30 4 * * *', '2026-03-29T00:00:00Z', ['2026-03-29T02:30:00']],
  ['Cron', 'CRON_TZ=Europe/Berlin 0 30 4 * * *', '2026-10-25T00:00:00Z', ['2026-10-25T03:30:00']],
] as const)('%s %s is due', (type, text, from, times) => {
  expect(due(type, text, from, times.length)).toEqual(times);
});

test.each([
  ['Rate', '0m'],
  ['Rate', '61m'],
  ['Rate', '25h'],
  ['Rate', '31d'],
  ['Rate', '5s'],
  ['Cron', ''],
  ['Cron', '5 2 * *'],
  ['Cron', '0 0 2 * * * *'],
  ['Cron', '60 0 2 * * *'],
  ['Cron', '0 60 2 * * *'],
  ['Cron', '0 0 24 * * *'],
  ['Cron', '0 0 2 32 * *'],
  ['Cron', '0 0 2 0 * *'],
  ['Cron', '0 0 2 * 13 *'],
  ['Cron', '0 0 2 * XYZ *'],
  ['Cron', '0 0 2 * * 7'],
  ['Cron', '0 0 2 L * *'],
  ['Cron', '0 0 2 * * 1#2'],
  ['Cron', '? 0 2 * * *'],
  ['Cron', '@daily'],
  ['Cron', '@every 0s'],
  ['Cron', '@every hour'],
  ['Cron', 'CRON_TZ=Asia/Nowhere 0 0 2 * * *'],
] as const)('%s "%s" is no schedule', (type, text) => {
  expect(readSchedule({ type, text }, BEGUN, 'Asia/Shanghai')).toBeUndefined();
});
