/** The simulation in small: it keeps its promises, says the same of the same seed, and finds what is broken. */
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { drawHistory } from '../../proofs/history/draw.ts';
import { PLANTED } from '../../proofs/planted/index.ts';
import { bundle, changed } from '../../proofs/run/bundle.ts';
import { createCrew } from '../../proofs/run/crew.ts';
import { fingerprint, playTraced } from '../../proofs/run/fingerprint.ts';
import { playRange } from '../../proofs/run/player.ts';

describe('the simulation', () => {
  it('finds every promise kept in a few dozen histories', async () => {
    const { broken, tally } = await playRange({ from: 1, count: 25, store: 'memory', isSurvey: true });
    expect(broken).toEqual([]);
    expect(tally.counts.histories).toBe(25);
    expect(tally.counts.restarts).toBeGreaterThan(10);
  });

  it.each([7, 8, 9])('plays seed %i the same twice, step by step', async (seed) => {
    const [first, second] = [await playTraced(drawHistory(seed)), await playTraced(drawHistory(seed))];
    expect(first.lines.length).toBeGreaterThan(10);
    expect(fingerprint(second)).toBe(fingerprint(first));
  });

  it('plays another seed another way', async () => {
    const [one, other] = [await playTraced(drawHistory(7)), await playTraced(drawHistory(8))];
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });
});

describe('a planted fault', () => {
  const planted = PLANTED.find(({ name }) => name === 'claim-after-call');
  const crew = createCrew(1, planted?.changes);
  afterAll(async () => (await crew).dismiss());

  it('is found, and the shortest history that shows it is no longer than the one that was drawn', async () => {
    const { play, shorten } = await crew;
    const { broken } = await play({ from: 1, count: 200, store: 'memory', isSurvey: false });
    const [first] = broken;
    expect(first).toMatchObject({ invariant: 'I6' });
    if (first === undefined) return;
    const { history, broken: shown } = await shorten(first, 'memory');
    expect(shown.invariant).toBe('I6');
    const lengthOf = ({ happenings, strikes, periods, fleet }: typeof history) =>
      happenings.length + strikes.length + periods.length + fleet.length;
    expect(lengthOf(history)).toBeLessThanOrEqual(lengthOf(drawHistory(first.seed)));
  });

  it.each(PLANTED)('$name changes a text that is there exactly once', async ({ changes }) => {
    for (const change of changes) {
      const text = await readFile(change.file, 'utf8');
      expect(changed(text, change)).not.toBe(text);
    }
  });

  it('whose text is no longer there stops the proof, and names the file', async () => {
    const gone = { file: 'lib/run/act.ts', anchor: 'what nobody ever wrote', instead: '' };
    await expect(bundle([gone])).rejects.toThrow(/lib\/run\/act\.ts: expected this text exactly once/);
  });

  it('in a file that is not played stops the proof, too', async () => {
    const elsewhere = { file: 'lib/ledger/redis/url.tsx', anchor: 'x', instead: 'y' };
    await expect(bundle([elsewhere])).rejects.toThrow(/expected it among what is played/);
  });
});
