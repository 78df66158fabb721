/** A worker thread: plays what it is handed, one order after the other. */
import { parentPort } from 'node:worker_threads';
import { type Broken, type PlayedRange, playRange, type Range, type Shortest, shortestOf } from './player.ts';

export type Order =
  | ({ readonly kind: 'play' } & Range)
  | { readonly kind: 'shorten'; readonly broken: Broken; readonly store: Range['store'] };

export type Result =
  | ({ readonly kind: 'played' } & PlayedRange)
  | ({ readonly kind: 'shortened' } & Shortest)
  | { readonly kind: 'failed'; readonly error: string };

// Errors of a played world are many, and nobody reads where they were made.
Error.stackTraceLimit = 0;

parentPort?.on('message', (order: Order) => {
  carryOut(order).then(
    (result) => parentPort?.postMessage(result),
    (error: unknown) => parentPort?.postMessage({ kind: 'failed', error: String(error) } satisfies Result),
  );
});

async function carryOut(order: Order): Promise<Result> {
  return order.kind === 'play'
    ? { kind: 'played', ...(await playRange(order)) }
    : { kind: 'shortened', ...(await shortestOf(order.broken, order.store)) };
}
