/** Whether a server really came back, and what planned work needs for it. */
import { describe, expect, it } from 'vitest';
import { following } from '../../../lib/run/follow.ts';
import { after, minutes, seconds } from '../../../lib/time.ts';
import { ago, hence, NOW, settings, target } from '../guards/support.ts';
import { attempt, ended, planned, run } from './looks.ts';
import { ALMOST_THREE, accepted, followed, look, type Step, THREE, verifying, withJob } from './steps.ts';

const CASES: readonly Step[] = [
  [
    'an abnormal server has three minutes to come back',
    verifying(attempt(), ALMOST_THREE),
    'abnormal',
    undefined,
    'verifying',
  ],
  ['and is not recovered after them', verifying(attempt(), THREE), 'abnormal', undefined, 'not_recovered'],
  [
    'one that comes back in time is recovered',
    verifying(attempt(), ALMOST_THREE),
    'running',
    undefined,
    'recovered',
  ],
  [
    'one that is back at the last moment is recovered',
    verifying(attempt(), THREE),
    'running',
    undefined,
    'recovered',
  ],
  [
    'one that still restarts after three minutes is unconfirmed',
    verifying(attempt(), THREE),
    'restarting',
    undefined,
    'unconfirmed',
  ],
  [
    'one that is frozen after them is unconfirmed',
    verifying(attempt(), THREE),
    'unavailable',
    undefined,
    'unconfirmed',
  ],
  [
    'one that is gone after them is unconfirmed',
    verifying(attempt(), THREE),
    'absent',
    undefined,
    'unconfirmed',
  ],
  [
    'one that cannot be looked at after them is unconfirmed',
    verifying(attempt(), THREE),
    'unchecked',
    undefined,
    'unconfirmed',
  ],
  [
    'one that cannot be looked at keeps its three minutes',
    verifying(attempt(), ALMOST_THREE),
    'unchecked',
    undefined,
    'verifying',
  ],
  ['planned: being back says nothing', accepted(planned(withJob)), 'running', 'running', 'accepted'],
  [
    'planned: without a job to be seen, being back says nothing either',
    accepted(planned()),
    'running',
    undefined,
    'accepted',
  ],
  [
    'planned: a job that ended well is evidence',
    accepted(planned(withJob)),
    'running',
    'succeeded',
    'recovered',
  ],
  [
    'planned: having been seen restarting is evidence',
    accepted(planned({ ...withJob, restartSeen: true })),
    'running',
    'running',
    'recovered',
  ],
  ['planned: a job that failed is none', accepted(planned(withJob)), 'running', 'failed', 'verifying'],
  [
    'planned: without any evidence it is unconfirmed',
    verifying(planned(), THREE),
    'running',
    undefined,
    'unconfirmed',
  ],
  [
    'planned: abnormal after three minutes is not recovered',
    verifying(planned({ restartSeen: true }), THREE),
    'abnormal',
    undefined,
    'not_recovered',
  ],
];

describe('a restart that may have ended:', () => {
  it.each(CASES)('%s', (_, progress, seen, job, state) => {
    expect(followed(progress, seen, job).state).toBe(state);
  });

  it('what a look shows is remembered: a restart that was seen, a job and its error', () => {
    expect(followed(accepted(planned(withJob)), 'restarting')).toMatchObject({
      attempt: { restartSeen: true },
    });
    const error = { code: 'CPS.0100', message: 'no' };
    expect(followed(accepted(attempt(withJob)), 'running', 'failed')).toMatchObject({
      state: 'recovered',
      attempt: { job: { status: 'failed' }, error },
    });
  });

  it('a failure says when the next attempt may be, or that it was the last', () => {
    const second = followed(verifying(attempt({ number: 2 }), THREE), 'abnormal');
    expect(second).toMatchObject({ until: after(ago(seconds(40)), minutes(30)) });
    expect(second).not.toHaveProperty('handedOver');
    const third = followed(verifying(attempt({ number: 3 }), THREE), 'abnormal');
    expect(third).toMatchObject({ handedOver: true });
    expect(third).not.toHaveProperty('until');
  });

  it('a recovery by the last attempt hands nobody over and asks for no other', () => {
    expect(followed(verifying(attempt({ number: 3 })), 'running')).toEqual({
      state: 'recovered',
      attempt: attempt({ number: 3 }),
      endedAt: NOW,
    });
  });

  it.each(['recovered', 'not_recovered', 'rejected', 'unconfirmed'] as const)(
    '%s is an end, whatever is seen later',
    (state) => {
      for (const seen of ['running', 'abnormal', 'restarting', 'absent', 'unchecked'] as const) {
        const one = target({ progress: ended(state) });
        expect(following(run([one]), look(seen, 'failed'), settings(), hence(minutes(60)))(one)).toBe(one);
      }
    },
  );
});
