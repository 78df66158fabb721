/** What is still to be done about a target, whose job is still asked about, and whom a run means. */
import { describe, expect, it } from 'vitest';
import { isOpen, meansHealthy, openRequest } from '../../../lib/run/target.ts';
import type { Attempt, Job, Progress, RestartRequest, Selector } from '../../../lib/types.ts';
import { NOW, request, target } from '../guards/support.ts';
import { attempt, ended, run, waiting } from './looks.ts';
import { accepted, claimed, THREE, unknown, verifying, withJob } from './steps.ts';

const held: Progress = { state: 'held', holds: [], endedAt: NOW };
const OPEN = [waiting, claimed(THREE), unknown(attempt()), accepted(attempt()), verifying(attempt())];
const OVER = [
  ended('recovered'),
  ended('not_recovered'),
  ended('rejected'),
  ended('unconfirmed'),
  held,
] as const;

describe('a target', () => {
  it.each(OPEN)('that is $state is one about which something is to be done', (progress) => {
    expect(isOpen(target({ progress }))).toBe(true);
  });

  it.each(OVER)('that is $state has its end', (progress) => {
    expect(isOpen(target({ progress }))).toBe(false);
  });
});

describe('the jobs of a request', () => {
  const asked = (progress: Progress) => openRequest(target({ progress }));
  const withStatus = (status: Job['status']): Attempt =>
    attempt({ ...withJob, job: { jobId: 'job-1', status } });

  it('are asked about until the job has been seen to end', () => {
    expect(asked(accepted(attempt(withJob)))).toBe('r1');
    expect(asked(accepted(withStatus('running')))).toBe('r1');
    expect(asked(verifying(withStatus('succeeded')))).toBeUndefined();
    expect(asked(verifying(withStatus('failed')))).toBeUndefined();
  });

  it('are asked about while the state is verified: the report says what came of the job', () => {
    expect(asked(verifying(attempt(withJob)))).toBe('r1');
  });

  it('are not asked about when the answer to the call was lost, nor for a target that waits or has its end', () => {
    expect(asked(unknown(attempt()))).toBeUndefined();
    expect(asked(waiting)).toBeUndefined();
    expect(asked(ended('unconfirmed', attempt(withJob)))).toBeUndefined();
  });
});

describe('a run means healthy servers', () => {
  const means = (selector: Selector, source: RestartRequest['source']) =>
    meansHealthy(run([], { request: request({ selector, source }) }));
  const ids: Selector = { kind: 'ids', encodeServerIds: ['s1'] };

  it('by all, and by the ids of a timer', () => {
    expect([means({ kind: 'all' }, 'timer'), means({ kind: 'all' }, 'http'), means(ids, 'timer')]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('not without anybody naming them: a person who gives ids has named each', () => {
    expect(means(ids, 'http')).toBe(false);
  });

  it.each<Selector>([
    { kind: 'hosts', serverIds: ['h1'] },
    { kind: 'phones', phoneIds: ['p1'] },
    { kind: 'candidates', ids: ['h1'] },
    { kind: 'abnormal' },
  ])('never by $kind: those mean abnormal servers, whoever asks', (selector) => {
    expect([means(selector, 'timer'), means(selector, 'http')]).toEqual([false, false]);
  });
});
