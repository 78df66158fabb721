/** An instance that is frozen in the middle of a look does not act on what it saw before. */
import { expect, it } from 'vitest';
import type { Cph } from '../../../lib/huawei/cph.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { carry } from '../../../lib/run/carry.ts';
import type { World } from '../../../lib/run/world.ts';
import { after, between, type Clock, type DurationMs, minutes, seconds } from '../../../lib/time.ts';
import { virtualClock } from '../../../local/clock.ts';
import { NOW, settings, target } from '../guards/support.ts';
import { on, run } from './looks.ts';

/**
 * One abnormal server. Its instance stands still for so long just after it saw the host in service, the first so many
 * times; after the first look the host is out of service. What was restarted, how often the host was shown, and when an
 * invocation of four minutes came back.
 */
async function frozenFor(span: DurationMs, times = 1) {
  const clock = virtualClock(NOW);
  let frozen: Promise<void> | undefined;
  // No timer of an instance that stands still rings.
  const instance: Clock = {
    ...clock,
    sleep: async (time, signal) => clock.sleep(time, signal).then(() => frozen),
  };
  const restarted: string[] = [];
  let shown = 0;
  const cph = {
    listEncodeServers: async () => [on('h1', 's1', 'abnormal')],
    async showHost(serverId: string) {
      shown += 1;
      const status = shown === 1 ? 5 : 8;
      if (shown > times) return { serverId, status };
      frozen = clock.sleep(span);
      await frozen;
      return { serverId, status };
    },
    listScheduledEvents: async () => [],
    async batchRestart(ids: readonly string[]) {
      restarted.push(...ids);
      return { requestId: 'r1', items: [] };
    },
    listJobs: async () => [],
  } as unknown as Cph;
  const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  const ledger = memoryLedger({ shared: true });
  const world = { clock: instance, cph, ledger, settings: settings({ settle: '0s' }), log: silent };
  const opened = run([target({ encodeServerId: 's1', serverId: 'h1' })]);
  await ledger.open(opened, NOW);
  const lease = await ledger.lease(opened.runId, NOW);
  if (lease === undefined) throw new Error('nobody else drives this run');
  const until = after(NOW, minutes(4));
  const left = await carry(opened, lease, world as unknown as World, {
    work: until,
    answer: until,
    word: until,
  });
  return { restarted, shown, state: left.state, took: between(NOW, clock.now()) };
}

it('looks again when it was frozen for longer than its lease lasts', async () => {
  const { restarted, shown } = await frozenFor(seconds(70));
  expect(restarted).toEqual([]);
  expect(shown).toBeGreaterThan(1);
});

it('acts on a look that only took a while', async () => {
  expect((await frozenFor(seconds(20))).restarted).toEqual(['s1']);
});

it('leaves the run to the next invocation when each of its looks stands still', async () => {
  const { restarted, shown, state, took } = await frozenFor(seconds(41), 1_000);
  expect([restarted, shown, state]).toEqual([[], 6, 'running']);
  expect(took).toBeLessThan(minutes(5));
});
