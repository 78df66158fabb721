import { describe } from 'vitest';
import { concurrency } from '../../../lib/guards/concurrency.ts';
import { answers, type Case, healthy } from './support.ts';

const inFlight = (count: number) => ({
  taken: Array.from({ length: count }, (_, index) => ({
    encodeServerId: `t${index}`,
    serverId: `h${index}`,
  })),
});
const no = (count: number, limit: number) => ({
  reason: { code: 'concurrency_limit', inFlight: count, limit } as const,
});

const CASES: readonly Case[] = [
  ['the first restart', {}],
  ['the last one that there is a place for', inFlight(9)],
  ['one more than may be in flight', inFlight(10), no(10, 10)],
  ['everything when more are in flight than may be by now', inFlight(12), no(12, 10)],
  ['everything where none may be in flight', { concurrency: 0 }, no(0, 0)],
  ['planned work too', { ...healthy, ...inFlight(10) }, no(10, 10)],
];

describe('concurrency', () => answers(concurrency, CASES));
