import { describe } from 'vitest';
import { window } from '../../../lib/guards/window.ts';
import { epochMs } from '../../../lib/time.ts';
import { parseWindow, type Window } from '../../../lib/window.ts';
import { answers, type Case, healthy } from './support.ts';

const at = (time: string) => epochMs(Date.parse(`2026-03-01T${time}Z`));
const list = (...texts: readonly string[]): readonly Window[] =>
  texts.flatMap((text) => parseWindow(text) ?? []);
const NIGHT = '02:00-03:00 UTC';
const planned = (time: string, ...windows: readonly (readonly Window[])[]) => ({
  ...healthy,
  now: at(time),
  windows,
});
const outside = (until: string, ...windows: readonly string[]) => ({
  reason: { code: 'outside_window', windows } as const,
  until: at(until),
});

const CASES: readonly Case[] = [
  ['planned work where there is no window', planned('12:00:00')],
  ['planned work inside its window', planned('02:30:00', list(NIGHT))],
  [
    'planned work one second before the window opens',
    planned('01:59:59', list(NIGHT)),
    outside('02:00:00', NIGHT),
  ],
  ['planned work when the window opens', planned('02:00:00', list(NIGHT))],
  ['planned work one second before the window closes', planned('02:59:59', list(NIGHT))],
  [
    'planned work when the window closes, until the next night',
    planned('03:00:00', list(NIGHT)),
    { ...outside('02:00:00', NIGHT), until: epochMs(Date.parse('2026-03-02T02:00:00Z')) },
  ],
  ['planned work inside one of several', planned('05:30:00', list(NIGHT, '05:00-06:00 UTC'))],
  [
    'planned work inside its window but outside what a timer narrowed it to',
    planned('02:10:00', list(NIGHT), list('02:30-04:00 UTC')),
    outside('02:30:00', '02:30-04:00 UTC'),
  ],
  [
    'planned work outside both, until the later of them opens',
    planned('01:00:00', list(NIGHT), list('02:30-04:00 UTC')),
    outside('02:30:00', NIGHT, '02:30-04:00 UTC'),
  ],
  ['planned work that lies in both', planned('02:45:00', list(NIGHT), list('02:30-04:00 UTC'))],
  [
    'planned work where a list has no window in it, and nobody can say until when',
    planned('02:30:00', list(NIGHT), []),
    { reason: { code: 'outside_window', windows: [] } },
  ],
  ['repair at any time', { now: at('12:00:00'), windows: [list(NIGHT)] }],
];

describe('window', () => answers(window, CASES));
