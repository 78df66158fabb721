/** Turns a request into a run: what it means now, written down before anything is done about it. */
import { createHash } from 'node:crypto';
import { type Resolution, resolve } from '../fleet/resolve.ts';
import { HuaweiError } from '../huawei/errors.ts';
import { after, type EpochMs, iso } from '../time.ts';
import type { Reason, RestartRequest, Run, Selector } from '../types.ts';
import { waitingTarget } from './decide.ts';
import { RUN_LASTS } from './limits.ts';
import { hasEnded } from './target.ts';
import type { World } from './world.ts';

/** A run, or why there is none. */
export type Opened =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'ignored'; readonly reason: string };

/**
 * Opens the run of a request. An answer that says "not authorised" opens a run too, one that has ended already:
 * its report is how a person learns of it.
 * @throws HuaweiError when CPH could not be asked: nothing was written, the event may be delivered again
 */
export async function open(request: RestartRequest, world: World): Promise<Opened> {
  const { clock, ledger } = world;
  const known = await ledger.delivered(request.deliveryId, clock.now());
  if (known !== undefined) return again(known, world);
  const found = await lookFor(request.selector, world);
  if ('reason' in found) return ignored(found.reason);
  const now = clock.now();
  const run = newRun(request, found, world, now);
  const isNew = await ledger.open(run, now);
  return isNew
    ? { kind: 'run', run }
    : ignored('delivered before, a moment ago: another instance answers it');
}

/**
 * An event that was delivered before. In a ledger of this instance's own an open run has no driver any more: an
 * instance serves one invocation at a time, and the one before was killed. It is carried on.
 */
async function again(runId: string, { ledger }: World): Promise<Opened> {
  const run = ledger.shared ? undefined : await ledger.run(runId);
  if (run !== undefined && !hasEnded(run)) return { kind: 'run', run };
  return ignored(`delivered before: run ${runId} answers it`);
}

interface Found extends Resolution {
  readonly stopped?: Reason;
}

async function lookFor(selector: Selector, world: World): Promise<Found | { readonly reason: string }> {
  const { cph, ledger, settings } = world;
  if (selector.kind !== 'candidates')
    return { reason: `a selector by ${selector.kind} is not supported yet` };
  const recall = async (ids: readonly string[]) => (await ledger.recall(ids)).servers;
  try {
    const resolution = await resolve(selector, { cph, recall, alarmRestart: settings.alarmRestart });
    if (resolution.hosts.length > 0) return resolution;
    return { reason: `no host, phone or encode server has the id ${selector.ids.join(' or ')}` };
  } catch (error) {
    if (!(error instanceof HuaweiError) || error.kind !== 'not_authorised') throw error;
    const stopped = { code: 'not_authorised', error: { code: error.code, message: error.said } } as const;
    return { servers: [], hosts: [], stopped };
  }
}

function newRun(request: RestartRequest, found: Found, { settings }: World, now: EpochMs): Run {
  const targets = found.servers.map(({ server, named }) => waitingTarget({ ...server, named, now }));
  return {
    runId: runIdOf(request, now),
    request,
    state: found.stopped !== undefined ? 'cancelled' : targets.length === 0 ? 'watching' : 'running',
    openedAt: now,
    endsAt: after(now, RUN_LASTS),
    settingsHash: settings.hash,
    hosts: found.hosts,
    targets,
    requestIds: [],
    ...(found.stopped === undefined ? {} : { stopped: found.stopped }),
  };
}

/** Sorts by time, and is the same for the same delivery at the same second. */
function runIdOf({ deliveryId, source }: RestartRequest, now: EpochMs): string {
  const digest = createHash('sha256').update(`${source} ${deliveryId}`).digest('hex').slice(0, 8);
  return `${iso(now).replace(/[-:]/g, '')}-${digest}`;
}

const ignored = (reason: string): Opened => ({ kind: 'ignored', reason });
