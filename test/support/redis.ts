/** A Redis for tests: the one that REDIS_URL names, or a redis-server of our own on a free port of this machine. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Its process is sent SIGKILL: what was not on disk is gone. */
  kill(): Promise<void>;
  /** Begins again on the same port and directory. */
  begin(): Promise<void>;
  /** Ends it and forgets its directory. */
  end(): Promise<void>;
}

export const hasServer = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/**
 * Whether tests that need a Redis run. Where there is none they are skipped with a line that nobody overlooks; with
 * `CI` set that is an error.
 */
export function canRun(what: string, isThere = hasServer): boolean {
  if (isThere) return true;
  const line = `${what}: SKIPPED, there is no redis-server here. Install one with "npm run test:setup", or set REDIS_URL.`;
  if (process.env['CI']) throw new Error(line);
  process.stderr.write(`\n!!! ${line}\n\n`);
  return false;
}

const MEMORY_ONLY = ['--save', '', '--appendonly', 'no'];

/** `config`: lines of a configuration file, for what can be said in no option. */
export async function startRedis(
  options: readonly string[] = MEMORY_ONLY,
  config?: readonly string[],
): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'encode-restart-redis-'));
  const file = join(folder, 'redis.conf');
  if (config !== undefined) writeFileSync(file, `${config.join('\n')}\n`);
  let child: ChildProcess | undefined;
  try {
    await begin();
  } catch (error) {
    await end();
    throw error;
  }
  return { port, url: `redis://127.0.0.1:${port}`, kill: () => stop('SIGKILL'), begin, end };

  async function begin(): Promise<void> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
    const first = config === undefined ? [] : [file];
    const begun = spawn('redis-server', [...first, ...own, ...options], { stdio: 'ignore' });
    child = begun;
    const ended = once(begun, 'exit').then(() => {
      throw new Error(`redis-server: ended before it was ready; is port ${port} or ${port + 10_000} taken?`);
    });
    ended.catch(() => undefined);
    await Promise.race([isUp(port), ended]);
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  }
  async function end(): Promise<void> {
    await stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A single server that holds all slots of a cluster: it refuses scripts that reach into another slot. */
export async function startOneSlotRedis(): Promise<RedisServer> {
  const server = await startRedis([...MEMORY_ONLY, '--cluster-enabled', 'yes']);
  await ask(server.port, (redis) => redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383));
  await until(() => ask(server.port, async (redis) => /state:ok/.test(await redis.cluster('INFO'))));
  return server;
}

/** Three masters that share the slots. */
export async function startCluster(): Promise<readonly RedisServer[]> {
  const servers = await Promise.all(
    [0, 1, 2].map(() => startRedis([...MEMORY_ONLY, '--cluster-enabled', 'yes'])),
  );
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-yes'], { stdio: 'ignore' });
  for (const { port } of servers) {
    await until(() => ask(port, async (redis) => /state:ok/.test(await redis.cluster('INFO'))));
  }
  return servers;
}

export async function ask<Answer>(port: number, what: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis({ port, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    return await what(redis);
  } finally {
    redis.disconnect();
  }
}

const isUp = (port: number) =>
  until(() =>
    ask(port, (redis) => redis.ping()).then(
      () => true,
      () => false,
    ),
  );

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const givesUpAt = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > givesUpAt) throw new Error('redis-server: expected it to be ready within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Below the ports that the system gives to callers (from 32,768), and so is the cluster's bus, 10,000 ports higher. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
