/**
 * The ledger that all instances share, in Redis: every step is one script, so nothing comes in between, unless it is
 * about thousands of servers: then each script has some of them. All keys begin with one hash tag and lie in one slot.
 * Nothing in it expires by itself: deadlines are values, compared with the `now` that is handed in (connect.ts hands in
 * Redis's own time).
 */

import type { Letter } from '../../messages.ts';
import { type EpochMs, epochMs } from '../../time.ts';
import type { Pause, Run, Target } from '../../types.ts';
import type { Ledger } from '../ledger.ts';
import { claimAnswer, claimArguments } from './claim.ts';
import type { Argument, RedisClient } from './client.ts';
import { packId } from './pack.ts';
import { fleetLooksOf, recollectionOf } from './recollection.ts';
import { isNothing, json, list, number, type Reply, text } from './reply.ts';
import { type IsThere, packRun, unpackRun } from './run.ts';
import { savedRuns } from './saved.ts';
import type { Script } from './script.ts';
import * as steps from './steps/index.ts';

/** So many servers in one script: of a hundred thousand at once, nobody else would be answered for seconds. */
const AT_ONCE = 2_500;

/** `tag`: what keeps this ledger's keys apart from those of others, `<region>:<project>:<stage>`. */
export function redisLedger({ client, tag }: { client: RedisClient; tag: string }): Ledger {
  const key = `{${tag}}:m`;
  // In one list: a fleet is more than a call takes as arguments.
  const take = (script: Script, args: readonly Argument[] = []): Promise<Reply> =>
    client.run(script, key, args);
  const isDone = async (script: Script, args: readonly Argument[]) => (await take(script, args)) === 1;
  const saved = savedRuns();
  const runs = (reply: Reply): readonly Run[] => list(reply).map(unpackRun);

  return {
    shared: true,
    async delivered(deliveryId, now) {
      const runId = await take(steps.delivered, [deliveryId, now]);
      return isNothing(runId) ? undefined : text(runId);
    },
    open: (run, now) => isDone(steps.open, [run.runId, run.request.deliveryId, now, ...packRun(run)]),
    join(runId, deliveryId, targets, now) {
      const left = targets.flatMap((target) => [packId(target.encodeServerId), JSON.stringify(target)]);
      return isDone(steps.join, [runId, deliveryId, now, targets.length, ...left]);
    },
    async run(runId) {
      const run = await take(steps.run, [runId]);
      return isNothing(run) ? undefined : unpackRun(run);
    },
    unfinishedRuns: async () => runs(await take(steps.unfinishedRuns)),
    runsSince: async (since, limit) => runs(await take(steps.runsSince, [since, limit])),

    async lease(runId, now) {
      const token = await take(steps.lease, [runId, now]);
      return isNothing(token) ? undefined : { runId, token: number(token) };
    },
    async renew({ runId, token }, now) {
      await take(steps.renew, [runId, token, now]);
    },
    async release({ runId, token }) {
      await take(steps.release, [runId, token]);
    },
    async joined({ runId, token }) {
      return list(await take(steps.joined, [runId, token])).map((target) => json<Target>(target));
    },
    async save(run, lease) {
      const { runId, token } = lease;
      const isThere = saved.isThere(lease);
      let basis: Argument = saved.basis(lease) ?? '';
      saved.forget(lease);
      let news = [...packRun(run, isThere), ...ends(run, isThere)];
      let answer = await take(steps.save, [runId, token, basis, 0, ...news]);
      if (isWord(answer, steps.WHOLE_WANTED)) {
        basis = '';
        news = [...packRun(run), ...ends(run)];
        answer = await take(steps.save, [runId, token, basis, 0, ...news]);
      }
      if (isWord(answer, steps.IDS_WANTED)) {
        const ids = run.targets.map(({ encodeServerId }) => packId(encodeServerId));
        answer = await take(steps.save, [runId, token, basis, 1, ...news, ids.length, ...ids]);
      }
      saved.saved(lease, number(answer), run.targets);
    },
    async told(runIds, reportedAs, held, letter) {
      const [first = [], ...others] = inParts(held);
      const marked = (part: typeof held) => [
        part.length,
        ...part.flatMap(({ why, ...server }) => [...located(server), why]),
      ];
      const letters = letter === undefined ? [0] : [1, ...written(letter)];
      // The letter first: what is not marked when an instance dies here is told again, not left out.
      await take(steps.told, [reportedAs, runIds.length, ...runIds, ...marked(first), ...letters]);
      for (const part of others) await take(steps.told, [reportedAs, 0, ...marked(part), 0]);
    },

    async recall(encodeServerIds, now) {
      const [first = [], ...others] = inParts(encodeServerIds);
      const [records = [], ...rest] = list(await take(steps.recall, [now, ...counted(first)]));
      const all = [...list(records)];
      for (const part of others)
        for (const one of list(await take(steps.records, counted(part)))) all.push(one);
      return recollectionOf([all, ...rest], now);
    },
    async claim(request) {
      const { lease, servers } = request;
      saved.claimed(
        lease,
        servers.map(({ encodeServerId }) => encodeServerId),
      );
      return claimAnswer(request, await take(steps.claim, claimArguments(request)));
    },
    async giveBack({ runId, token }, encodeServerIds) {
      await take(steps.giveBack, [runId, token, ...counted(encodeServerIds)]);
    },
    async seenWell(encodeServerIds, now, wellFor) {
      for (const part of inParts(encodeServerIds))
        await take(steps.seenWell, [now, wellFor, ...counted(part)]);
    },
    async seenAbnormal(servers, now) {
      await take(steps.seenAbnormal, [now, servers.length, ...servers.flatMap(located)]);
    },
    async handOver(encodeServerIds, why, now) {
      for (const part of inParts(encodeServerIds)) await take(steps.handOver, [now, why, ...counted(part)]);
    },
    acknowledge: async (encodeServerIds) => number(await take(steps.acknowledge, counted(encodeServerIds))),

    async pause(pause) {
      await take(steps.pause, [pause.until, JSON.stringify(pause)]);
    },
    async resume() {
      const pause = await take(steps.resume);
      return isNothing(pause) ? undefined : json<Pause>(pause);
    },
    async exclude(id, exclusion) {
      await take(steps.exclude, [packId(id), JSON.stringify(exclusion)]);
    },
    include: (id) => isDone(steps.include, [packId(id)]),

    post: (letter) => isDone(steps.post, written(letter)),
    unsent: async () => list(await take(steps.unsent)).map((letter) => json<Letter>(letter)),
    async sent(letterId) {
      await take(steps.sent, [letterId]);
    },
    async undeliverable(letterId) {
      await take(steps.undeliverable, [letterId]);
    },
    undeliverableSince: async (since) => number(await take(steps.undeliverableSince, [since])),
    once: (what, every, now) => isDone(steps.once, [what, every, now]),
    async since(what, isSo, now) {
      const since = await take(steps.since, [what, isSo ? 1 : 0, now]);
      return isNothing(since) ? undefined : epochMs(number(since));
    },

    sawFleet: async (count, now) => fleetLooksOf(text(await take(steps.sawFleet, [count, now]))),
    async sawStorm(isStorm, now) {
      await take(steps.sawStorm, [isStorm ? 1 : 0, now]);
    },
  };
}

function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, index) =>
    items.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
}

const isWord = (reply: Reply, word: string): boolean => typeof reply !== 'number' && text(reply) === word;

const counted = (ids: readonly string[]): readonly Argument[] => [ids.length, ...ids.map(packId)];

const written = (letter: Letter): readonly Argument[] => [
  letter.letterId,
  letter.writtenAt,
  JSON.stringify(letter),
];

const located = (server: { encodeServerId: string; serverId: string }): readonly Argument[] => [
  packId(server.encodeServerId),
  packId(server.serverId),
];

/** What the servers of a run's ended targets will remember: how many, then id, well or not, handed over when and why. */
function ends({ targets }: Run, isThere: IsThere = () => false): readonly Argument[] {
  const news = targets.filter((target, index) => !isThere(target, index));
  const ended = news.flatMap(({ encodeServerId, progress }) => {
    switch (progress.state) {
      case 'recovered':
      case 'not_recovered':
      case 'rejected':
      case 'unconfirmed': {
        const isWell = progress.state === 'recovered' ? 1 : 0;
        const since: EpochMs | '' = progress.handedOver ? progress.endedAt : '';
        const why = `${progress.attempt.number} attempts without recovery`;
        return [packId(encodeServerId), isWell, since, why];
      }
      default:
        return [];
    }
  });
  return [ended.length / 4, ...ended];
}
