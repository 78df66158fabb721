/** Follows every run that is written down: I5, and that it has one driver and ends once (I7). */
import type { EpochMs } from '../../lib/time.ts';
import { hasEnded, type Lease, type Run, type Target } from '../../lib/types.ts';
import { answers, askedOf, isBelieved } from './answers.ts';
import { names } from './asked.ts';
import { type Book, violate, type Witness } from './book.ts';
import { checkDriver, narrower } from './claims.ts';
import { ended } from './outcomes.ts';

export function opened(book: Book, witness: Witness, run: Run, now: EpochMs): void {
  const { openedAt } = run;
  const request = askedOf(witness, run);
  answers(book, run.runId, request.deliveryId, now);
  // A ledger that was emptied opens it again for the same message; whoever has its lease by then keeps it.
  const { token = 0, leasedUntil = 0 } = book.runs.get(run.runId) ?? {};
  const asked = { request, isBelieved: isBelieved(witness), joined: new Map(), believed: new Set<string>() };
  const known = { ...asked, openedAt, token, leasedUntil, last: run, savedBy: 0 };
  book.runs.set(run.runId, { ...known, forgotten: false, tolerances: new Set() });
}

/** By an alarm, which is what that invocation was asked. */
export function joined(
  book: Book,
  witness: Witness,
  runId: string,
  targets: readonly Target[],
  now: EpochMs,
): void {
  const run = book.runs.get(runId);
  const { asked } = witness;
  if (run === undefined || asked === undefined) return;
  answers(book, runId, asked.deliveryId, now);
  for (const { encodeServerId: id } of targets) {
    const isNamed = names(asked, id);
    run.joined.set(id, isNamed || run.joined.get(id) === true);
    if (isNamed && isBelieved(witness)) run.believed.add(id);
  }
}

/** The ledger's rule, by the time that it is handed: for 30 s, and nobody else's until then. */
const LEASE_LASTS = 30_000;

export function leased(book: Book, lease: Lease, handedNow: EpochMs, now: EpochMs): void {
  const run = book.runs.get(lease.runId);
  if (run === undefined) return;
  if (!run.forgotten && handedNow < run.leasedUntil) {
    violate(book, 'I7', `run ${lease.runId} has two drivers: ${lease.token} beside ${run.token}`, now);
  }
  run.token = run.forgotten ? lease.token : Math.max(run.token, lease.token);
  run.leasedUntil = handedNow + LEASE_LASTS;
}

export function renewed(book: Book, lease: Lease, handedNow: EpochMs, now: EpochMs): void {
  const run = book.runs.get(lease.runId);
  if (run === undefined) return;
  checkDriver(book, run, lease.token, 'renews', now);
  run.leasedUntil = handedNow + LEASE_LASTS;
}

export function released(book: Book, lease: Lease): void {
  const run = book.runs.get(lease.runId);
  if (run?.token === lease.token) run.leasedUntil = 0;
}

export function saved(book: Book, witness: Witness, run: Run, lease: Lease, now: EpochMs): void {
  const known = book.runs.get(run.runId);
  if (known === undefined) return;
  checkDriver(book, known, lease.token, 'saves', now);
  const earlier = new Map(known.last.targets.map((target) => [target.encodeServerId, target]));
  // What joined as it ended, and whose driver died then, is taken in.
  const isJoined = run.targets.some(({ encodeServerId: id }) => !earlier.has(id) && known.joined.has(id));
  const goesOn = hasEnded(known.last) && !hasEnded(run) && known.savedBy !== lease.token;
  if (goesOn && !isJoined && !known.forgotten) {
    violate(book, 'I7', `run ${run.runId} had ended and goes on`, now);
  }
  for (const target of run.targets) {
    const before = earlier.get(target.encodeServerId);
    if (before?.progress === target.progress || before?.progress.state === target.progress.state) continue;
    ended(book, witness, run, target, before?.progress.state, now);
  }
  known.tolerances.add(witness.settings);
  judgeTolerance(book, known.tolerances, run, now);
  known.last = run;
  known.savedBy = lease.token;
}

const FAILED: ReadonlySet<string> = new Set(['not_recovered', 'rejected', 'unconfirmed']);

function judgeTolerance(
  book: Book,
  settings: ReadonlySet<Witness['settings']>,
  run: Run,
  now: EpochMs,
): void {
  const failures = run.targets.filter(
    ({ progress }) => FAILED.has(progress.state) && 'attempt' in progress && progress.attempt.planned,
  ).length;
  if (failures === 0) return;
  const total = run.targets.length;
  const narrowed = run.request.narrowed?.maxErrors;
  const tolerance = Math.max(...[...settings].map(({ maxErrors }) => narrower(total, maxErrors, narrowed)));
  if (failures <= tolerance) return;
  violate(book, 'I5', `run ${run.runId} has ${failures} failures, tolerated are ${tolerance}`, now);
}
