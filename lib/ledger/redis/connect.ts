/**
 * Connections to Redis. Made for one invocation, as all of an invocation's connections are: those of a frozen
 * instance are dead when it wakes. Every script is answered or refused within the deadline.
 *
 * What was sent is never sent again, not even after a reconnect: a claim whose answer was lost may have been granted,
 * and a second answer would say "in flight". To the engine it is as if the instance had died there: whoever drives the
 * run next finds what the ledger has. A connection that is gone is made anew for the next script.
 */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { type Clock, type DurationMs, seconds, systemClock } from '../../time.ts';
import { LeaseLost } from '../ledger.ts';
import type { Argument, RedisClient } from './client.ts';
import { LedgerFormatUnknown, unavailable } from './errors.ts';
import type { Reply } from './reply.ts';
import { FORMAT, type Script } from './script.ts';
import { type Address, whereIs } from './url.ts';

export interface ConnectOptions {
  /** The authority that signed the server's certificate, as PEM, when it is none that everybody knows. */
  readonly ca?: string;
  readonly deadline?: DurationMs;
  readonly clock?: Pick<Clock, 'deadline'>;
}

const DEADLINE = seconds(2);

/** Nothing is connected before the first script. */
export function connect(
  address: Address,
  { ca, deadline: span = DEADLINE, clock = systemClock }: ConnectOptions = {},
): RedisClient {
  const where = whereIs(address);
  let redis: Redis | Cluster | undefined;
  /** Why the last connection failed: the commands that it took along only know that it is closed. */
  let failed: unknown;

  return {
    async run(script, key, args) {
      const connection = connected();
      const deadline = clock.deadline(span);
      try {
        return await Promise.race([sent(connection, script, [1, key, ...args]), over(deadline.signal)]);
      } catch (error) {
        throw meant(error);
      } finally {
        deadline.clear();
      }
    },
    async close() {
      drop();
    },
  };

  function connected(): Redis | Cluster {
    if (redis !== undefined && redis.status !== 'end') return redis;
    failed = undefined;
    const connection = create(address, ca, span);
    // Without a listener ioredis writes errors to the console.
    connection.on('error', (error: unknown) => {
      failed = error;
    });
    redis = connection;
    return connection;
  }

  function drop(): void {
    redis?.disconnect();
    redis = undefined;
  }

  /** Rejects when the time is up, and hangs up: what still waits to be sent must not be sent later. */
  function over(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(failed ?? new Error(`no answer within ${span} ms`));
        drop();
      });
    });
  }

  function meant(error: unknown): Error {
    const message = wordsOf(error);
    if (message.startsWith('LEASE_LOST')) return new LeaseLost('the run is driven by somebody else');
    if (message.startsWith('LEDGER_FORMAT')) {
      const found = message.slice('LEDGER_FORMAT '.length);
      return new LedgerFormatUnknown(where, `expected format ${FORMAT}, got ${found} of another version`);
    }
    const reason = message === 'Connection is closed.' && failed !== undefined ? wordsOf(failed) : message;
    return unavailable(where, address.password ? reason.replaceAll(address.password, '***') : reason);
  }
}

async function sent(
  connection: Redis | Cluster,
  { sha, text }: Script,
  args: readonly Argument[],
): Promise<Reply> {
  try {
    return (await connection.callBuffer('evalsha', [sha, ...args])) as Reply;
  } catch (error) {
    // It did not run: Redis does not know it yet, or not any more.
    if (!wordsOf(error).startsWith('NOSCRIPT')) throw error;
    return (await connection.callBuffer('eval', [text, ...args])) as Reply;
  }
}

function wordsOf(error: unknown): string {
  const { message, lastNodeError } = error as { message?: string; lastNodeError?: { message?: string } };
  return lastNodeError?.message ?? message ?? String(error);
}

function create(address: Address, ca: string | undefined, span: DurationMs): Redis | Cluster {
  const { nodes, kind, isTls, db, username, password } = address;
  const never = () => null;
  const tls = isTls ? { tls: ca === undefined ? {} : { ca } } : {};
  const common: RedisOptions = {
    lazyConnect: true,
    connectTimeout: span,
    // A Redis that is still loading says so; there is no need to ask it first.
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...tls,
  };
  switch (kind.name) {
    case 'single':
      return new Redis({ ...common, ...nodes[0], db, retryStrategy: never });
    case 'sentinel': {
      const sentinelTls = isTls ? { enableTLSForSentinelMode: true, sentinelTLS: tls.tls ?? {} } : {};
      const { master: name } = kind;
      const sentinels = [...nodes];
      const strategies = { retryStrategy: never, sentinelRetryStrategy: never };
      return new Redis({ ...common, ...sentinelTls, sentinels, name, db, ...strategies });
    }
    case 'cluster': {
      const options: ClusterOptions = {
        lazyConnect: true,
        enableReadyCheck: false,
        clusterRetryStrategy: never,
        // Resends what was sent when a connection breaks, unless it is 0.
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        slotsRefreshTimeout: span,
        redisOptions: common,
        // A certificate names hosts, not the addresses that they resolve to.
        ...(isTls ? { dnsLookup: (host, found) => found(null, host) } : {}),
      };
      return new Cluster([...nodes], options);
    }
  }
}
