/** Broken engines and ledgers that the crash table has to find: each stands where the real one would. */
import type { ClaimAnswer, Ledger } from '../../../lib/ledger/ledger.ts';
import type { LocalPlatform } from '../../../local/ground.ts';

type Plant = (platform: LocalPlatform) => LocalPlatform;

const onLedger =
  (change: (ledger: Ledger) => Partial<Ledger>): Plant =>
  (platform) => ({ ...platform, ledger: { ...platform.ledger, ...change(platform.ledger) } });

/** As an engine that calls without having asked: nothing is written down. */
export const sendsWithoutClaim = onLedger(() => ({
  claim: async ({ servers }): Promise<ClaimAnswer> => ({
    granted: servers.map(({ encodeServerId }) => ({ encodeServerId, number: 1 })),
    refused: [],
  }),
}));

/** Nobody is told of a pause, and no claim asks for one. */
export const knowsNoPause = onLedger((ledger) => ({
  async recall(ids, now) {
    const { pause: _, ...rest } = await ledger.recall(ids, now);
    return rest;
  },
  async claim(request) {
    const pause = await ledger.resume();
    const answer = await ledger.claim(request);
    if (pause !== undefined) await ledger.pause(pause);
    return answer;
  },
}));

/** Intents are kept, but nobody is told of those that others left. */
export const forgetsIntents = onLedger((ledger) => ({
  recall: async (ids, now) => ({ ...(await ledger.recall(ids, now)), inFlight: [] }),
}));

/** Takes what a dead driver claimed for never sent. */
export const givesBackWhatTheDeadClaimed = onLedger((ledger) => ({
  async lease(runId, now) {
    const lease = await ledger.lease(runId, now);
    if (lease === undefined || lease.token === 1) return lease;
    const { inFlight } = await ledger.recall([], now);
    const left = inFlight.filter((intent) => intent.runId === runId);
    await ledger.giveBack(
      lease,
      left.map(({ encodeServerId }) => encodeServerId),
    );
    return lease;
  },
}));

/** A lease ends when its holder says so, and not with its holder. */
export const leasesForEver = onLedger((ledger) => {
  const held = new Set<string>();
  return {
    async lease(runId, now) {
      if (held.has(runId)) return undefined;
      const lease = await ledger.lease(runId, now);
      if (lease !== undefined) held.add(runId);
      return lease;
    },
    async release(lease) {
      held.delete(lease.runId);
      await ledger.release(lease);
    },
  };
});

/** The outbox believes that a letter is sent as soon as somebody has taken it up. */
export const believesItIsSent = onLedger((ledger) => ({
  async unsent() {
    const letters = await ledger.unsent();
    for (const { letterId } of letters) await ledger.sent(letterId);
    return letters;
  },
}));
