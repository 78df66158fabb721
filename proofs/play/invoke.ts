/** FunctionGraph as far as it matters: an instance for each event, its time limit, and what failed comes again. */
import type { ApigResponse } from '../../events/apig.ts';
import { alarm } from '../../functions/alarm.ts';
import { patrolWork } from '../../functions/patrol.ts';
import { schedule } from '../../functions/schedule.ts';
import { webhook } from '../../functions/webhook.ts';
import type { Call } from '../../lib/runtime/function.ts';
import { given } from '../../lib/runtime/platform.ts';
import { before, epochMs, seconds } from '../../lib/time.ts';
import type { Witness } from '../book/book.ts';
import { answeredCall } from '../book/said.ts';
import { patrolled } from '../book/told.ts';
import { die } from './blows.ts';
import { createInstance } from './instance.ts';
import { settingsOf } from './settings.ts';
import type { Stage } from './stage.ts';
import { worldOf } from './world.ts';

export type FunctionName = 'alarm' | 'schedule' | 'webhook' | 'patrol';

const WORK: Readonly<Record<FunctionName, (event: unknown, call: Call) => Promise<unknown>>> = {
  alarm,
  schedule,
  webhook,
  patrol: (event, call) => patrolWork({})(event, call),
};

interface Invocation {
  readonly name: FunctionName;
  readonly event: unknown;
  readonly cause: Cause;
}

export type Cause = Pick<Witness, 'asked' | 'said'>;
export const NOBODY: Cause = { asked: undefined, said: undefined };

export interface Platform {
  /** `cause`: what the book knows of who sent the event. */
  invoke(name: FunctionName, event: unknown, cause?: Cause): void;
  /** How many instances are at work. */
  alive(): number;
  settings: Readonly<Record<string, unknown>>;
}

export function createPlatform(stage: Stage): Platform {
  const { history, scheduler, tally } = stage;
  const { platform: unknowns } = history;
  let count = 0;
  let alive = 0;

  const platform: Platform = {
    invoke: (name, event, cause = NOBODY) => start({ name, event, cause }, 0),
    alive: () => alive,
    settings: history.settings,
  };
  return platform;

  function start(invocation: Invocation, retry: number): void {
    const { name, event, cause } = invocation;
    count += 1;
    alive += 1;
    tally.counts.invocations += 1;
    const settings = settingsOf(platform.settings);
    const instance = createInstance(stage, { name: `${name}#${count}`, settings, ...cause });
    let isOver = false;
    const end = (failed: boolean): void => {
      if (isOver) return;
      isOver = true;
      alive -= 1;
      const mayRetry = name !== 'webhook' && retry < unknowns.retries;
      if (failed && mayRetry)
        scheduler.at(epochMs(scheduler.now() + unknowns.retryAfter), () => start(invocation, retry + 1));
    };
    instance.onDeath = () => end(unknowns.retriesKilled);
    const killedAt = epochMs(scheduler.now() + limitOf(name, unknowns) * 1_000);
    scheduler.at(killedAt, function kill() {
      if (isOver) return;
      // What is frozen does not feel its time limit either.
      if (instance.thawAt > scheduler.now()) scheduler.at(epochMs(instance.thawAt + 1_000), kill);
      else die(instance);
    });
    const world = worldOf(stage, instance, (woken) => wakePatrol(woken));
    const word = before(epochMs(killedAt + instance.witness.skew), seconds(2));
    const answer = before(word, seconds(25));
    const until = { work: answer, answer, word };
    const call: Call = { world, until, variable: () => undefined, opened: given(world.ledger) };
    stage.trace?.(() => `▶ ${instance.name} ${JSON.stringify(event).slice(0, 200)}`);
    WORK[name](event, call).then(
      (result) => {
        stage.trace?.(() => `■ ${instance.name} ${JSON.stringify(result).slice(0, 200)}`);
        if (name === 'webhook') answeredCall(stage.book, instance.witness, statusOf(result), scheduler.now());
        if (name === 'patrol' && isRound(event)) patrolled(stage.book, instance.witness, scheduler.now());
        end(false);
      },
      (error: unknown) => {
        stage.trace?.(() => `✗ ${instance.name} ${String(error)}`);
        if (error instanceof TypeError || error instanceof RangeError)
          stage.tally.struck('a bug', scheduler.now());
        end(true);
      },
    );
  }

  function wakePatrol(event: unknown): void {
    const { dice } = stage;
    const times = dice.chance(10) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      scheduler.at(epochMs(scheduler.now() + dice.int(10, 3_000)), () => platform.invoke('patrol', event));
    }
  }
}

const statusOf = (answer: unknown): number => (answer as ApigResponse).statusCode;

/** Not only of the one run that it was called for. */
const isRound = (event: unknown): boolean => !JSON.stringify(event).includes('"run_id"');

function limitOf(name: FunctionName, { alarmLimit, patrolLimit }: Stage['history']['platform']): number {
  switch (name) {
    case 'alarm':
    case 'schedule':
      return alarmLimit;
    case 'webhook':
      return 60;
    case 'patrol':
      return patrolLimit;
  }
}
