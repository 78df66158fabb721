/** Virtual time: what moves it, what stops it, in which order it rings. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, epochMs, hours, milliseconds, seconds } from '../../lib/time.ts';
import { fastClock, virtualClock } from '../../local/clock.ts';
import { START } from './support/world.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('sleepers wake in the order of their time, and in the order of asking when it is the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }),
      async (spans) => {
        const clock = virtualClock(START);
        const woken: { index: number; at: number }[] = [];
        await Promise.all(
          spans.map(async (span, index) => {
            await clock.sleep(seconds(span));
            woken.push({ index, at: between(START, clock.now()) / 1_000 });
          }),
        );
        const expected = spans
          .map((at, index) => ({ index, at }))
          .sort((a, b) => a.at - b.at || a.index - b.index);
        expect(woken).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

test('hours of sleeping one after the other cost no real time and add up', async () => {
  const clock = virtualClock(START);
  for (let hour = 0; hour < 12; hour += 1) await clock.sleep(hours(1));
  expect(between(START, clock.now())).toBe(hours(12));
});

test('a sleep that is called off ends at once and moves no time', async () => {
  const clock = virtualClock(START);
  const off = new AbortController();
  const sleeping = clock.sleep(hours(1), off.signal);
  off.abort();
  await sleeping;
  await clock.sleep(hours(1), off.signal);
  await clock.sleep(seconds(5));
  await turns(50);
  expect(between(START, clock.now())).toBe(seconds(5));
});

test('time stands still while a call is in flight', async () => {
  const clock = virtualClock(START);
  const deadline = clock.deadline(seconds(20));
  let slept = false;
  const sleeping = clock.sleep(seconds(5)).then(() => {
    slept = true;
  });
  await turns(50);
  expect([slept, clock.now()]).toEqual([false, START]);
  deadline.clear();
  await sleeping;
  expect(between(START, clock.now())).toBe(seconds(5));
  expect(deadline.signal.aborted).toBe(false);
});

test('a call that hangs lets time pass up to its deadline', async () => {
  const clock = virtualClock(START);
  const deadline = clock.deadline(seconds(20));
  const release = clock.hang();
  await clock.sleep(seconds(5));
  expect([between(START, clock.now()), deadline.signal.aborted]).toEqual([seconds(5), false]);
  await new Promise<void>((resolve) => deadline.signal.addEventListener('abort', () => resolve()));
  expect(between(START, clock.now())).toBe(seconds(20));
  deadline.clear();
  release();
});

test('a call made before the server notices that a hanging one was given up still stops time', async () => {
  const clock = virtualClock(START);
  const first = clock.deadline(seconds(20));
  const release = clock.hang();
  await new Promise<void>((resolve) => first.signal.addEventListener('abort', () => resolve()));
  first.clear();
  const second = clock.deadline(seconds(10));
  await turns(50);
  expect(second.signal.aborted).toBe(false);
  release();
  release();
  await turns(50);
  expect(second.signal.aborted).toBe(false);
  second.clear();
});

test('with one call hanging and another in flight, time stands still', async () => {
  const clock = virtualClock(START);
  const hanging = clock.deadline(seconds(20));
  const inFlight = clock.deadline(seconds(20));
  const release = clock.hang();
  await turns(50);
  expect(clock.now()).toBe(START);
  inFlight.clear();
  await clock.sleep(seconds(1));
  expect(between(START, clock.now())).toBe(seconds(1));
  release();
  hanging.clear();
});

test('a limit does not stop time, and comes by itself when nothing else is waited for', async () => {
  const clock = virtualClock(START, milliseconds(1));
  const limit = clock.limit(seconds(60));
  await clock.sleep(seconds(59));
  expect(limit.signal.aborted).toBe(false);
  await new Promise<void>((resolve) => limit.signal.addEventListener('abort', () => resolve()));
  expect(between(START, clock.now())).toBe(seconds(60));
});

test('a limit that is cleared never moves time', async () => {
  const clock = virtualClock(START, milliseconds(0));
  clock.limit(seconds(60)).clear();
  await turns(50);
  expect(clock.now()).toBe(START);
});

test('the fast clock runs at its factor and leaves a call over loopback more real time than it asked for', async () => {
  const clock = fastClock(1_000, epochMs(0));
  const deadline = clock.deadline(seconds(5));
  const limit = clock.limit(seconds(10));
  const deadlineCame = await new Promise<boolean>((resolve) =>
    limit.signal.addEventListener('abort', () => resolve(deadline.signal.aborted)),
  );
  expect(deadlineCame).toBe(false);
  deadline.clear();
  await clock.sleep(seconds(10));
  expect(clock.now()).toBeGreaterThan(seconds(10));
  clock.hang()();
});
