/** Judges planned work: it goes in rounds of 1, 2, 4, …, and leaves a host alone on which another is unwell (I2). */
import type { EpochMs } from '../../lib/time.ts';
import { type Book, type Claim, violate, type Witness } from './book.ts';
import { stillTroubled } from './shown.ts';

const RESTARTING = 3;

export function judgeRolling(book: Book, claim: Claim, now: EpochMs): void {
  judgeRound(book, claim, now);
  judgeNeighbours(book, claim, now);
}

function judgeRound(book: Book, { id, runId }: Claim, now: EpochMs): void {
  const ofRun = book.claims.filter((claim) => claim.runId === runId);
  // Repair that came back is no part of a round; who of them was repair the run may have seen otherwise.
  const recovered = ofRun.filter((claim) => claim.recovered).length;
  const round = 2 ** Math.floor(Math.log2(recovered + 1));
  const open = ofRun.filter(({ rolls, state }) => rolls && state === 'open').length;
  if (open < round) return;
  violate(book, 'I2', `${id} is claimed with ${open} of its round in flight, allowed are ${round}`, now);
}

function judgeNeighbours(book: Book, { id, serverId, witness }: Claim, now: EpochMs): void {
  const others = [...book.model.servers].flatMap(([other, { row }]) =>
    row.server_id === serverId && other !== id ? [other] : [],
  );
  const lists = witness.lists.map((list) => stillTroubled(book, witness, list));
  for (const other of others) {
    const isTroubled = lists.length > 0 && lists.every((list) => list.has(other));
    if (!isTroubled && !isRestarting(witness, other)) continue;
    const what = isTroubled ? 'abnormal' : 'restarting';
    violate(book, 'I2', `${id} is claimed as planned work while ${other} on its host is ${what}`, now);
  }
}

/** As every look showed it, and none of them failed: whichever the run goes by. */
function isRestarting({ servers, blindAt }: Witness, id: string): boolean {
  const shown = servers.get(id);
  return shown?.status === RESTARTING && shown.always && blindAt === undefined;
}
