import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../lib/guards/unavailable.ts';
import { restarted, row, stage, timerEvent } from '../../support/stage.ts';
import { answers, type Case, context, healthy, listOfAbnormal, noes } from './support.ts';

const no = (count: number, limit: number) => ({
  reason: { code: 'unavailable_limit', unavailable: count, limit } as const,
});
const rolling = (inFlight: number, roundSize: number, plannedNow = 0) => ({
  rolling: { failures: 0, tolerance: 9, inFlight, roundSize },
  plannedNow,
});
const round = (inFlight: number, size: number) => ({ reason: { code: 'round', inFlight, size } as const });

const CASES: readonly Case[] = [
  ['planned work while all are there', healthy],
  ['planned work when one more may be missing', { ...healthy, missing: 4 }],
  ['planned work when as many are missing as may be', { ...healthy, missing: 5 }, no(5, 5)],
  ['planned work when more are missing than may be by now', { ...healthy, missing: 6 }, no(6, 5)],
  ['planned work where none may be missing', { ...healthy, unavailable: 0 }, no(0, 0)],
  ['repair where none may be missing', { missing: 9, unavailable: 0 }],
  ['the first of a round of two', { ...healthy, ...rolling(0, 2) }],
  ['the second of a round of two', { ...healthy, ...rolling(0, 2, 1) }],
  ['a third one in a round of two', { ...healthy, ...rolling(0, 2, 2) }, round(2, 2)],
  ['the next one while one of the round before is not back', { ...healthy, ...rolling(1, 4) }, round(1, 4)],
  ['planned work when a round has no place', { ...healthy, ...rolling(0, 0) }, round(0, 0)],
  ['repair between two rounds', rolling(3, 3)],
];

describe('unavailable', () => {
  answers(unavailable, CASES);

  it('holds planned work when nobody can tell who is troubled', () => {
    const given = context({ ...healthy, troubled: 'unchecked' });
    expect(unavailable.check(given)).toEqual({ reason: { code: 'unchecked', what: 'servers' } });
    expect(unavailable.check(context({ troubled: 'unchecked' }))).toBeUndefined();
  });

  it('over HTTP: a list of abnormal servers that breaks off restarts no healthy server', async () => {
    const played = await stage({
      functionName: 'schedule',
      events: [timerEvent(undefined)],
      fleet: [row('h1', 's1', 2), row('h1', 's2'), row('h2', 's3'), row('h2', 's4')],
      faults: [listOfAbnormal],
    });
    expect(restarted(played)).toEqual([]);
    expect(noes(played, 's2')).toContain('unavailable: unchecked');
    expect(noes(played, 's3')).toContain('unavailable: unchecked');
  });
});
