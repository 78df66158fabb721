/** What is asked about runs: by delivery, by id, what is unfinished, what is recent. */
import { RUNS } from '../lua/runs.ts';
import { script } from '../script.ts';

export const delivered = script(
  [RUNS],
  /* lua */ `
return knownAs(arg(), num()) or false
`,
);

export const run = script(
  [RUNS],
  /* lua */ `
return readRun(arg()) or false
`,
);

/** Oldest first. */
export const unfinishedRuns = script(
  [RUNS],
  /* lua */ `
return readRuns(call('ZRANGE', P .. 'open', 0, -1))
`,
);

/** Newest first. */
export const runsSince = script(
  [RUNS],
  /* lua */ `
return readRuns(call('ZREVRANGEBYSCORE', P .. 'runs', '+inf', arg(), 'LIMIT', 0, arg()))
`,
);
