/** Faults inside an accepted restart call: single servers are refused, jobs fail or never end. */
import { itemError } from '../model/codes.ts';
import type { Fault } from './fault.ts';

export const itemErrorFault: Fault = {
  name: 'item-error',
  does: 'in the first restart call the first id is refused (CPS.0123) inside a successful answer',
  promise: 'that server is reported as rejected, with the code; the others are restarted and followed',
  create: () => ({
    ruling: ({ call, position }) =>
      call === 1 && position === 1 ? { refused: itemError('CPS.0123') } : undefined,
  }),
};

export const jobFailed: Fault = {
  name: 'job-failed',
  does: 'the jobs of the first restart call fail, and their servers stay abnormal',
  promise: 'the servers are reported as not recovered, with the error of the job; no restart is repeated',
  create: () => ({
    ruling: ({ call }) => (call === 1 ? { job: 'fails', endStatus: 2 } : undefined),
  }),
};

export const jobStuck: Fault = {
  name: 'job-stuck',
  does: 'the jobs never end, although the servers come back',
  promise: 'the servers are seen to be running and reported as recovered; the run ends all the same',
  create: () => ({ ruling: () => ({ job: 'sticks' }) }),
};
