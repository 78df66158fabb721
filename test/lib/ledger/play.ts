/** A random history on a ledger without anyone judging it: what it answered, and what it remembers in the end. */
import type { ClaimAnswer, Ledger } from '../../../lib/ledger/ledger.ts';
import { after, before, type EpochMs, hours, minutes } from '../../../lib/time.ts';
import type { Lease } from '../../../lib/types.ts';
import { accepted, ended, givenUp, letter, NOW, overriding, run, STORM, waiting } from './given.ts';
import { hostOf, RUNS, SERVERS, type Step } from './steps.ts';

export async function playOut(ledger: Ledger, steps: readonly Step[]) {
  const leases = new Map<string, Lease[]>();
  const answers: unknown[] = [];
  for (const runId of RUNS) await ledger.open(run(runId), NOW);
  let now = NOW;
  for (const [index, step] of steps.entries()) {
    now = after(now, step.passes);
    const answer = take(ledger, step, leases, index, now);
    // That a driver lost its run is an answer too.
    answers.push(await answer.catch((error: { code?: string }) => error.code ?? error));
  }
  return { answers, state: await stateOf(ledger, leases, now) };
}

async function take(
  ledger: Ledger,
  step: Step,
  leases: Map<string, Lease[]>,
  index: number,
  now: EpochMs,
): Promise<unknown> {
  const { runId, servers, key } = step;
  const located = servers.map((id) => ({ encodeServerId: id, serverId: hostOf(id) }));
  const [id = 's0'] = servers;
  const lease = async () => {
    const taken = await ledger.lease(runId, now);
    if (taken !== undefined) leases.set(runId, [...(leases.get(runId) ?? []), taken]);
    return taken;
  };
  const driver = async (): Promise<Lease> => {
    if (!leases.has(runId)) await lease();
    const known = leases.get(runId);
    return (step.byFirstDriver ? known?.[0] : known?.at(-1)) ?? { runId, token: 0 };
  };
  switch (step.what) {
    case 'claim': {
      const override = step.guards.length === 0 ? {} : overriding(...step.guards);
      const asked = located.map((server) => ({ ...server, planned: step.planned, ...override }));
      const storm = step.isStorm ? { storm: STORM } : {};
      const { limits, troubled } = step;
      return comparable(
        await ledger.claim({ lease: await driver(), now, servers: asked, limits, troubled, ...storm }),
      );
    }
    case 'end': {
      const { end } = step;
      const targets = servers.map((one) => {
        if (end === 'not yet') return accepted(one);
        return end === 'given up' ? givenUp(one, now) : ended(one, end, now);
      });
      return ledger.save(run(runId, { targets }), await driver());
    }
    case 'give back':
      return ledger.giveBack(await driver(), servers);
    case 'lease':
      return lease();
    case 'renew':
      return ledger.renew(await driver(), now);
    case 'release':
      return ledger.release(await driver());
    case 'take joined':
      return ledger.joined(await driver());
    case 'see well':
      return ledger.seenWell(servers, now, minutes(10));
    case 'see abnormal':
      return ledger.seenAbnormal(located, now);
    case 'see storm':
      return ledger.sawStorm(step.isStorm, now);
    case 'see fleet':
      return ledger.sawFleet(step.troubled.length, now);
    case 'hand over':
      return ledger.handOver(servers, key, now);
    case 'pause':
      return ledger.pause({ who: 'Wang', why: key, until: after(now, minutes(20)) });
    case 'resume':
      return ledger.resume();
    case 'exclude':
      return ledger.exclude(id, { who: 'Zhao', why: key, since: now });
    case 'include':
      return ledger.include(id);
    case 'take back':
      return ledger.acknowledge(servers);
    case 'tell':
      return ledger.told(
        [runId],
        key,
        located.map((server) => ({ ...server, why: key })),
        ...(step.isStorm ? [letter(key, now)] : []),
      );
    case 'open':
      return ledger.open(run(`opened ${index}`, { deliveryId: key, openedAt: now, state: 'done' }), now);
    case 'join':
      return ledger.join(runId, key, servers.map(waiting), now);
    case 'post':
      return ledger.post(letter(key, now));
    case 'send':
      return step.isStorm ? ledger.undeliverable(key) : ledger.sent(key);
  }
}

/** Which other server of the host stands in the way is not promised, only that one does. */
const comparable = ({ granted, refused }: ClaimAnswer) => ({
  granted,
  refused: refused.map(({ encodeServerId, hold }) => {
    const { reason } = hold;
    return reason.code === 'host_busy' ? { encodeServerId, hold: 'host_busy' } : { encodeServerId, hold };
  }),
});

/** All that can be asked of a ledger; where no order is promised, in one. */
async function stateOf(ledger: Ledger, leases: ReadonlyMap<string, readonly Lease[]>, now: EpochMs) {
  const { inFlight, ...recalled } = await ledger.recall(SERVERS, now);
  const drivers = [...leases.values()].flatMap((all) => all.slice(-1));
  return {
    ...recalled,
    inFlight: sorted(inFlight),
    unfinished: sorted(await ledger.unfinishedRuns()),
    recent: sorted(await ledger.runsSince(before(now, hours(9_999)), 9_999)),
    runs: await Promise.all(RUNS.map((runId) => ledger.run(runId))),
    deliveries: await Promise.all(['x', 'y'].map((key) => ledger.delivered(key, now))),
    joined: await Promise.all(drivers.map((lease) => ledger.joined(lease))),
    unsent: sorted(await ledger.unsent()),
    undeliverable: await ledger.undeliverableSince(before(now, hours(24))),
    once: [await ledger.once('digest', hours(1), now), await ledger.once('digest', hours(1), now)],
  };
}

const sorted = <Item>(items: readonly Item[]): readonly Item[] =>
  items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
