/** Faults of the jobs of an accepted restart call: they fail, lie, never end or are forgotten. */
import { seconds } from '../../lib/time.ts';
import { cpsError } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';
import { notes, outcomes, promised, restartCalls, restarts } from './promises.ts';

const once = [restarts(3), restartCalls(1)];

export const jobFailed: Fault = {
  name: 'job-failed',
  does: 'the jobs of the first restart call fail, and their servers stay abnormal',
  promise: 'the servers are reported as not recovered, with the error of the job; no restart is repeated',
  create: () => ({
    ruling: ({ call }) => (call === 1 ? { job: 'fails', endStatus: 2 } : undefined),
  }),
  holds: promised(outcomes({ not_recovered: 3 }), notes('CPS.0054'), ...once),
};

export const jobFailedRunning: Fault = {
  name: 'job-failed-running',
  does: 'the jobs fail, but the servers run',
  promise: 'the state decides: the servers are reported as recovered, with the error of the job noted',
  create: () => ({ ruling: () => ({ job: 'fails', endStatus: 1 }) }),
  holds: promised(outcomes({ recovered: 3 }), notes('CPS.0054'), ...once),
};

export const jobLies: Fault = {
  name: 'job-lies',
  does: 'the jobs succeed, but the servers are still abnormal',
  promise: 'the state decides: the servers are reported as not recovered; no restart is repeated',
  create: () => ({ ruling: () => ({ job: 'succeeds', endStatus: 2 }) }),
  holds: promised(outcomes({ not_recovered: 3 }), ...once),
};

export const jobStuck: Fault = {
  name: 'job-stuck',
  does: 'the jobs never end, although the servers come back',
  promise: 'the servers are seen to be running and reported as recovered; the run ends all the same',
  create: () => ({ ruling: () => ({ job: 'sticks' }) }),
  holds: promised(outcomes({ recovered: 3 }), ...once),
};

export const jobVanished: Fault = {
  name: 'job-vanished',
  does: 'CPH forgets every job ten seconds after it began, before it has ended',
  promise: 'the servers are seen to be running and reported as recovered; the run ends all the same',
  create: () => ({ behaviour: { jobRetention: seconds(10) } }),
  holds: promised(outcomes({ recovered: 3 }), ...once),
};

export const jobsAway: Fault = {
  name: 'jobs-away',
  does: 'CPH cannot list jobs (CPS.0003)',
  promise: 'the servers are seen to be running and reported as recovered; the run ends all the same',
  create: () => ({
    intercept: async ({ operation }, proceed) =>
      operation === 'ListJobs' ? cpsError('CPS.0003', hexId('jobs-away')) : proceed(),
  }),
  holds: promised(outcomes({ recovered: 3 }), ...once),
};
