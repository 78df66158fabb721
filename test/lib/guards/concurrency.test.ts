import { describe } from 'vitest';
import { concurrency } from '../../../lib/guards/concurrency.ts';
import { answers, type Case, healthy } from './support.ts';

const no = (count: number, limit: number) => ({
  reason: { code: 'concurrency_limit', inFlight: count, limit } as const,
});

const CASES: readonly Case[] = [
  ['the first restart', {}],
  ['the last one that there is a place for', { taken: 9 }],
  ['one more than may be in flight', { taken: 10 }, no(10, 10)],
  ['everything when more are in flight than may be by now', { taken: 12 }, no(12, 10)],
  ['everything where none may be in flight', { concurrency: 0 }, no(0, 0)],
  ['planned work too', { ...healthy, taken: 10 }, no(10, 10)],
];

describe('concurrency', () => answers(concurrency, CASES));
