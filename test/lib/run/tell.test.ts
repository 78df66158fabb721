/** Whether a run is news, beside what people were told and what is about to be told. */
import { expect, it } from 'vitest';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { isNews } from '../../../lib/run/tell.ts';
import type { World } from '../../../lib/run/world.ts';
import { epochMs } from '../../../lib/time.ts';
import type { Hold, Run } from '../../../lib/types.ts';
import { T0 } from '../../support/stage.ts';

const COOLING: Hold = { guard: 'cooldown', reason: { code: 'cooldown', lastAttemptAt: T0 } };
const HANDED_OVER: Hold = {
  guard: 'attempts',
  reason: { code: 'handed_over', since: T0, why: 'three attempts' },
};

const heldRun = (hold: Hold): Run => ({
  runId: 'run',
  request: {
    deliveryId: 'd',
    source: 'patrol',
    selector: { kind: 'abnormal' },
    reason: 'abnormal',
    requestedBy: 'patrol',
    requestedAt: T0,
    dryRun: false,
  },
  state: 'done',
  openedAt: T0,
  endsAt: epochMs(T0 + 1),
  settingsHash: 'hash',
  hosts: ['h1'],
  requestIds: [],
  targets: [
    {
      encodeServerId: 's1',
      serverId: 'h1',
      resolvedAs: 'abnormal',
      named: false,
      progress: { state: 'held', holds: [hold], endedAt: T0 },
    },
  ],
});

async function worldThatTold(why: string): Promise<World> {
  const ledger = memoryLedger({ shared: true });
  await ledger.told([], 'message', [{ encodeServerId: 's1', serverId: 'h1', why }]);
  return { ledger, clock: { now: () => T0 } } as unknown as World;
}

it('what people were told a moment ago is no news, though an older run that is not reported yet says otherwise', async () => {
  const world = await worldThatTold('attempts/handed_over');
  expect(await isNews(heldRun(HANDED_OVER), world, [heldRun(COOLING)])).toBe(false);
});

it('what a run that is not reported yet will tell is no news', async () => {
  const world = await worldThatTold('storm/storm');
  expect(await isNews(heldRun(COOLING), world, [heldRun(COOLING)])).toBe(false);
});

it('what neither people know nor a pending report says is news', async () => {
  const world = await worldThatTold('storm/storm');
  expect(await isNews(heldRun(HANDED_OVER), world, [heldRun(COOLING)])).toBe(true);
});
