/** What goes on beside restarts in a random history: deliveries, letters, exclusions, looks at the fleet. */
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import type { Letter } from '../../../lib/messages.ts';
import { between, type EpochMs, hours } from '../../../lib/time.ts';
import type { FleetLooks, Target } from '../../../lib/types.ts';
import type { Drivers } from './drivers.ts';
import { agree, letter, run, waiting } from './given.ts';
import type { Step } from './steps.ts';

const isOfToday = (then: EpochMs, now: EpochMs) => between(then, now) < hours(24);

export function asideOf(ledger: Ledger, { drive }: Drivers) {
  const deliveries = new Map<string, { readonly runId: string; readonly at: EpochMs }>();
  const left = new Map<string, readonly Target[]>();
  const letters = new Map<string, { readonly letter: Letter; isSent: boolean }>();
  const excluded = new Set<string>();
  let looks: FleetLooks = [];
  let opened = 0;

  const runOf = (deliveryId: string, now: EpochMs) => {
    const delivery = deliveries.get(deliveryId);
    return delivery !== undefined && isOfToday(delivery.at, now) ? delivery.runId : undefined;
  };

  return Object.assign(goOn, {
    isExcluded: (...ids: readonly string[]): boolean => ids.some((id) => excluded.has(id)),
    /** The driver has them now: nothing is left for it to take in. */
    saved(runId: string, ids: readonly string[]): void {
      left.set(
        runId,
        (left.get(runId) ?? []).filter(({ encodeServerId }) => !ids.includes(encodeServerId)),
      );
    },
  });

  async function goOn({ what, ...step }: Step, now: EpochMs): Promise<void> {
    const { key, runId } = step;
    const [id] = step.servers;
    switch (what) {
      case 'open': {
        opened += 1;
        const next = run(`opened ${opened}`, { deliveryId: key, openedAt: now });
        const known = runOf(key, now);
        agree(await ledger.delivered(key, now), known);
        agree(await ledger.open(next, now), known === undefined, 'a delivery has one run');
        if (known === undefined) deliveries.set(key, { runId: next.runId, at: now });
        return;
      }
      case 'join': {
        const known = runOf(key, now);
        const targets = step.servers.map(waiting);
        agree(await ledger.join(runId, key, targets, now), known === undefined);
        if (known !== undefined) return;
        deliveries.set(key, { runId, at: now });
        left.set(runId, [...(left.get(runId) ?? []), ...targets]);
        return;
      }
      case 'take joined': {
        const taken = await drive({ ...step, what }, now, (lease) => ledger.joined(lease));
        if (taken === undefined) return;
        agree(taken, left.get(runId) ?? [], 'what joined is there until the driver has saved it');
        return;
      }
      case 'post': {
        const next = letter(key, now);
        const earlier = letters.get(key)?.letter.writtenAt;
        const isNews = earlier === undefined || !isOfToday(earlier, now);
        agree(await ledger.post(next), isNews, 'the same news is written once a day');
        if (isNews) letters.set(key, { letter: next, isSent: false });
        break;
      }
      case 'send': {
        await ledger.sent(key);
        const kept = letters.get(key);
        if (kept !== undefined) kept.isSent = true;
        break;
      }
      case 'exclude':
        if (id === undefined) return;
        await ledger.exclude(id, { who: 'Zhao', why: key, since: now });
        excluded.add(id);
        break;
      case 'include':
        if (id !== undefined) agree(await ledger.include(id), excluded.delete(id));
        break;
      case 'see fleet': {
        const last = looks.at(-1);
        const isDue = last === undefined || between(last.at, now) >= hours(1);
        looks = (isDue ? [...looks, { at: now, count: step.troubled.length }] : looks).slice(-9);
        agree(await ledger.sawFleet(step.troubled.length, now), looks);
        return;
      }
      default:
        return;
    }
    const unsent = [...letters.values()].flatMap(({ letter: kept, isSent }) => (isSent ? [] : [kept]));
    agree((await ledger.unsent()).toSorted(byId), unsent.toSorted(byId));
    agree(new Set((await ledger.recall([], now)).exclusions.keys()), excluded);
  }
}

const byId = (a: Letter, b: Letter) => (a.letterId < b.letterId ? -1 : 1);
