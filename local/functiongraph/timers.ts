/** Timers that fire: one wait for each TIMER trigger that is switched on, until it is switched off or removed. */
import { between, type EpochMs, hours, milliseconds, parseInstant } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import { timerEvent } from '../demo/events.ts';
import { readSchedule, type Schedule } from './schedule.ts';
import type { DeployedFunction, Trigger } from './state.ts';
import { REGION_ZONE } from './trigger-data.ts';

export interface Timers {
  /** From now on these are the ones that there are. */
  keepOnly(deployed: readonly DeployedFunction[]): void;
  close(): void;
}

/** Node's own timers cannot wait for longer than 24 days. */
const LONGEST_SLEEP = hours(24);

/** What was due while nobody waited is not made up for. */
export function createTimers(
  clock: Pick<LocalClock, 'now' | 'sleep'>,
  fire: (urn: string, event: object) => void,
): Timers {
  const waiting = new Map<string, AbortController>();

  async function wait(urn: string, trigger: Trigger, signal: AbortSignal): Promise<void> {
    const schedule = scheduleOf(trigger);
    for (;;) {
      const due = schedule?.next(clock.now());
      if (due === undefined) return;
      await sleepUntil(due, signal);
      if (signal.aborted) return;
      const { name, user_event } = trigger.event_data;
      fire(urn, timerEvent(String(name), due, String(user_event ?? '')));
    }
  }

  async function sleepUntil(due: EpochMs, signal: AbortSignal): Promise<void> {
    while (clock.now() < due && !signal.aborted) {
      await clock.sleep(milliseconds(Math.min(between(clock.now(), due), LONGEST_SLEEP)), signal);
    }
  }

  return {
    keepOnly(deployed) {
      const wanted = new Map(deployed.flatMap(activeTimers));
      for (const [id, controller] of waiting) {
        if (wanted.has(id)) continue;
        controller.abort();
        waiting.delete(id);
      }
      for (const [id, { urn, trigger }] of wanted) {
        if (waiting.has(id)) continue;
        const controller = new AbortController();
        waiting.set(id, controller);
        void wait(urn, trigger, controller.signal);
      }
    },
    close() {
      for (const controller of waiting.values()) controller.abort();
      waiting.clear();
    },
  };
}

const activeTimers = ({ urn, triggers }: DeployedFunction) =>
  triggers
    .filter((trigger) => trigger.trigger_type_code === 'TIMER' && trigger.trigger_status === 'ACTIVE')
    .map((trigger) => [trigger.trigger_id, { urn, trigger }] as const);

function scheduleOf({ event_data, created_time }: Trigger): Schedule | undefined {
  const { schedule_type, schedule } = event_data;
  const type = schedule_type === 'Rate' ? 'Rate' : 'Cron';
  const begun = parseInstant(created_time);
  if (begun === undefined) return undefined;
  return readSchedule({ type, text: String(schedule) }, begun, REGION_ZONE);
}
