/** Turns a request into a run, written down before anything is done about it. */
import { createHash } from 'node:crypto';
import { HuaweiError } from '../huawei/errors.ts';
import { after, type EpochMs, iso } from '../time.ts';
import { hasEnded, type RestartRequest, type Run } from '../types.ts';
import { RUN_LASTS } from './limits.ts';
import { type Found, targetsOf, withTargets } from './resolve.ts';
import { isOpen } from './target.ts';
import type { World } from './world.ts';

/** A run, or why there is none. */
export type Opened =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'ignored'; readonly reason: string };

/**
 * Opens the run of a request; a look that finds nothing opens none.
 * @throws HuaweiError when CPH could not be asked: nothing was written, the event may be delivered again
 */
export async function open(request: RestartRequest, world: World): Promise<Opened> {
  const { clock, ledger } = world;
  const known = await ledger.delivered(request.deliveryId, clock.now());
  if (known !== undefined) return again(known, world);
  const found = await targetsOf(request, world).catch((error: unknown) => later(error, request, world));
  if (found === undefined) {
    const run = newRun(request, world, clock.now());
    return (await ledger.open(run, clock.now())) ? { kind: 'run', run } : DELIVERED;
  }
  if (found.stopped === undefined && found.targets.length === 0 && !isNews(request, found)) {
    return ignored(nothingFound(request, found));
  }
  const now = clock.now();
  const whole = withTargets(newRun(request, world, now), found, world, now);
  const joined = await join(whole, world, now);
  if (joined !== undefined) return ignored(`joins run ${joined}, which is open on its host`);
  const run = await withoutTaken(whole, world, now);
  const isNew = await ledger.open(run, now);
  return isNew ? { kind: 'run', run } : DELIVERED;
}

/** A night's restart waits for a CPH that is away now: patrol takes its run up again. An event is delivered again. */
function later(error: unknown, { source }: RestartRequest, { ledger }: World): undefined {
  if (!(error instanceof HuaweiError) || source !== 'timer' || !ledger.shared) throw error;
  return undefined;
}

/** A run whose request is still to be resolved. */
export function newRun(request: RestartRequest, { settings }: World, now: EpochMs): Run {
  return {
    runId: runIdOf(request, now),
    request,
    state: 'resolving',
    openedAt: now,
    endsAt: after(now, RUN_LASTS),
    settingsHash: settings.hash,
    hosts: [],
    targets: [],
    requestIds: [],
  };
}

/**
 * An event that was delivered before. In a ledger of this instance's own an open run has no driver any more: an
 * instance serves one invocation at a time, and the one before was killed. In a shared one the lease tells.
 */
async function again(runId: string, { ledger }: World): Promise<Opened> {
  const run = await ledger.run(runId);
  const isLeft = run !== undefined && (!hasEnded(run) || run.reportedAs === undefined);
  if (isLeft && !ledger.shared) return { kind: 'run', run };
  return ignored(`delivered before: run ${runId} answers it`);
}

/**
 * An alarm about a host that has an open run of repairs joins it while it still launches: its targets are added. A
 * run that launches nothing more is left alone.
 */
async function join(run: Run, { ledger }: World, now: EpochMs): Promise<string | undefined> {
  if (run.request.source !== 'alarm' || run.targets.length === 0) return undefined;
  for (const other of await ledger.unfinishedRuns()) {
    const { source, dryRun } = other.request;
    const isRepair = (source === 'alarm' || source === 'patrol') && !dryRun;
    if (other.state !== 'running' || !isRepair || !sharesHost(run, other)) continue;
    if (await ledger.join(other.runId, run.request.deliveryId, run.targets, now)) return other.runId;
  }
  return undefined;
}

/** What another run restarts already is that run's; an alarm that asks for nothing else watches its hosts. */
async function withoutTaken(run: Run, { ledger }: World, now: EpochMs): Promise<Run> {
  if (run.request.source !== 'alarm' || run.targets.length === 0) return run;
  const { inFlight } = await ledger.recall([], now);
  const taken = new Set(inFlight.map(({ encodeServerId }) => encodeServerId));
  const targets = run.targets.filter(({ encodeServerId }) => !taken.has(encodeServerId));
  return { ...run, targets, state: targets.length === 0 ? 'watching' : run.state };
}

/**
 * Whether a look that finds no target is worth a run: an alarm watches its hosts, and a timer that means what is not
 * there would be silent every night. That all its hosts are well is no news.
 */
const isNews = ({ source, selector }: RestartRequest, { hosts, unknown }: Found): boolean =>
  source === 'timer' ? selector.kind === 'all' || unknown.length > 0 : hosts.length > 0;

const sharesHost = (run: Run, other: Run): boolean =>
  other.targets.some((target) => isOpen(target) && run.hosts.includes(target.serverId));

function nothingFound({ selector }: RestartRequest, { unknown }: Found): string {
  const ids = selector.kind === 'candidates' ? selector.ids : unknown;
  if (ids.length === 0) return 'nothing is abnormal';
  return `no host, phone or encode server has the id ${ids.join(' or ')}`;
}

/** Sorts by time, and is the same for the same delivery at the same second. */
function runIdOf({ deliveryId, source }: RestartRequest, now: EpochMs): string {
  const digest = createHash('sha256').update(`${source} ${deliveryId}`).digest('hex').slice(0, 8);
  return `${iso(now).replace(/[-:]/g, '')}-${digest}`;
}

const ignored = (reason: string): Opened => ({ kind: 'ignored', reason });
const DELIVERED = ignored('delivered before, a moment ago: another instance answers it');
