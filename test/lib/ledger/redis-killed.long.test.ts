/**
 * Redis is killed in the middle of a rolling restart and begins again from its files: over real HTTP, in real time that
 * runs faster. `appendfsync always` is what is promised for: what Redis acknowledged is on disk.
 */
import { describe, expect, it } from 'vitest';
import { connect } from '../../../lib/ledger/redis/connect.ts';
import { redisLedger } from '../../../lib/ledger/redis/ledger.ts';
import { readLedgerUrl } from '../../../lib/ledger/redis/url.ts';
import { emptyState } from '../../../lib/ledger/state.ts';
import { between, milliseconds, minutes, seconds } from '../../../lib/time.ts';
import { hasEnded } from '../../../lib/types.ts';
import { fastClock } from '../../../local/clock.ts';
import type { Intercept } from '../../../local/cloud/index.ts';
import { readFleet } from '../../../local/fleet.ts';
import { settingsFor } from '../../../local/play.ts';
import { startScene } from '../../../local/scene.ts';
import { canRun, type RedisServer, startRedis } from '../../support/redis.ts';
import { row, T0, timerEvent } from '../../support/stage.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
/** What nobody saw come back counts as a failure, and the rest is to be restarted all the same. */
const MAX_ERRORS = 3;
/** How much faster than real: a lease is over in a second and a half. */
const FACTOR = 20;
const MINUTE = minutes(1);
const COOLDOWN = minutes(30);
const FLEET = ['s1', 's2', 's3', 's4'].map((id, index) => row(`h${index}`, id, 1, { restart_seconds: 10 }));

/** Steps in at the second call of this operation, before the cloud has it or after. */
function atSecond(operation: string, side: 'before' | 'after', does: () => Promise<void>): Intercept {
  let calls = 0;
  return async (call, proceed) => {
    const isIt = call.operation === operation && ++calls === 2;
    if (isIt && side === 'before') await does();
    const reply = await proceed();
    if (isIt && side === 'after') await does();
    return reply;
  };
}

async function nightWithoutRedis(operation: string, side: 'before' | 'after') {
  const redis = await startRedis(DURABLE);
  try {
    return await nightOn(redis, operation, side);
  } finally {
    await redis.end();
  }
}

async function nightOn(redis: RedisServer, operation: string, side: 'before' | 'after') {
  const clock = fastClock(FACTOR, T0);
  const ledgerNow = () => {
    // On a machine that does much else an answer may take its time; one that is gone refuses at once.
    const client = connect(readLedgerUrl(redis.url), { deadline: seconds(20) });
    return { ledger: redisLedger({ client, tag: 't' }), ahead: milliseconds(0), close: () => client.close() };
  };
  const scene = await startScene({
    ...settingsFor([], { max_unavailable: 2, max_errors: MAX_ERRORS }),
    clock,
    fleet: readFleet(FLEET),
    faults: [{ intercept: atSecond(operation, side, () => redis.kill()) }],
    ledger: emptyState(),
    writeLine: () => undefined,
    instance: (platform) => ({ ...platform, ledger: async () => ledgerNow() }),
  });
  const night = await scene.invoke('schedule', timerEvent({ all: true }, clock.now())).then(
    () => 'ended',
    (error: Error) => error.message,
  );
  const restartsBefore = scene.model.restarts.length;
  await redis.begin();
  const { ledger, close } = ledgerNow();
  let patrols = 0;
  while ((await ledger.unfinishedRuns()).length > 0 && patrols < 20) {
    const now = clock.now();
    await clock.sleep(milliseconds(MINUTE - (now % MINUTE)));
    // One that fails is followed by the next minute's.
    await scene.invoke('patrol', timerEvent(undefined, clock.now(), 'every-minute')).catch(() => undefined);
    patrols += 1;
  }
  const [run] = await ledger.runsSince(T0, 10);
  const { inFlight } = await ledger.recall([], clock.now());
  const { restarts, mailbox } = scene.model;
  await Promise.all([close(), scene.close()]);
  return { night, restartsBefore, patrols, run, inFlight, restarts, mailbox };
}

describe.runIf(canRun('a Redis that is killed in a rolling restart'))(
  'Redis killed with SIGKILL in a rolling restart and begun again',
  () => {
    it.concurrent.each([
      ['when CPH has taken a restart and before its answer arrives', 'RestartEncodeServer', 'after'],
      ['when a restart is claimed and before CPH has its call', 'RestartEncodeServer', 'before'],
      ['while restarts are followed', 'ListJobs', 'after'],
    ] as const)(
      '%s: the run ends, no server is restarted twice within its cooldown, the report arrives',
      async (_, operation, side) => {
        const seen = await nightWithoutRedis(operation, side);
        expect(seen.night).toContain('expected an answer from Redis');
        expect(seen.restartsBefore).toBeGreaterThan(0);
        expect(seen.run?.reportedAs).toBeDefined();
        expect(seen.run !== undefined && hasEnded(seen.run)).toBe(true);
        expect(seen.inFlight).toEqual([]);
        for (const [index, { encode_server_id: id, at }] of seen.restarts.entries()) {
          const earlier = seen.restarts.slice(0, index).filter((other) => other.encode_server_id === id);
          for (const other of earlier) expect(between(other.at, at)).toBeGreaterThanOrEqual(COOLDOWN);
        }
        // It did not end where Redis did.
        expect(seen.restarts.length).toBeGreaterThan(seen.restartsBefore);
        const told = seen.mailbox.filter(({ messages }) =>
          messages['functionstage']?.includes(seen.run?.runId ?? 'no run'),
        );
        expect(told.length).toBeGreaterThan(0);
      },
    );
  },
);
