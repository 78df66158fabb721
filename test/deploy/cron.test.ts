import { describe, expect, it } from 'vitest';
import { cronProblem, rateProblem } from '../../deploy/check/cron.ts';

const AT = 'CRON_TZ=Asia/Shanghai';

describe('a cron', () => {
  it.each([
    `${AT} 0 5 2 * * *`,
    'CRON_TZ=UTC 0 0/10 * * * *',
    `${AT} 0,30 0-10/5 8-18 ? JAN-MAR,dec MON-FRI`,
    `${AT} 59 59 23 31 12 6`,
    `${AT} 0 0 0 1 1 ?`,
    '@every 1h30m',
    '@every 1.5h',
  ])('like "%s" is a schedule', (schedule) => {
    expect(cronProblem(schedule)).toBeUndefined();
  });

  it.each([
    ['0 5 2 * * *', 'CRON_TZ and a zone first'],
    ['CRON_TZ=Beijing 0 5 2 * * *', 'a zone like Asia/Shanghai'],
    ['CRON_TZ=+08:00 0 5 2 * * *', 'a zone like Asia/Shanghai'],
    [`${AT} 5 2 * * *`, 'six fields'],
    [`${AT} 0 5 2 * * * 2026`, 'six fields'],
    [`${AT} 0  5 2 * * *`, 'six fields'],
    [`${AT} 60 5 2 * * *`, 'a second from 0 to 59 as field 1'],
    [`${AT} 0 60 2 * * *`, 'a minute from 0 to 59 as field 2'],
    [`${AT} 0 5 24 * * *`, 'an hour from 0 to 23 as field 3'],
    [`${AT} 0 5 2 0 * *`, 'a day of the month from 1 to 31 as field 4'],
    [`${AT} 0 5 2 * 13 *`, 'a month from 1 to 12 as field 5'],
    [`${AT} 0 5 2 * * 7`, 'a day of the week from 0 to 6 as field 6'],
    [`${AT} 0 5 ? * * *`, 'an hour'],
    [`${AT} 0 5-1 2 * * *`, 'a minute'],
    [`${AT} 0 */0 2 * * *`, 'a minute'],
    [`${AT} 0 5, 2 * * *`, 'a minute'],
    [`${AT} `, 'six fields'],
    ['@every', 'a span'],
    ['@daily', 'a span'],
  ])('like "%s" is refused', (schedule, expected) => {
    expect(cronProblem(schedule)).toContain(expected);
  });
});

describe('a rate', () => {
  it.each(['1m', '60m', '24h', '30d'])('of %s is one', (rate) => {
    expect(rateProblem(rate)).toBeUndefined();
  });

  it.each(['0m', '61m', '25h', '31d', '5', '5s', '1h30m', ''])('of "%s" is none', (rate) => {
    expect(rateProblem(rate)).toBe('1m to 60m, 1h to 24h, or 1d to 30d');
  });
});
