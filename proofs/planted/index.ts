/** All planted faults. */
import { CALLS } from './calls.ts';
import { CLAIMS } from './claims.ts';
import { DRIVERS } from './drivers.ts';
import { GUARDS } from './guards.ts';
import { LETTERS } from './letters.ts';
import { OUTCOMES } from './outcomes.ts';
import type { Planted } from './planted.ts';
import { REQUESTS } from './requests.ts';

export const PLANTED: readonly Planted[] = [
  ...CLAIMS,
  ...CALLS,
  ...DRIVERS,
  ...GUARDS,
  ...LETTERS,
  ...OUTCOMES,
  ...REQUESTS,
];
