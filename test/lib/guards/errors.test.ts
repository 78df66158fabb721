import { describe } from 'vitest';
import { errors } from '../../../lib/guards/errors.ts';
import { answers, type Case, healthy } from './support.ts';

const rolling = (failures: number, tolerance: number) => ({
  rolling: { failures, tolerance, inFlight: 0, roundSize: 1 },
});

const CASES: readonly Case[] = [
  ['planned work that has not failed yet', { ...healthy, ...rolling(0, 3) }],
  ['planned work one failure before the tolerance', { ...healthy, ...rolling(2, 3) }],
  [
    'planned work at the tolerance',
    { ...healthy, ...rolling(3, 3) },
    { reason: { code: 'errors', failures: 3, tolerance: 3 } },
  ],
  [
    'planned work beyond the tolerance',
    { ...healthy, ...rolling(4, 3) },
    { reason: { code: 'errors', failures: 4, tolerance: 3 } },
  ],
  [
    'planned work where none may fail',
    { ...healthy, ...rolling(0, 0) },
    { reason: { code: 'errors', failures: 0, tolerance: 0 } },
  ],
  ['repair, however often planned work failed', rolling(9, 3)],
];

describe('errors', () => answers(errors, CASES));
