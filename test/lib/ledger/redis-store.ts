/** Ledgers for the suites, each under a tag of its own, on one Redis. */
import type { RedisClient } from '../../../lib/ledger/redis/client.ts';
import { connect } from '../../../lib/ledger/redis/connect.ts';
import { redisLedger } from '../../../lib/ledger/redis/ledger.ts';
import { plainScript } from '../../../lib/ledger/redis/script.ts';
import { readLedgerUrl } from '../../../lib/ledger/redis/url.ts';
import { seconds } from '../../../lib/time.ts';
import type { MakeLedger } from './given.ts';

/** Two connections: what two instances do at once reaches Redis over both. */
export function redisStore(
  url: string,
  { oneSlot = false, ca }: { readonly oneSlot?: boolean; readonly ca?: string } = {},
) {
  // On a machine that does much else an answer may take its time.
  const clients = [0, 1].map(() =>
    connect(readLedgerUrl(url), { deadline: seconds(30), ...(ca === undefined ? {} : { ca }) }),
  );
  let made = 0;
  const make = (({ store } = {}) => {
    made += 1;
    const client = clients[made % 2] as RedisClient;
    const tag = `test:${process.pid}:${store ?? `${Date.now()}-${made}`}`;
    return redisLedger({ client: oneSlot ? inOneSlot(client) : client, tag });
  }) satisfies MakeLedger;
  return { make, close: () => Promise.all(clients.map((client) => client.close())) };
}

/** Redis checks the keys of scripts that declare themselves: with all slots on one server it still refuses others. */
const inOneSlot = (client: RedisClient): RedisClient => ({
  ...client,
  run: ({ text }, key, args) => client.run(plainScript(`#!lua\n${text}`), key, args),
});
