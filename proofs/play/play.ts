/** Plays a history from its first event until nothing is left to do, and judges it. */
import { before, type EpochMs, epochMs, hours } from '../../lib/time.ts';
import { hasEnded } from '../../lib/types.ts';
import type { Host } from '../../local/model/state.ts';
import { askedIn } from '../book/asked.ts';
import { createWitness, type Violation } from '../book/book.ts';
import { missingAtTheEnd } from '../book/ends.ts';
import type { Happening, History } from '../history/history.ts';
import { emptyLedger, hangServer, restartByHand } from './blows.ts';
import { alarmEvent, httpEvent, minuteEvent, timerEvent } from './events.ts';
import { type Cause, createPlatform, NOBODY, type Platform } from './invoke.ts';
import { START } from './places.ts';
import { settingsOf } from './settings.ts';
import { createStage, momentOf, type Stage } from './stage.ts';
import { openStore, type StoreKind } from './store.ts';
import type { Tally } from './tally.ts';

const MINUTE = 60_000;
const IN_SERVICE = 5;
const RUNNING = 1;
const RESTARTING = 3;
/** While nothing is open, most minutes of patrol would show the same: only some of them are played. */
const IDLE_MINUTES = 10 * MINUTE;
/** Patrol's time after the last fault: two hours, and for a fleet that comes back one by one some more. */
const PATROL_HAS = 120 * MINUTE;
const A_SERVER_TAKES = 60 * MINUTE;
const WAITING_MINUTES = 30 * MINUTE;
/**
 * What only waits for its turn may wait until its run's end, 12 h after it was opened; then the next patrol that is
 * played, up to WAITING_MINUTES later, has to end it.
 */
const RUN_HAS = 12 * 60 * MINUTE + WAITING_MINUTES + 10 * MINUTE;

export interface Played {
  readonly violation?: Violation & { readonly step: number };
  readonly tally: Tally;
}

export interface Options {
  readonly store?: StoreKind | undefined;
  readonly trace?: ((line: string) => void) | undefined;
}

export async function play(history: History, { store, trace }: Options = {}): Promise<Played> {
  const opened = await openStore(store, history.seed);
  await opened.ledger.sawFleet(history.fleet.length, before(START, hours(2)));
  const stage: Stage = createStage(history, {
    store: opened,
    trace: trace && ((line) => trace(`${clockTime(stage.scheduler.now())} ${line()}`)),
  });
  const { scheduler, book, tally } = stage;
  const platform = createPlatform(stage);
  for (const happening of history.happenings) {
    scheduler.at(momentOf(happening.at), () => happen(stage, platform, happening));
  }
  let end: readonly Violation[] | undefined;
  const calm = momentOf(history.calmAt);
  // Patrol's time runs from the end of a pause.
  const last = () => Math.max(calm, pausedUntil(stage)) + patience(history);
  scheduler.at(calm, () => calmDown(stage, platform));
  scheduler.at(momentOf(stage.dice.int(0, MINUTE - 1)), everyMinute);

  function everyMinute(): void {
    const now = scheduler.now();
    if (now <= calm || platform.alive() > 0) {
      if (now < last() + 10 * MINUTE) patrolAndWait(now <= calm ? history.platform.patrolEvery : MINUTE);
      return;
    }
    scheduler.during(judgeEnd(now));
  }

  async function judgeEnd(now: EpochMs): Promise<void> {
    const settings = settingsOf(platform.settings);
    const witness = createWitness({ name: 'the end', settings, skew: 0, begunAt: now, ...NOBODY });
    const missing = await missingAtTheEnd(book, stage.store.ledger, witness, now);
    const isLate = now >= last();
    const isPaused = pausedUntil(stage) > now;
    if ((missing.length === 0 && !isPaused) || (isLate && !isRunOpen(stage, now))) end = missing;
    else if (isLate) patrolAndWait(WAITING_MINUTES);
    else patrolAndWait(missing.some(({ says }) => says.includes('is still')) ? MINUTE : IDLE_MINUTES);
  }

  function patrolAndWait(pause: number): void {
    const now = scheduler.now();
    platform.invoke('patrol', minuteEvent(now));
    // A timer's event may come twice.
    if (now <= calm && stage.dice.chance(3)) platform.invoke('patrol', minuteEvent(now));
    scheduler.at(epochMs(now + pause), everyMinute);
  }

  try {
    await scheduler.run(() => book.violations.length > 0 || end !== undefined);
  } finally {
    await opened.close();
  }
  tally.counts.histories = 1;
  const [violation] = [...book.violations, ...(end ?? [])];
  return {
    tally,
    ...(violation === undefined ? {} : { violation: { ...violation, step: tally.counts.steps } }),
  };
}

const patience = ({ fleet }: History): number => PATROL_HAS + fleet.length * A_SERVER_TAKES;

const pausedUntil = ({ book }: Stage): number => book.pause?.until ?? 0;

/** Without a claim: what restarts has had its time. */
function isRunOpen({ book, history }: Stage, now: EpochMs): boolean {
  if (now > momentOf(history.calmAt + 2 * RUN_HAS) || book.open.size > 0) return false;
  return [...book.runs.values()].some(
    ({ last, openedAt, forgotten }) => !forgotten && !hasEnded(last) && now - openedAt < RUN_HAS,
  );
}

function happen(stage: Stage, platform: Platform, happening: Happening): void {
  const { model } = stage;
  const cause = (at: number): Cause => ({
    asked: askedIn(happening, momentOf(at)),
    said: happening.kind === 'call' ? happening : undefined,
  });
  stage.trace?.(() => `● ${JSON.stringify(happening)}`);
  switch (happening.kind) {
    case 'alarm':
      platform.invoke('alarm', alarmEvent(happening), cause(happening.at - happening.age));
      return;
    case 'timer':
      platform.invoke('schedule', timerEvent(happening), cause(happening.due));
      return;
    case 'call':
      platform.invoke(
        'webhook',
        httpEvent(happening, `${happening.path} ${happening.at}`),
        cause(happening.at),
      );
      return;
    case 'hang':
      hangServer(model, happening.id, stage);
      return;
    case 'by_hand':
      restartByHand(model, happening.id, stage);
      return;
    case 'status': {
      const server = model.servers.get(happening.id);
      if (server === undefined) return;
      server.status = happening.status;
      delete server.restart;
      return;
    }
    case 'host':
      setHost(stage, happening.serverId, happening.status);
      return;
    case 'settings':
      platform.settings = { ...platform.settings, ...happening.change };
      return;
    case 'empty':
      stage.tally.struck('ledger emptied', stage.scheduler.now());
      emptyLedger(stage);
      return;
  }
}

function setHost({ model }: Stage, serverId: string, status: number): void {
  const host = model.hosts.get(serverId);
  if (host !== undefined) (model.hosts as Map<string, Host>).set(serverId, withoutMaintenance(host, status));
}

function withoutMaintenance({ maintenance: _, ...host }: Host, status: number): Host {
  return { ...host, status };
}

/** The faults have ended: hosts are back, nothing hangs in between, and what somebody stopped goes on, or will. */
function calmDown(stage: Stage, platform: Platform): void {
  for (const serverId of stage.model.hosts.keys()) setHost(stage, serverId, IN_SERVICE);
  for (const server of stage.model.servers.values()) {
    if (server.status === RESTARTING && server.restart === undefined) server.status = RUNNING;
  }
  if (stage.book.pause === undefined || !stage.history.resumes) return;
  const resume: Happening = { at: stage.history.calmAt, kind: 'call', method: 'DELETE', path: 'pause' };
  happen(stage, platform, resume);
}

const clockTime = (now: EpochMs): string => new Date(now).toISOString().slice(11, 23);
