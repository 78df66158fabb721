/** What a look shows is of now, however long it took. */
import { expect, it } from 'vitest';
import type { Cph } from '../../../lib/huawei/cph.ts';
import { memoryLedger } from '../../../lib/ledger/memory.ts';
import { look } from '../../../lib/run/look.ts';
import type { World } from '../../../lib/run/world.ts';
import { type DurationMs, seconds } from '../../../lib/time.ts';
import { virtualClock } from '../../../local/clock.ts';
import { NOW, settings, target } from '../guards/support.ts';
import { on, run } from './looks.ts';

/** One abnormal server, whose host takes so long to be shown; how often it was asked what is abnormal, and what showed. */
async function looked(hostTakes: DurationMs) {
  const clock = virtualClock(NOW);
  let asked = 0;
  const cph = {
    async listEncodeServers({ status }: { readonly status?: number } = {}) {
      if (status === 2) asked += 1;
      // The second answer has one more.
      const also = status === 2 && asked === 2 ? [on('h2', 's9', 'abnormal')] : [];
      return [on('h1', 's1', 'abnormal'), ...also];
    },
    async showHost(serverId: string) {
      await clock.sleep(hostTakes);
      return { serverId, status: 5 };
    },
    listScheduledEvents: async () => [],
    encodeServerExistsAt: async () => false,
  } as unknown as Cph;
  const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  const world = { clock, cph, ledger: memoryLedger({ shared: true }), settings: settings({}), log: silent };
  const sight = await look(
    run([target({ encodeServerId: 's1', serverId: 'h1' })]),
    world as unknown as World,
  );
  return { asked, troubled: [...(sight.troubled?.keys() ?? [])] };
}

it('asks again what is abnormal when its hosts took longer than that may be old', async () => {
  expect(await looked(seconds(30))).toEqual({ asked: 1, troubled: ['s1'] });
  expect(await looked(seconds(90))).toEqual({ asked: 2, troubled: ['s1', 's9'] });
});
