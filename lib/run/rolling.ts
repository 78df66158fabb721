/** How a run's planned work stands: rounds of 1, 2, 4, …, and failures that stop it. Pure. */
import type { Rolling } from '../guards/guard.ts';
import { allowedAtLeast, type Limit, type Settings } from '../settings.ts';
import type { EpochMs } from '../time.ts';
import type { Run, Target } from '../types.ts';
import { PLANNED_FLOOR } from './limits.ts';
import type { FleetSize } from './sight.ts';
import { isInFlight, isLeftOut, type LeftOut } from './target.ts';

/** Of two limits the smaller; each share has its floor of one. */
function narrower(total: number, limits: readonly (Limit | undefined)[]): number {
  const given = limits.filter((limit) => limit !== undefined);
  return Math.min(...given.map((limit) => allowedAtLeast(PLANNED_FLOOR, limit, total)));
}

/** For planned work: how many servers may be unavailable. A fleet that was not measured counts as a small one. */
export function unavailableLimit(run: Run, fleet: FleetSize | undefined, settings: Settings): number {
  return narrower(fleet?.eligible ?? 0, [settings.maxUnavailable, run.request.narrowed?.maxUnavailable]);
}

const NOBODY: LeftOut = { handedOver: new Set(), exclusions: new Map() };

/** `leftOut`: without it only the settings' exclusions are left out of the targets that the tolerance is a share of. */
export function rollingOf(
  run: Run,
  unavailable: number,
  settings: Settings,
  leftOut: LeftOut = NOBODY,
): Rolling {
  const planned = run.targets.filter(isPlanned);
  const count = (is: (target: Target) => boolean) => planned.filter(is).length;
  const failures = count(hasFailed);
  // What was taken before it was left out stays, or failures would outgrow their tolerance.
  const isShared = (target: Target) => 'attempt' in target.progress || !isLeftOut(target, settings, leftOut);
  const shared = run.targets.filter(isShared).length;
  const tolerance = narrower(shared, [settings.maxErrors, run.request.narrowed?.maxErrors]);
  const recovered = count(({ progress }) => progress.state === 'recovered');
  // 1, 2, 4, … as each round comes back; and never more than may still fail.
  const ramp = 2 ** Math.floor(Math.log2(recovered + 1));
  return {
    failures,
    tolerance,
    inFlight: count(isInFlight),
    roundSize: Math.max(0, Math.min(ramp, unavailable, tolerance - failures)),
  };
}

/** Taken in hand as planned work; of one that waits nobody can say before it is looked at. */
const isPlanned = ({ progress }: Target): boolean => 'attempt' in progress && progress.attempt.planned;

const hasFailed = ({ progress: { state } }: Target): boolean =>
  state === 'not_recovered' || state === 'rejected' || state === 'unconfirmed';

/**
 * The hosts to look at for what waits: in the line's order, as many as could be acted on now. Planned work that
 * waits for the end of its round needs none.
 */
export function hostsInLine(
  run: Run,
  { now, room, rolling }: { readonly now: EpochMs; readonly room: number; readonly rolling: Rolling },
): readonly string[] {
  const chosen = new Set<string>();
  for (const { progress, serverId, resolvedAs, named } of run.targets) {
    if (chosen.size >= room) break;
    if (progress.state !== 'waiting' || (progress.notBefore ?? now) > now) continue;
    const waitsForRound = resolvedAs === 'running' && !named && rolling.inFlight > 0;
    if (!waitsForRound) chosen.add(serverId);
  }
  return [...chosen];
}
