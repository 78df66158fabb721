import { describe } from 'vitest';
import { stale } from '../../../lib/guards/stale.ts';
import { before, hours, minutes } from '../../../lib/time.ts';
import type { Source } from '../../../lib/types.ts';
import { A_MOMENT, ago, answers, type Case, hence, NOW, request, settings } from './support.ts';

const asked = (source: Source, requestedAt: typeof NOW) => ({ request: request({ source, requestedAt }) });
const AT_MOST = ago(minutes(15));
const TOO_OLD = before(AT_MOST, A_MOMENT);
const no = { reason: { code: 'stale', requestedAt: TOO_OLD } } as const;

const CASES: readonly Case[] = [
  ['a timer that comes at once', asked('timer', NOW)],
  ['a timer that is just as old as it may be', asked('timer', AT_MOST)],
  ['a timer that is a moment older', asked('timer', TOO_OLD), no],
  ['a call that is just as old as it may be', asked('http', AT_MOST)],
  ['a call that is a moment older', asked('http', TOO_OLD), no],
  ['an old alarm: it is a hint like any other', asked('alarm', ago(hours(5)))],
  ['an old patrol run', asked('patrol', ago(hours(5)))],
  ['a request from a clock that is ahead', asked('timer', hence(minutes(5)))],
  [
    'a run that goes on for hours after it was taken up in time',
    { ...asked('timer', ago(hours(5))), takenUpAt: ago(hours(5)) },
  ],
  [
    'a timer a moment old where max_age is nothing',
    { ...asked('timer', ago(A_MOMENT)), settings: settings({ max_age: '0s' }) },
    { reason: { code: 'stale', requestedAt: ago(A_MOMENT) } },
  ],
];

describe('stale', () => answers(stale, CASES));
