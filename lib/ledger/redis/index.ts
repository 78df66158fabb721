/** Opens the ledger that LEDGER_URL names. Everything of Redis is behind this file, which is bundled by itself. */
import { between, type Clock, type DurationMs, epochMs, milliseconds } from '../../time.ts';
import type { OpenLedger } from '../opened.ts';
import type { RedisClient } from './client.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { redisLedger } from './ledger.ts';
import { list, number } from './reply.ts';
import { plainScript } from './script.ts';
import { readLedgerUrl } from './url.ts';
import { vitalsOf } from './vitals.ts';

export interface OpenOptions extends ConnectOptions {
  /** `<region>:<project>:<stage>`. */
  readonly tag: string;
  readonly now: Clock['now'];
}

/**
 * A Redis that does not answer yields a ledger whose every step rejects with `LedgerUnavailable`, so that the function
 * can still say so: also because a cooldown measured by a clock that was not compared would be a guess.
 * @throws LedgerUrlInvalid
 */
export async function openLedger(url: string, { tag, now, ...options }: OpenOptions): Promise<OpenLedger> {
  const client = connect(readLedgerUrl(url), options);
  const close = () => client.close();
  try {
    const ahead = await aheadOf(client, tag, now);
    return { ledger: redisLedger({ client, tag }), ahead, close, vitals: () => vitalsOf(client, tag) };
  } catch (error) {
    const away = { run: () => Promise.reject(error), close };
    return { ledger: redisLedger({ client: away, tag }), ahead: milliseconds(0), close };
  }
}

const TIME = plainScript("return redis.call('TIME')");

/** The answer is as old as half of the way there and back. */
async function aheadOf(client: RedisClient, tag: string, now: Clock['now']): Promise<DurationMs> {
  const asked = now();
  const [secs, micros] = list(await client.run(TIME, `{${tag}}:m`, []));
  const answered = now();
  const theirs = epochMs(number(secs) * 1_000 + Math.floor(number(micros) / 1_000));
  return milliseconds(Math.round(between(asked, theirs) - between(asked, answered) / 2));
}
