import { describe } from 'vitest';
import { mode } from '../../../lib/guards/mode.ts';
import { answers, type Case, request, settings } from './support.ts';

const observe = { settings: settings({ mode: 'observe' }) };
const dryRun = { request: request({ dryRun: true }) };

const CASES: readonly Case[] = [
  ['everything where we are to act', {}],
  ['everything where we are only to observe', observe, { reason: { code: 'observe' } }],
  ['a dry run', dryRun, { reason: { code: 'dry_run' } }],
  [
    'a dry run where we are only to observe, as a dry run',
    { ...observe, ...dryRun },
    { reason: { code: 'dry_run' } },
  ],
];

describe('mode', () => answers(mode, CASES));
