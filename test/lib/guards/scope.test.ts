import { describe } from 'vitest';
import { scope } from '../../../lib/guards/scope.ts';
import { answers, type Case, memory, NOW, settings } from './support.ts';

const exclusion = { who: 'wei', why: 'being looked at', since: NOW };
const said = { code: 'excluded', who: 'wei', why: 'being looked at' } as const;
const kept = (...ids: readonly string[]) => ({
  memory: memory({ exclusions: new Map(ids.map((id) => [id, exclusion])) }),
});

const CASES: readonly Case[] = [
  ['everything where nothing is included or excluded', {}],
  [
    'a server that is excluded',
    { settings: settings({ exclude: ['s1'] }) },
    { reason: { code: 'excluded' } },
  ],
  [
    'a server whose host is excluded',
    { settings: settings({ exclude: ['h1'] }) },
    { reason: { code: 'excluded' } },
  ],
  ['a server where others are excluded', { settings: settings({ exclude: ['s2', 'h2'] }) }],
  ['a server that somebody excluded, with who and why', kept('s1'), { reason: said }],
  ['a server whose host somebody excluded', kept('h1'), { reason: said }],
  ['a server where somebody excluded others', kept('s2', 'h2')],
  ['a server that is included', { settings: settings({ include: ['s1'] }) }],
  ['a server whose host is included', { settings: settings({ include: ['h1'] }) }],
  [
    'a server that is not among those included',
    { settings: settings({ include: ['s2'] }) },
    { reason: { code: 'not_included' } },
  ],
  [
    'everything where the list of those included is empty',
    { settings: settings({ include: [] }) },
    { reason: { code: 'not_included' } },
  ],
  [
    'a server that is included and excluded',
    { settings: settings({ include: ['s1'], exclude: ['s1'] }) },
    { reason: { code: 'excluded' } },
  ],
  [
    'a server that is included, on a host that somebody excluded',
    { settings: settings({ include: ['s1'] }), ...kept('h1') },
    { reason: said },
  ],
];

describe('scope', () => answers(scope, CASES));
