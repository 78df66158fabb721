/** Where the ledger of a history is kept: in memory, or in a Redis under a tag of its own. */
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory.ts';
import { emptyState, type LedgerState } from '../../lib/ledger/state.ts';
import { before, hours, seconds } from '../../lib/time.ts';
import { START } from './places.ts';

/** `redis://…` names a Redis that is there for nothing else. */
export type StoreKind = 'memory' | `redis://${string}`;

export interface Store {
  /** As it is, without anything going wrong on the way to it. */
  readonly ledger: Ledger;
  /** Everything in it is gone, as after a restart without persistence. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Begun with the deployment. */
const BEGUN_AT = before(START, hours(240));
/** Real time; the machine may be busy. */
const ANSWERS_WITHIN = seconds(60);

export async function openStore(kind: StoreKind = 'memory', seed = 0): Promise<Store> {
  const store = kind === 'memory' ? memoryStore() : await redisStore(kind, `proofs:${process.pid}:${seed}`);
  await store.ledger.recall([], BEGUN_AT);
  return store;
}

function memoryStore(): Store {
  const state = emptyState();
  return {
    ledger: memoryLedger({ shared: true, state }),
    async empty() {
      forget(state);
    },
    close: async () => undefined,
  };
}

function forget(state: LedgerState): void {
  const { servers, inFlight, runs, deliveries, leases, joined, exclusions, letters, marks } = state;
  for (const kept of [servers, inFlight, runs, deliveries, leases, joined, exclusions, letters, marks])
    kept.clear();
  const rest: Partial<LedgerState> = state;
  delete rest.begunAt;
  delete rest.pause;
  delete rest.storm;
  delete rest.lastStorm;
  state.fleetLooks = [];
}

/** Loaded when it is asked for: the memory ledger needs no client. */
async function redisStore(url: string, tag: string): Promise<Store> {
  const [{ Redis }, { connect }, { redisLedger }, { readLedgerUrl }] = await Promise.all([
    import('ioredis'),
    import('../../lib/ledger/redis/connect.ts'),
    import('../../lib/ledger/redis/ledger.ts'),
    import('../../lib/ledger/redis/url.ts'),
  ]);
  const client = connect(readLedgerUrl(url), { deadline: ANSWERS_WITHIN });
  // A Redis that is gone is told of by the ledger's own client.
  const sweeper = new Redis(url, { retryStrategy: () => null });
  sweeper.on('error', () => undefined);
  const empty = async () => {
    const keys = await sweeper.keys(`{${tag}}:*`);
    if (keys.length > 0) await sweeper.del(...keys);
  };
  return {
    ledger: redisLedger({ client, tag }),
    empty,
    async close() {
      await empty();
      sweeper.disconnect();
      await client.close();
    },
  };
}
