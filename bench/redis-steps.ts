/**
 * How long steps take in a fleet of 100,000 with 5,000 in flight, and the longest script of each beside the two seconds
 * within which Redis has to answer: `npx tsx bench/redis-steps.ts`.
 */
import { randomBytes } from 'node:crypto';
import { connect } from '../lib/ledger/redis/connect.ts';
import { redisLedger } from '../lib/ledger/redis/ledger.ts';
import { readLedgerUrl } from '../lib/ledger/redis/url.ts';
import { epochMs, hours, minutes, seconds } from '../lib/time.ts';
import type { Lease, Run, Target } from '../lib/types.ts';
import { startRedis } from '../test/support/redis.ts';

const FLEET = 100_000;
const IN_FLIGHT = 5_000;
const ENDED = 80_000;
const DEADLINE_MS = 2_000;
const NOW = epochMs(1_772_389_800_000);
const id = () => randomBytes(16).toString('hex');
const server = await startRedis();
const clients = [0, 1].map(() => connect(readLedgerUrl(server.url), { deadline: seconds(60) }));
let longest = 0;
const timing = (client: (typeof clients)[number]): typeof client => ({
  ...client,
  async run(...given) {
    const began = performance.now();
    const reply = await client.run(...given);
    longest = Math.max(longest, performance.now() - began);
    return reply;
  },
});
const [ours, theirs] = clients.map((client) => redisLedger({ client: timing(client), tag: 'bench' }));
if (ours === undefined || theirs === undefined) throw new Error('two clients make two ledgers');

async function timed<Done>(what: string, step: () => Promise<Done>): Promise<Done> {
  longest = 0;
  const began = performance.now();
  const done = await step();
  const took = (performance.now() - began).toFixed(0).padStart(6);
  const share = `${Math.round((100 * longest) / DEADLINE_MS)} %`;
  process.stdout.write(
    `${what.padEnd(54)} ${took} ms  ${longest.toFixed(0).padStart(6)} ms  ${share.padStart(6)}\n`,
  );
  return done;
}

const waiting = Array.from(
  { length: FLEET },
  (): Target => ({
    encodeServerId: id(),
    serverId: id(),
    resolvedAs: 'running',
    named: false,
    progress: { state: 'waiting', since: NOW, conflicts: 0, turnedAway: 0, holds: [] },
  }),
);
const attempt = { claimedAt: NOW, wasRunning: true, planned: true, number: 1, restartSeen: true };
const recovered = (target: Target): Target => ({
  ...target,
  progress: { state: 'recovered', attempt: { ...attempt, requestId: id(), jobId: id() }, endedAt: NOW },
});
const runOf = (targets: readonly Target[]): Run => ({
  runId: 'r',
  request: {
    deliveryId: 'd',
    source: 'timer',
    selector: { kind: 'all' },
    reason: 'nightly',
    requestedBy: 'timer',
    requestedAt: NOW,
    dryRun: false,
  },
  state: 'running',
  openedAt: NOW,
  endsAt: epochMs(NOW + hours(12)),
  settingsHash: 'abc',
  hosts: [],
  targets,
  requestIds: [],
});
const limits = {
  cooldown: minutes(30),
  maxAttempts: 3,
  maxPerHost: 10,
  maxConcurrency: FLEET,
  maxUnavailable: FLEET,
};
const claim = (lease: Lease, targets: readonly Target[], ledger = ours) => {
  const servers = targets.map((target) => ({ ...target, planned: true }));
  return ledger.claim({ lease, now: NOW, servers, limits, troubled: [] });
};
async function take(ledger: typeof ours): Promise<Lease> {
  const lease = await ledger?.lease('r', NOW);
  if (lease === undefined) throw new Error('nobody else drives it');
  return lease;
}

try {
  process.stdout.write(`${'step'.padEnd(54)} ${'in all'.padStart(9)}  ${'longest'.padStart(9)}  of 2 s\n`);
  await timed('open', () => ours.open(runOf(waiting), NOW));
  const lease = await take(ours);
  for (let first = 0; first < IN_FLIGHT; first += 100) await claim(lease, waiting.slice(first, first + 100));
  await timed('claim of 100', () => claim(lease, waiting.slice(IN_FLIGHT, IN_FLIGHT + 100)));
  const ids = waiting.map(({ encodeServerId }) => encodeServerId);
  await timed('recall of all', () => ours.recall(ids, NOW));
  const ended = waiting.map((target, index) => (index < ENDED ? recovered(target) : target));
  await timed('save, 80,000 ended at once, 5,100 of them in flight', () => ours.save(runOf(ended), lease));
  const more = ended.map((target, index) => (index === ENDED ? recovered(target) : target));
  await timed('save, one more ended', () => ours.save(runOf(more), lease));
  await ours.release(lease);
  const next = await take(theirs);
  await claim(next, waiting.slice(-1), theirs);
  const read = await timed('run', () => theirs.run('r'));
  await timed('first save of a successor, one in flight', () => theirs.save(read ?? runOf([]), next));
  await timed('seenAbnormal of 10,000', () => ours.seenAbnormal(waiting.slice(0, 10_000), NOW));
  const held = waiting.map((target) => ({ ...target, why: 'cooldown/cooldown' }));
  await timed('told, all held', () => ours.told(['r'], 'm1', held));
  await timed('handOver of all', () => ours.handOver(ids, 'three attempts', NOW));
  await timed('seenWell of all, handed over', () => ours.seenWell(ids, NOW, minutes(30)));
  await timed('recall of all, handed over', () => ours.recall(ids, NOW));
} finally {
  await Promise.all(clients.map((client) => client.close()));
  await server.end();
}
