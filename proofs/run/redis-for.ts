/** The store that `--ledger` names. A Redis of our own is begun when REDIS_URL names none. */
import { startRedis } from '../../test/support/redis.ts';
import type { StoreKind } from '../play/store.ts';

export interface OpenedStore {
  readonly store: StoreKind;
  end(): Promise<void>;
}

export async function storeFor(ledger: string): Promise<OpenedStore> {
  if (ledger === 'memory') return { store: 'memory', end: async () => undefined };
  if (ledger !== 'redis') throw new TypeError(`--ledger: expected "memory" or "redis", got "${ledger}"`);
  const given = process.env['REDIS_URL'];
  if (given?.startsWith('redis://')) return { store: given as StoreKind, end: async () => undefined };
  const { url, end } = await startRedis();
  return { store: url as StoreKind, end };
}
