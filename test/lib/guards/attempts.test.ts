import { describe } from 'vitest';
import { attempts } from '../../../lib/guards/attempts.ts';
import { after, type EpochMs, hours } from '../../../lib/time.ts';
import { A_MOMENT, ago, answers, type Case, hence, record, settings } from './support.ts';

const made = (...times: readonly EpochMs[]) => ({ record: record({ attempts: times }) });
const used = (count: number, until?: EpochMs) => ({
  reason: { code: 'attempts_used', attempts: count } as const,
  ...(until === undefined ? {} : { until }),
});
const [first, second, third] = [ago(hours(3)), ago(hours(2)), ago(hours(1))];
const YESTERDAY = ago(hours(24));

const CASES: readonly Case[] = [
  ['what has no history', { record: undefined }],
  ['a third attempt', made(first, second)],
  ['a fourth attempt, until the first is a day old', made(first, second, third), used(3, hence(hours(21)))],
  ['a fourth attempt when the first is exactly a day old', made(YESTERDAY, second, third)],
  [
    'a fourth attempt a moment before the first is a day old',
    made(after(YESTERDAY, A_MOMENT), second, third),
    used(3, hence(A_MOMENT)),
  ],
  [
    'what was tried oftener than it may be now, until few enough are left',
    { ...made(first, second, third), settings: settings({ max_attempts: 2 }) },
    used(3, hence(hours(22))),
  ],
  [
    'everything where no attempt is allowed, for good',
    { record: undefined, settings: settings({ max_attempts: 0 }) },
    used(0),
  ],
  [
    'what was handed over, for good, whatever attempts are left',
    { record: record({ handedOver: { since: first, why: 'failed three times' } }) },
    { reason: { code: 'handed_over', since: first, why: 'failed three times' } },
  ],
];

describe('attempts', () => answers(attempts, CASES));
