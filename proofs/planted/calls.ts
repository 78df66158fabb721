/** Engines that call for restarts when they must not. */
import { inFile, type Planted } from './planted.ts';

const act = inFile('lib/run/act.ts');

export const CALLS: readonly Planted[] = [
  {
    name: 'claim-after-call',
    does: 'calls first, and asks the ledger afterwards',
    changes: [
      act(
        `  const { claimedAt, attempts, refusals } = await claim(run, lease, batch, sight, world);
  const ids = [...attempts.keys()];
  const call = ids.length === 0 ? undefined : await callOnce(ids, claimedAt, world);`,
        `  const ids = batch.map(({ target }) => target.encodeServerId);
  const call = await callOnce(ids, clock.now(), world);
  const { attempts, refusals } = await claim(run, lease, batch, sight, world);`,
      ),
    ],
  },
  {
    name: 'retry-at-once',
    does: 'calls a second time when the answer is lost',
    changes: [
      act(
        '    return { answer: await cph.batchRestart(ids) };',
        `    return {
      answer: await cph.batchRestart(ids).catch((error: HuaweiError) => {
        if (error.kind !== 'lost') throw error;
        return cph.batchRestart(ids);
      }),
    };`,
      ),
    ],
  },
  {
    name: 'retry-later',
    does: 'gives the claim back when the answer is lost, and tries again',
    changes: [
      act(
        `      return { progress: { state: 'unknown', attempt: { ...attempt, error }, since: now } };`,
        '      return { progress: { ...waiting, turnedAway: 1 }, giveBack: true };',
      ),
    ],
  },
  {
    name: 'late-call',
    does: 'makes its call however long ago it was claimed',
    changes: [act('if (between(claimedAt, clock.now()) > SEND_WITHIN) {', 'if (claimedAt < 0) {')],
  },
  {
    name: 'old-look',
    does: 'acts on what it saw however long ago',
    changes: [
      inFile('lib/run/carry.ts')(
        'return isAnswered && now < current.endsAt && between(lookedAt, now) <= ACT_WITHIN;',
        'return isAnswered && now < current.endsAt && lookedAt <= now + ACT_WITHIN;',
      ),
      inFile('lib/run/claims.ts')('if (between(sight.at, claimedAt) > ACT_WITHIN) {', 'if (claimedAt < 0) {'),
    ],
  },
];
