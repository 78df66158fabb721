/** What the ledger needs of a Redis: one script at a time, answered within a bounded time or refused. */
import type { Reply } from './reply.ts';
import type { Script } from './script.ts';

export type Argument = string | number | Buffer;

export interface RedisClient {
  /**
   * Runs a script on the slot of `key`, at most once: what was sent is never sent again.
   * @throws LedgerUnavailable when there is no answer; the script may have run all the same
   */
  run(script: Script, key: string, args: readonly Argument[]): Promise<Reply>;
  close(): Promise<void>;
}
