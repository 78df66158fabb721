/** Between an instance and the world: writes into the book what passes, also when its instance is dead by then. */
import type { HttpRequest, Transport } from '../../lib/huawei/transport.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { Clock } from '../../lib/time.ts';
import { type Book, gaveBack, granted, type Looker, saved } from './book.ts';
import { judgeAnswer, judgeCall, judgeClaim, statusOf } from './judge.ts';
import { askedFor, operationOf, refusedIn } from './operation.ts';

export function watchedLedger(ledger: Ledger, by: Looker, book: Book, { now }: Pick<Clock, 'now'>): Ledger {
  return {
    ...ledger,
    async open(run, at) {
      const isNew = await ledger.open(run, at);
      if (isNew) saved(book, run);
      return isNew;
    },
    async claim(request) {
      const answer = await ledger.claim(request);
      const status = (id: string) => statusOf(book, id, now());
      granted(book, by, request, answer, status, (claim) => judgeClaim(book, claim, now()));
      return answer;
    },
    async giveBack(lease, ids) {
      await ledger.giveBack(lease, ids);
      gaveBack(book, lease.runId, ids);
    },
    async save(run, lease) {
      await ledger.save(run, lease);
      saved(book, run);
    },
  };
}

export function watchedTransport(
  transport: Transport,
  by: Looker,
  book: Book,
  { now }: Pick<Clock, 'now'>,
): Transport {
  return { close: () => transport.close(), send };

  async function send(request: HttpRequest) {
    const operation = operationOf(request);
    const ids = operation === 'RestartEncodeServer' ? askedFor(request) : [];
    if (ids.length > 0) judgeCall(book, by, ids, now());
    const answer = await transport.send(request).catch((error: unknown) => {
      judgeAnswer(book, by, ids, NOBODY);
      throw error;
    });
    if (ids.length > 0) judgeAnswer(book, by, ids, refusedIn(answer.status, answer.body, ids));
    if (operation === 'ListEncodeServers' && answer.status === 200) by.lookedAt = now();
    return answer;
  }
}

const NOBODY: ReadonlySet<string> = new Set();
