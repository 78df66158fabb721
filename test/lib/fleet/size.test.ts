import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureFleet, serversOf } from '../../../lib/fleet/size.ts';
import { on } from '../run/looks.ts';

it('measures a fleet of any size with about twice its logarithm of calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), async (size) => {
      let calls = 0;
      const encodeServerExistsAt = async (offset: number) => {
        calls += 1;
        return offset < size;
      };
      expect(await measureFleet({ encodeServerExistsAt })).toBe(size);
      expect(calls).toBeLessThanOrEqual(2 * Math.log2(size + 1) + 3);
    }),
  );
});

it('counts whom ids stand for once: all servers of a host, and a server by its own id', async () => {
  const hosts: Readonly<Record<string, readonly string[]>> = { h1: ['s1', 's2'] };
  const listEncodeServers = async ({ serverId = '' }: { readonly serverId?: string } = {}) =>
    (hosts[serverId] ?? []).map((id) => on(serverId, id, 'running'));
  const servers = await serversOf(['h1', 's2', 's9', 's9'], { listEncodeServers });
  expect([...servers].sort()).toEqual(['s1', 's2', 's9']);
});
