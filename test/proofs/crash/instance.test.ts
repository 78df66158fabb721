/** An instance that died reaches nothing any more; what has left it arrives. */
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/huawei/transport.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { emptyState } from '../../../lib/ledger/state.ts';
import { epochMs, seconds } from '../../../lib/time.ts';
import { virtualClock } from '../../../local/clock.ts';
import { countEffects, type Strike } from '../../../proofs/crash/effects.ts';
import { inTurn, mortal } from '../../../proofs/crash/instance.ts';

const NOW = epochMs(1_772_389_800_000);
const PAUSE = { who: 'ops', why: 'a release', until: epochMs(NOW + 60_000) };

/** An instance, what reached the world from it, and what came back to it. */
function instance(strike?: Strike) {
  const state = emptyState();
  const sent: string[] = [];
  const lines: string[] = [];
  const clock = virtualClock(NOW);
  const ledger = memoryLedger({ shared: true, state });
  const platform = {
    clock,
    ledger,
    transport: () => ({
      async send({ url }: HttpRequest) {
        sent.push(url);
        return { status: 200, headers: {}, body: '{}' };
      },
      close: async () => undefined,
    }),
    writeLine: (line: string) => void lines.push(line),
  };
  const effects = countEffects(strike);
  const lives = mortal(platform, 'alarm', effects, inTurn());
  const came: string[] = [];
  const wait = (what: string, work: Promise<unknown>) => void work.then(() => came.push(what));
  /** Everything that can come without the clock has come. */
  const settled = () => clock.sleep(seconds(1));
  return { lives, state, sent, lines, came, wait, settled, effects };
}

const request = (url: string): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  signal: new AbortController().signal,
});

describe('an instance', () => {
  it('that nobody strikes meets the ledger and the cloud as if nothing stood between', async () => {
    const { lives, state, sent, effects } = instance();
    await lives.ledger.pause(PAUSE);
    await lives.transport().send(request('http://127.0.0.1/v1/x'));
    expect(state.pause).toEqual(PAUSE);
    expect(sent).toEqual(['http://127.0.0.1/v1/x']);
    expect(effects.all.map(({ number, does }) => [number, does])).toEqual([
      [1, 'ledger pause'],
      [2, 'GET /v1/x'],
    ]);
    expect(lives.ledger.shared).toBe(true);
  });

  it('struck before an effect has not done it', async () => {
    const { lives, state, came, wait, settled, effects } = instance({ effect: 1, side: 'before' });
    wait('paused', lives.ledger.pause(PAUSE));
    await settled();
    expect(state.pause).toBeUndefined();
    expect(came).toEqual([]);
    expect(effects.struck()).toMatchObject({ number: 1, does: 'ledger pause' });
  });

  it('struck after an effect has done it and does not learn of it', async () => {
    const { lives, state, came, wait, settled } = instance({ effect: 1, side: 'after' });
    wait('paused', lives.ledger.pause(PAUSE));
    await settled();
    expect(state.pause).toEqual(PAUSE);
    expect(came).toEqual([]);
  });

  it('that is dead reaches neither ledger nor cloud nor log, wakes from no sleep, and is no effect', async () => {
    const { lives, state, sent, lines, came, wait, settled, effects } = instance({
      effect: 2,
      side: 'before',
    });
    wait('slept', lives.clock.sleep(seconds(0)));
    await settled();
    expect(came).toEqual(['slept']);
    wait('asleep', lives.clock.sleep(seconds(1)));
    const open = lives.transport();
    wait('sent', open.send(request('http://127.0.0.1/first')));
    wait('died', lives.ledger.resume());
    wait('paused', lives.ledger.pause(PAUSE));
    wait('sent again', open.send(request('http://127.0.0.1/second')));
    wait('slept again', lives.clock.sleep(seconds(0)));
    lives.writeLine('last words');
    await settled();
    await settled();
    expect({ came, lines, pause: state.pause }).toEqual({ came: ['slept'], lines: [], pause: undefined });
    expect(sent).not.toContain('http://127.0.0.1/second');
    expect(effects.all).toHaveLength(2);
  });

  it('ends for the host at once, whatever its time limit', async () => {
    const { lives, wait, settled } = instance({ effect: 1, side: 'after' });
    const limit = lives.clock.limit(seconds(3_600));
    wait('paused', lives.ledger.pause(PAUSE));
    await settled();
    expect(limit.signal.aborted).toBe(true);
    limit.clear();
  });
});
