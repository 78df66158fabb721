/** Plays a scenario in virtual time, with one instance struck down on the way, and says what was broken. */
import { emptyState, type LedgerState } from '../../lib/ledger/state.ts';
import { parseSettings } from '../../lib/settings.ts';
import { after, between, type DurationMs, hours, milliseconds, minutes } from '../../lib/time.ts';
import { type LocalClock, virtualClock } from '../../local/clock.ts';
import { timerEvent } from '../../local/demo/events.ts';
import { limitsOf } from '../../local/deployment.ts';
import { FUNCTION_NAMES } from '../../local/functions.ts';
import type { LocalPlatform } from '../../local/ground.ts';
import { settingsFor } from '../../local/play.ts';
import { type Scene, startScene } from '../../local/scene.ts';
import type { Book, Looker, Violation } from './book.ts';
import { countEffects, type Effect, type Strike } from './effects.ts';
import { missing } from './ends.ts';
import { inTurn, mortal } from './instance.ts';
import { BEGINS_AT, type Scenario, TOPIC } from './scenario.ts';
import { watchedLedger, watchedTransport } from './watch.ts';

export interface PlayOptions {
  readonly strike?: Strike;
  /** The platform delivers the event once more, a minute after the instance died with it. It may, or it may not. */
  readonly isRedelivered?: boolean;
  /** How long it may take until everything is done and told; two hours unless it says otherwise. */
  readonly patience?: DurationMs;
  /** A broken engine: stands between the instances and the ledger that they believe in. */
  readonly plant?: (platform: LocalPlatform) => LocalPlatform;
}

export interface Played {
  /** Until everything was done and told. */
  readonly effects: readonly Effect[];
  /** What the strike hit. */
  readonly struck: Effect | undefined;
  readonly violations: readonly Violation[];
  /** How often CPH took a restart. */
  readonly restarts: number;
}

/** Read once: it is a file. */
const LIMITS = Object.fromEntries(FUNCTION_NAMES.map((name) => [name, limitsOf(name)]));
/** Time enough for what is left to come to its end. */
const PATIENCE = hours(2);
/** When everything is done and told, so many more patrols must find nothing to do. */
const QUIET_PATROLS = 2;
const MINUTE = minutes(1);
const PAUSE_LASTS = minutes(10);

export async function playThrough(scenario: Scenario, options: PlayOptions = {}): Promise<Played> {
  const { strike, isRedelivered = false, patience = PATIENCE, plant = (platform) => platform } = options;
  const clock = virtualClock(BEGINS_AT);
  const state = emptyState();
  const effects = countEffects(strike);
  const takeTurn = inTurn();
  const place = settingsFor([], { alarm_topics: [TOPIC], exclude: ['excluded'], ...scenario.settings });
  const logged: string[] = [];
  let ground: LocalPlatform | undefined;
  let book: Book | undefined;
  const scene = await startScene({
    ...place,
    clock,
    fleet: scenario.fleet,
    faults: [],
    ledger: state,
    writeLine: (line) => void (line.includes('"report, in full') && logged.push(line)),
    limits: LIMITS,
    instance(platform, functionName) {
      ground ??= plant(platform);
      return mortal(watched(ground, book as Book), functionName, effects, takeTurn);
    },
  });
  book = {
    model: scene.model,
    settings: parseSettings(place.settings),
    named: new Set(scenario.named),
    meansHealthy: scenario.meansHealthy === true,
    pause: () => state.pause,
    intentOf: (id) => state.inFlight.get(id)?.runId,
    handedOver: (id) => state.servers.get(id)?.handedOver !== undefined,
    claims: [],
    runs: new Map(),
    logged,
    violations: [],
  };
  try {
    const quietAfter = await untilQuiet(
      scenario,
      { isRedelivered, patience },
      { scene, clock, state, book },
      () => effects.all.length,
    );
    return {
      effects: effects.all.slice(0, quietAfter),
      struck: effects.struck(),
      violations: book.violations.length > 0 ? book.violations : missing(book, state, clock.now()),
      restarts: scene.model.restarts.length,
    };
  } finally {
    await scene.close();
  }
}

/** What an instance does is in the book, whatever becomes of the instance. */
function watched(platform: LocalPlatform, book: Book): LocalPlatform {
  const by: Looker = {};
  return {
    ...platform,
    ledger: watchedLedger(platform.ledger, by, book, platform.clock),
    transport: () => watchedTransport(platform.transport(), by, book, platform.clock),
  };
}

interface Stage {
  readonly scene: Scene;
  readonly clock: LocalClock;
  readonly state: LedgerState;
  readonly book: Book;
}

/** The event, and patrol every minute, until nothing is owed any more. How many effects that took. */
async function untilQuiet(
  scenario: Scenario,
  { isRedelivered, patience }: { readonly isRedelivered: boolean; readonly patience: DurationMs },
  { scene, clock, state, book }: Stage,
  effectsNow: () => number,
): Promise<number> {
  let underWay = 0;
  const call = async (functionName: string, event: object): Promise<'done' | 'failed'> => {
    underWay += 1;
    try {
      await scene.invoke(functionName, event);
      return 'done';
    } catch {
      return 'failed';
    } finally {
      underWay -= 1;
    }
  };
  const { event } = scenario;
  let isDelivered = event === undefined;
  const deliver = async (): Promise<void> => {
    if (event === undefined) return;
    const end = await call(scenario.functionName, event);
    if (end === 'failed' && isRedelivered) {
      await clock.sleep(MINUTE);
      await call(scenario.functionName, event);
    }
    isDelivered = true;
  };
  const delivering = deliver();
  const { pausedAfter } = scenario;
  if (pausedAfter !== undefined) {
    void clock.sleep(pausedAfter).then(() => {
      state.pause = { who: 'ops', why: 'a release', until: after(clock.now(), PAUSE_LASTS) };
    });
  }
  let quiet = 0;
  let quietAfter = 0;
  for (
    let now = clock.now();
    between(BEGINS_AT, now) < patience && quiet <= QUIET_PATROLS;
    now = clock.now()
  ) {
    await clock.sleep(milliseconds(MINUTE - (now % MINUTE)));
    const isQuiet = isDelivered && underWay === 0 && missing(book, state, clock.now()).length === 0;
    if (isQuiet && quiet === 0) quietAfter = effectsNow();
    quiet = isQuiet ? quiet + 1 : 0;
    void call('patrol', timerEvent('every-minute', clock.now(), ''));
  }
  await delivering;
  await scene.settled();
  while (underWay > 0) await clock.sleep(MINUTE);
  return quietAfter;
}
