/** What befalls an instance, or the world right beside it, where it meets the world. */

import { after, epochMs, minutes } from '../../lib/time.ts';
import { batchRestart, hang } from '../../local/model/index.ts';
import type { Model } from '../../local/model/state.ts';
import { emptied } from '../book/book.ts';
import type { Op } from '../history/history.ts';
import type { Instance } from './alive.ts';
import type { Stage } from './stage.ts';

export function strikeDown(
  stage: Stage,
  instance: Instance,
  op: Op,
  side: 'before' | 'after',
  ids: readonly string[] = [],
): void {
  const blow = stage.blowAt(op, side);
  if (blow === undefined) return;
  const { scheduler, tally, book, model } = stage;
  const { ledger } = stage.store;
  const now = scheduler.now();
  tally.struck(blow.does, now);
  stage.trace?.(() => `  ⚡ ${blow.does} ${side} ${op} of ${instance.name}`);
  const id = ids[0] ?? [...model.servers.keys()][0] ?? '';
  switch (blow.does) {
    case 'die':
      tally.counts.deaths += 1;
      die(instance);
      return;
    case 'freeze':
      tally.counts.freezes += 1;
      instance.thawAt = epochMs(now + blow.seconds * 1_000);
      return;
    case 'pause': {
      const pause = { who: 'wang', why: 'now', since: now, until: after(now, minutes(blow.minutes)) };
      scheduler.during(ledger.pause(pause));
      book.pause = pause;
      return;
    }
    case 'exclude':
      scheduler.during(ledger.exclude(id, { who: 'wang', why: 'now', since: now }));
      book.excluded.add(id);
      return;
    case 'empty':
      emptyLedger(stage);
      return;
    case 'by_hand':
      restartByHand(model, id, stage);
      return;
    case 'hang':
      hangServer(model, id, stage);
      return;
  }
}

export function die(instance: Instance): void {
  if (instance.isDead) return;
  instance.isDead = true;
  instance.onDeath();
}

/** Redis came back without what it knew. */
export function emptyLedger({ store, book, scheduler }: Pick<Stage, 'store' | 'book' | 'scheduler'>): void {
  scheduler.during(store.empty());
  emptied(book, scheduler.now());
}

/** Somebody restarts a server in the console. */
export function restartByHand(model: Model, id: string, { scheduler, tally }: Stage): void {
  tally.struck('by hand', scheduler.now());
  const { length } = model.restarts;
  batchRestart(model, [id], scheduler.now());
  // Not ours: what follows counts the model's restarts.
  model.restarts.length = length;
}

/** Only what is in service can hang. */
export function hangServer(model: Model, id: string, { scheduler }: Stage): void {
  const server = model.servers.get(id);
  if (server === undefined || ![1, 2].includes(server.status)) return;
  hang(model, id, scheduler.now());
}
