import { describe } from 'vitest';
import { pause } from '../../../lib/guards/pause.ts';
import { hours } from '../../../lib/time.ts';
import { A_MOMENT, ago, answers, type Case, hence, memory, NOW } from './support.ts';

const paused = (until: typeof NOW) => ({ memory: memory({ pause: { who: 'wei', why: 'release', until } }) });
const reason = { code: 'paused', who: 'wei', why: 'release' } as const;

const CASES: readonly Case[] = [
  ['everything while nobody paused', {}],
  [
    'everything while somebody paused, with who, why and until',
    paused(hence(hours(2))),
    { reason, until: hence(hours(2)) },
  ],
  ['a moment before the end of the pause', paused(hence(A_MOMENT)), { reason, until: hence(A_MOMENT) }],
  ['everything at the end of the pause', paused(NOW)],
  ['everything after a pause that nobody took back', paused(ago(A_MOMENT))],
];

describe('pause', () => answers(pause, CASES));
