/** What is to be done next: a run's end, what stops it, what it watches, when it looks again. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/run/decide.ts';
import type { Sight } from '../../../lib/run/sight.ts';
import { minutes, seconds } from '../../../lib/time.ts';
import type { Progress, Run, Target } from '../../../lib/types.ts';
import { A_MOMENT, ago, hence, memory, NOW, request, settings, target } from '../guards/support.ts';
import {
  attempt,
  ended,
  holdsOf,
  idsOf,
  many,
  on,
  planned,
  run,
  sight,
  stateOf,
  waiting,
  without,
} from './looks.ts';

const ONE = [on('h1', 's1', 'abnormal')];
const decideOn = (
  targets: readonly Target[],
  more: Partial<Run> = {},
  look: Sight = sight(ONE),
  given = settings(),
) => decide(run(targets, more), look, given, NOW);
const accepted: Progress = { state: 'accepted', attempt: attempt({ jobId: 'j' }), since: ago(seconds(30)) };

describe('a run', () => {
  it('that has something to restart runs, and looks again soon', () => {
    const { run: next, batches, lookAt } = decideOn([target()]);
    expect([next.state, idsOf(batches), lookAt]).toEqual(['running', ['s1'], hence(seconds(5))]);
  });

  it('that only follows what it restarted verifies', () => {
    expect(decideOn([target({ progress: accepted })]).run.state).toBe('verifying');
  });

  it('that has nothing left is done, says when, and does not look again', () => {
    const { run: next, lookAt } = decideOn(many(2, ended('recovered')));
    expect([next.state, next.endedAt, lookAt]).toEqual(['done', NOW, undefined]);
  });

  it('that may only observe is done at once', () => {
    const next = decideOn([target()], {}, sight(ONE), settings({ mode: 'observe' }));
    expect([next.run.state, stateOf(next.run.targets, 's1'), next.batches]).toEqual(['done', 'held', []]);
  });

  it('follows first: what recovers in this look makes room in the next round', () => {
    const back: Progress = {
      state: 'verifying',
      attempt: planned({ restartSeen: true }),
      since: ago(seconds(5)),
    };
    const look = sight([on('h0', 's0', 'running'), on('h1', 's1', 'running'), on('h2', 's2', 'running')]);
    const targets = [...many(1, back), ...many(2, waiting, 1)];
    expect(idsOf(decideOn(targets, {}, look, settings({ max_errors: 5 })).batches)).toEqual(['s1', 's2']);
  });

  it('that restarts takes up nothing else that becomes abnormal on its hosts', () => {
    const look = sight([...ONE, on('h1', 's2', 'abnormal')]);
    const { run: next } = decideOn([target()], { hosts: ['h1'] }, look);
    expect(next.targets.map(({ encodeServerId }) => encodeServerId)).toEqual(['s1']);
  });

  it('is the same when an instance that died is followed by one that reads it from the ledger', () => {
    const inFlight = [{ encodeServerId: 's0', serverId: 'h0', runId: 'run-1', claimedAt: ago(seconds(9)) }];
    const shown = sight(ONE);
    const look = { ...shown, memory: { ...shown.memory, inFlight } };
    const full = settings({ max_concurrency: 1 });
    const { run: next } = decideOn([...many(1, waiting), target()], {}, look, full);
    expect(holdsOf(next.targets, 's1')).toEqual(['concurrency']);
    expect(stateOf(next.targets, 's0')).toBe('claimed');
    expect(JSON.parse(JSON.stringify(next))).toStrictEqual(next);
  });
});

describe('the end of a run', () => {
  const end = { endsAt: NOW };

  it('holds what still waits, in front of what it waited for', () => {
    const hold = {
      guard: 'concurrency',
      reason: { code: 'concurrency_limit', inFlight: 10, limit: 10 },
    } as const;
    const targets = [target({ progress: { ...waiting, state: 'waiting', holds: [hold] } as Progress })];
    const { run: next, batches } = decideOn(targets, end);
    expect([next.state, batches, next.endedAt]).toEqual(['expired', [], NOW]);
    expect(next.targets[0]?.progress).toMatchObject({
      holds: [{ guard: 'run', reason: { code: 'run_ended' } }, hold],
    });
  });

  it('has not come a moment before', () => {
    expect(idsOf(decideOn([target()], { endsAt: hence(A_MOMENT) }).batches)).toEqual(['s1']);
  });

  it('waits for what is in flight', () => {
    const { run: next, lookAt } = decideOn([target({ progress: accepted }), ...many(1, waiting, 2)], end);
    expect([next.state, stateOf(next.targets, 's2')]).toEqual(['verifying', 'held']);
    expect(lookAt).toBe(hence(seconds(5)));
  });

  it('that left nothing over is no expiry', () => {
    expect(decideOn(many(3, ended('recovered')), end).run.state).toBe('done');
  });
});

describe('a run that was stopped', () => {
  const denied = { code: 'APIGW.0301', message: 'Incorrect IAM authentication information' };

  it('by CPH refusing to show anything holds the rest and is cancelled', () => {
    const { run: next, batches, adopted } = decideOn([target()], {}, sight(ONE, { denied }));
    expect([next.state, batches, adopted]).toEqual(['cancelled', [], []]);
    expect(next.stopped).toEqual({ code: 'not_authorised', error: denied });
    expect(holdsOf(next.targets, 's1')).toEqual(['run']);
  });

  it('still follows what it restarted', () => {
    const stopped = { code: 'not_authorised', error: denied } as const;
    const { run: next } = decideOn([target({ progress: accepted }), ...many(1, waiting, 2)], { stopped });
    expect([next.state, stateOf(next.targets, 's2')]).toEqual(['verifying', 'held']);
  });
});

describe('a run that watches', () => {
  const alarm = request({ source: 'alarm', selector: { kind: 'candidates', ids: ['h1'] } });
  const watching = (openedAt = NOW) =>
    ({ state: 'watching', hosts: ['h1'], request: alarm, openedAt }) as const;
  const well = sight([on('h1', 's1', 'running')]);

  it.each([
    [0, 15],
    [15, 45],
    [45, 120],
    [120, 300],
  ])('after %d s looks again at %d s', (since, next) => {
    const openedAt = ago(seconds(since));
    const { run: watched, lookAt } = decideOn([], watching(openedAt), well);
    expect([watched.state, lookAt]).toEqual(['watching', openedAt + seconds(next)]);
  });

  it('ends when it has looked for five minutes and nothing is abnormal', () => {
    expect(decideOn([], watching(ago(minutes(5))), well).run.state).toBe('done');
  });

  it('takes up what becomes abnormal, and nothing that is well', () => {
    const { run: next } = decideOn(
      [],
      watching(),
      sight([...ONE, on('h1', 's2', 'running'), on('h2', 's3', 'abnormal')]),
    );
    expect(next.state).toBe('running');
    expect(next.targets).toMatchObject([{ encodeServerId: 's1', named: false, resolvedAs: 'abnormal' }]);
  });

  it('leaves to another run what that restarts already', () => {
    const inFlight = [{ encodeServerId: 's1', serverId: 'h1', runId: 'run-2', claimedAt: NOW }];
    expect(decideOn([], watching(), sight(ONE, { memory: memory({ inFlight }) })).run.state).toBe('watching');
  });

  it('goes on while its host cannot be looked at', () => {
    const { run: next, lookAt } = decideOn([], watching(), sight([], { unseen: new Set(['h1']) }));
    expect([next.state, next.targets, lookAt]).toEqual(['watching', [], hence(seconds(15))]);
  });

  it('is cancelled when it may not look', () => {
    const denied = { code: 'CPS.0007', message: 'no' };
    expect(decideOn([], watching(), sight([], { denied })).run.state).toBe('cancelled');
  });
});

describe('the next look', () => {
  const old = (progress: Progress): Progress =>
    'attempt' in progress
      ? { ...progress, attempt: { ...progress.attempt, claimedAt: ago(minutes(2)) } }
      : progress;

  it('is after 5 s while a restart is young, and after 15 s from two minutes on', () => {
    expect(decideOn([target({ progress: accepted })]).lookAt).toBe(hence(seconds(5)));
    expect(decideOn([target({ progress: old(accepted) })]).lookAt).toBe(hence(seconds(15)));
  });

  it('is when a target is due that has to wait', () => {
    const at = { ...waiting, notBefore: hence(seconds(9)) } as Progress;
    expect(decideOn([target({ progress: at })]).lookAt).toBe(hence(seconds(9)));
  });

  it('is after 15 s at the latest, however long its targets have to wait', () => {
    const at = { ...waiting, notBefore: hence(seconds(40)) } as Progress;
    expect(decideOn([target({ progress: at })]).lookAt).toBe(hence(seconds(15)));
  });

  it('is after 15 s while what has to be known for a restart cannot be seen', () => {
    const { run: next, lookAt } = decideOn([target()], {}, without('troubled', sight(ONE)));
    expect([next.state, lookAt]).toEqual(['running', hence(seconds(15))]);
  });

  describe('when others are in the way', () => {
    const look = sight([on('h1', 's1', 'running')], { troubled: new Map([['x1', 'h9']]) });
    const one = target({ resolvedAs: 'running' });
    const blocked = (targets: readonly Target[], shown = look, limits: object = { max_unavailable: 1 }) =>
      decideOn(targets, {}, shown, settings(limits));

    it('is after a minute while nothing is in flight, also when its other targets have an end', () => {
      const { run: next, lookAt } = blocked([one]);
      expect([next.state, lookAt]).toEqual(['running', hence(minutes(1))]);
      expect(blocked([...many(1, ended('recovered'), 5), one]).lookAt).toBe(hence(minutes(1)));
    });

    it('is after 15 s for those among them that could not be looked at', () => {
      const { run: next, lookAt } = blocked([one, ...many(1, waiting, 2)], {
        ...look,
        unseen: new Set(['h2']),
      });
      expect([holdsOf(next.targets, 's1'), lookAt]).toEqual([['unavailable'], hence(seconds(15))]);
    });

    it('is soon while one of any run is in flight: it may make room', () => {
      const inFlight = [{ encodeServerId: 'x1', serverId: 'h9', runId: 'run-2', claimedAt: NOW }];
      const { batches, lookAt } = blocked([one], { ...look, memory: memory({ inFlight }) });
      expect([batches, lookAt]).toEqual([[], hence(seconds(5))]);
    });

    it('is soon when some of its own are restarted now', () => {
      const two = sight([on('h0', 's0', 'running'), on('h1', 's1', 'running')]);
      const { run: next, batches, lookAt } = blocked(many(2, waiting), two, {});
      expect([idsOf(batches), holdsOf(next.targets, 's1')]).toEqual([['s0'], ['unavailable']]);
      expect(lookAt).toBe(hence(seconds(5)));
    });
  });
});
