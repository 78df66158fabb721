/** Deciding about the largest fleets. */
import { expect, it } from 'vitest';
import { decide } from '../../../lib/run/decide.ts';
import { seconds } from '../../../lib/time.ts';
import { hence, NOW, settings } from '../guards/support.ts';
import { idsOf, many, on, run, sight, waiting } from './looks.ts';

it('a run of 120,000 targets is decided, whether few of their hosts were looked at or all', () => {
  const all = many(120_000, waiting);
  const fleet = { measuredAt: NOW, total: all.length, excluded: new Set<string>(), eligible: all.length };
  const servers = all.map(({ serverId, encodeServerId }) => on(serverId, encodeServerId, 'running'));
  for (const shown of [servers.slice(0, 40), servers]) {
    const { run: next, batches, lookAt } = decide(run(all), sight(shown, { fleet }), settings(), NOW);
    expect([next.state, idsOf(batches), lookAt]).toEqual(['running', ['s0'], hence(seconds(5))]);
  }
});
