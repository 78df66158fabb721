/** Judges every claim the ledger grants: I2, I3. */

import type { ClaimAnswer, ClaimRequest } from '../../lib/ledger/ledger.ts';
import { allowedAtLeast, type Limit, readWindows } from '../../lib/settings.ts';
import { type EpochMs, epochMs } from '../../lib/time.ts';
import type { Lease } from '../../lib/types.ts';
import { windowState } from '../../lib/window.ts';
import { attemptsOf } from './attempts.ts';
import {
  type Book,
  type Claim,
  isNamed,
  type KnownRun,
  overrides,
  SIGHT_LASTS,
  violate,
  type Witness,
} from './book.ts';
import { judgeRolling } from './rolling.ts';
import { stillTroubled } from './shown.ts';
import { judgeStorm } from './storms.ts';

/** Maintenance is asked about once a minute. */
const MAINTENANCE_LASTS = 2 * SIGHT_LASTS;
const CONCURRENCY_FLOOR = 10;
const RUNNING = 1;
const RESTARTING = 3;
const IN_SERVICE = 5;

export function granted(
  book: Book,
  witness: Witness,
  request: ClaimRequest,
  answer: ClaimAnswer,
  now: EpochMs,
): void {
  const { runId } = request.lease;
  const run = book.runs.get(runId);
  if (run === undefined) {
    violate(book, 'I6', `a claim of run ${runId}, which is not in the ledger`, now);
    return;
  }
  checkDriver(book, run, request.lease.token, 'claims', now);
  // Decided and asked for at this moment, by the ledger's clock; the answer may come later.
  const askedAt = epochMs(request.now - witness.skew);
  for (const { encodeServerId: id } of answer.granted) {
    const asked = request.servers.find(({ encodeServerId }) => encodeServerId === id);
    if (asked === undefined) continue;
    const shown = witness.servers.get(id);
    const planned = !isNamed(run, id) && shown?.status === RUNNING;
    const claim: Claim = {
      id,
      serverId: asked.serverId,
      runId,
      at: now,
      askedAt: request.now,
      override: run.request.override,
      planned,
      rolls: planned && asked.planned && asked.wasRunning === true,
      cooldown: witness.settings.cooldown,
      witness,
      shown,
      number: attemptsOf(book, id, request.now) + 1,
      counts: true,
      state: 'open',
      recovered: false,
      isCanary: false,
      posts: 0,
      maybeAccepted: false,
    };
    judgeLimits(book, run, claim, now);
    judgeGuards(book, run, claim, askedAt, now);
    judgeStorm(book, claim, now);
    if (claim.rolls) judgeRolling(book, claim, now);
    book.claims.push(claim);
    const earlier = book.claimsOf.get(id);
    if (earlier === undefined) book.claimsOf.set(id, [claim]);
    else earlier.push(claim);
    book.open.add(claim);
  }
}

export function gaveBack(book: Book, { runId, token }: Lease, ids: readonly string[], now: EpochMs): void {
  const run = book.runs.get(runId);
  if (run !== undefined) checkDriver(book, run, token, 'gives back', now);
  for (const claim of book.open) {
    if (claim.runId !== runId || !ids.includes(claim.id)) continue;
    claim.state = 'given_back';
    claim.counts = false;
    book.open.delete(claim);
    if (book.storm !== undefined && claim.isCanary) book.storm.gone -= 1;
  }
}

/** One driver at a time: whoever lost its lease to another changes nothing any more. */
export function checkDriver(book: Book, run: KnownRun, token: number, does: string, now: EpochMs): void {
  if (token >= run.token || run.forgotten) return;
  violate(
    book,
    'I7',
    `run ${run.last.runId} has two drivers: ${token} ${does} after ${run.token} took over`,
    now,
  );
}

function judgeLimits(book: Book, run: KnownRun, claim: Claim, now: EpochMs): void {
  const { settings, lists } = claim.witness;
  const total = book.model.servers.size;
  const open = [...book.open];
  const concurrency = allowedAtLeast(CONCURRENCY_FLOOR, settings.maxConcurrency, total);
  if (open.length >= concurrency) {
    violate(
      book,
      'I2',
      `${claim.id} is claimed with ${open.length} in flight, allowed are ${concurrency}`,
      now,
    );
  }
  const onHost = open.filter(({ serverId }) => serverId === claim.serverId).length;
  const mostOnHost = claim.planned ? Math.min(1, settings.maxPerHost) : settings.maxPerHost;
  if (onHost >= mostOnHost) {
    violate(
      book,
      'I2',
      `${claim.id} is claimed with ${onHost} in flight on its host, allowed are ${mostOnHost}`,
      now,
    );
  }
  if (!claim.planned) return;
  const limit = narrower(total, settings.maxUnavailable, run.request.narrowed?.maxUnavailable);
  const missing = lists.map((list) => {
    return new Set([...stillTroubled(book, claim.witness, list).keys(), ...open.map(({ id }) => id)]).size;
  });
  const least = Math.min(...missing);
  if (least >= limit) {
    violate(book, 'I2', `${claim.id} is claimed with ${least} unavailable, allowed are ${limit}`, now);
  }
}

export function narrower(total: number, ...limits: readonly (Limit | undefined)[]): number {
  return Math.min(
    ...limits.flatMap((limit) => (limit === undefined ? [] : [allowedAtLeast(1, limit, total)])),
  );
}

function judgeGuards(book: Book, run: KnownRun, claim: Claim, askedAt: EpochMs, now: EpochMs): void {
  const { id, serverId, witness } = claim;
  const { settings } = witness;
  const { pause } = book;
  // By the ledger's time, as far as that instance can misjudge it.
  if (pause !== undefined && pause.until > now + witness.skew)
    violate(book, 'I3', `${id} is claimed while paused`, now);
  if (settings.mode !== 'active' || run.request.dryRun) {
    violate(book, 'I3', `${id} is claimed though nothing is to be restarted (observe, dry run)`, now);
  }
  if (book.excluded.has(id) || book.excluded.has(serverId)) {
    violate(book, 'I4', `${id} is claimed though somebody excluded it`, now);
  }
  if (book.handedOver.has(id) && !overrides(claim, 'attempts')) {
    violate(book, 'I3', `${id} is claimed though it is handed over`, now);
  }
  if (claim.number > settings.maxAttempts && !overrides(claim, 'attempts')) {
    violate(book, 'I3', `${id} is claimed as attempt ${claim.number} of ${settings.maxAttempts}`, now);
  }
  const narrowed = run.request.narrowed?.window;
  const windows = [settings.window, narrowed && readWindows(narrowed)].filter(
    (choice) => choice !== undefined,
  );
  // By the clock of the instance, which errs by its skew: it has no other.
  const asked = epochMs(claim.askedAt);
  if (claim.planned && windows.some((choice) => !windowState(choice, asked).open)) {
    violate(book, 'I3', `${id}, which is well, is claimed outside the window`, now);
  }
  const shown = witness.servers.get(id);
  // Taken in, not called for: a restart that an earlier copy of our call began.
  if (shown?.status === RESTARTING) return;
  const isFresh = (at: EpochMs | undefined, lasts = SIGHT_LASTS) => at !== undefined && askedAt - at <= lasts;
  const unseen = [
    isFresh(shown?.at) ? [] : ['the server'],
    isFresh(witness.hosts.get(serverId)?.at) ? [] : ['its host'],
    isFresh(witness.lists.at(-1)?.at) ? [] : ['the abnormal servers'],
    isFresh(witness.maintenance?.at, MAINTENANCE_LASTS) ? [] : ['maintenance'],
  ].flat();
  if (witness.hosts.get(serverId)?.status !== IN_SERVICE) {
    violate(book, 'I3', `${id} is claimed though its host ${serverId} is not in service`, now);
  }
  if (witness.maintenance?.hosts.has(serverId) === true) {
    violate(book, 'I3', `${id} is claimed though its host ${serverId} is under maintenance`, now);
  }
  if (unseen.length > 0) {
    violate(book, 'I3', `${id} is claimed without having looked at ${unseen.join(', ')} for a minute`, now);
  }
}
