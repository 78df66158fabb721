/** Random histories of everything that can happen to a ledger, each step held against the laws of model.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { after, type EpochMs, minutes } from '../../../lib/time.ts';
import { tries } from '../../support/fuzz.ts';
import { asideOf } from './aside.ts';
import { driversOf } from './drivers.ts';
import { accepted, agree, ended, givenUp, type MakeLedger, NOW, run } from './given.ts';
import { claim, type World } from './judged-claim.ts';
import { end, noHistory, openUnder, seenAbnormal, seenWell, takenBack } from './model.ts';
import { expected, recalled } from './recollections.ts';
import { hostOf, RUNS, SERVERS, type Step, step } from './steps.ts';

const LAWS = [
  'attempts_used',
  'concurrency_limit',
  'cooldown',
  'handed_over',
  'host_busy',
  'excluded',
  'host_limit',
  'in_flight',
  'paused',
  'storm',
  'unavailable_limit',
];

export const histories = (make: MakeLedger) =>
  describe('in any history', () => {
    it('what is granted breaks no law and what is refused would; what is recalled is what happened', async () => {
      const met = new Set<string>();
      const steps = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
      await fc.assert(
        fc.asyncProperty(steps, async (taken) => play(await make(), taken, met)),
        { numRuns: tries(60) },
      );
      // Of what the histories never met they would have proved nothing.
      const all = [...LAWS, 'granted', 'overridden', 'lease lost', 'not driven'];
      expect([...met].sort()).toEqual(all.sort());
    });
  });

async function play(ledger: Ledger, steps: readonly Step[], met: Set<string>): Promise<void> {
  const drivers = driversOf(ledger, met);
  const world = { ledger, history: noHistory(), drivers, aside: asideOf(ledger, drivers), met };
  for (const runId of RUNS) await ledger.open(run(runId), NOW);
  let now = NOW;
  for (const next of steps) {
    now = after(now, next.passes);
    await take(next, now, world);
    const seen = await ledger.recall(SERVERS, now);
    agree(recalled(seen, SERVERS, now), expected(world.history, SERVERS, now));
  }
}

async function take(next: Step, now: EpochMs, world: World): Promise<void> {
  const { ledger, history, drivers } = world;
  const { what, runId, servers } = next;
  const located = servers.map((encodeServerId) => ({ encodeServerId, serverId: hostOf(encodeServerId) }));
  const concerned = next.isOwn ? openUnder(history, runId).slice(0, 1 + next.troubled.length) : servers;
  switch (what) {
    case 'claim':
      return claim(next, now, world);
    case 'end':
      return save(next, concerned, now, world);
    case 'give back':
      await drivers.drive(next, now, async (lease) => {
        await ledger.giveBack(lease, concerned);
        for (const id of concerned) end(history, runId, id, 'given back');
      });
      return;
    case 'lease':
    case 'renew':
    case 'release':
      return drivers[what](next, now);
    case 'pause':
      history.pausedUntil = after(now, minutes(20));
      return ledger.pause({ who: 'Wang', why: next.key, until: history.pausedUntil });
    case 'resume':
      agree((await ledger.resume())?.until, history.pausedUntil);
      delete history.pausedUntil;
      return;
    case 'see well':
      for (const id of new Set(servers)) seenWell(history, id, now, minutes(10));
      return ledger.seenWell(servers, now, minutes(10));
    case 'see abnormal':
      seenAbnormal(history, servers, SERVERS, now);
      return ledger.seenAbnormal(located, now);
    case 'see storm':
      if (!next.isStorm) delete history.storm;
      else history.storm ??= { since: now, round: { startedAt: now, size: 1 } };
      return ledger.sawStorm(next.isStorm, now);
    case 'hand over': {
      // Nobody hands over a server of which nothing is known.
      const known = servers.filter((id) =>
        history.grants.some(({ encodeServerId }) => encodeServerId === id),
      );
      for (const id of known) if (!history.handedOver.has(id)) history.handedOver.set(id, now);
      return ledger.handOver(known, next.key, now);
    }
    case 'take back': {
      const theirs = [...new Set(servers)].filter((id) => history.handedOver.has(id));
      for (const id of theirs) takenBack(history, id);
      agree(await ledger.acknowledge(servers), theirs.length);
      return;
    }
    case 'tell':
      for (const id of servers) history.told.set(id, next.key);
      return ledger.told(
        [],
        'm1',
        located.map((server) => ({ ...server, why: next.key })),
      );
    default:
      return world.aside(next, now);
  }
}

/** A run is saved: with an outcome that ends what it has in flight, or with none yet, which ends nothing. */
async function save(next: Step, ids: readonly string[], now: EpochMs, world: World): Promise<void> {
  const { ledger, history, drivers } = world;
  const targets = ids.map((id) => {
    if (next.end === 'not yet') return accepted(id);
    return next.end === 'given up' ? givenUp(id, now) : ended(id, next.end, now);
  });
  await drivers.drive(next, now, async (lease) => {
    await ledger.save(run(next.runId, { targets }), lease);
    world.aside.saved(next.runId, ids);
    if (next.end === 'not yet') return;
    const [how, handsOver] = next.end === 'given up' ? ['not_recovered' as const, now] : [next.end];
    for (const id of ids) end(history, next.runId, id, how, handsOver);
  });
}
