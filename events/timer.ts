/** The TIMER trigger event: what FunctionGraph hands over when a schedule is due. */
import * as z from 'zod/mini';
import { type EpochMs, parseInstant } from '../lib/time.ts';
import { type EventProblem, isObject, isProblem, openEvent, own, parseJson, shown } from './event.ts';
import { type EventSelector, readSelector, SELECTOR_KEYS, unexpected } from './selector.ts';

export interface TimerEvent {
  /** When it was due, as FunctionGraph says it. */
  readonly time: EpochMs;
  readonly triggerName: string;
  readonly userEvent: UserEvent;
}

/** What a timer's `user_event` may say; it may only narrow the settings. */
export interface UserEvent {
  /** Absent: nothing is narrowed. */
  readonly selector?: EventSelector;
  /** Texts that are still to be read as windows. */
  readonly window?: readonly string[];
  /** A count, or a share like `"5%"`. */
  readonly maxUnavailable?: number | string;
  /** A count, or a share like `"10%"`. */
  readonly maxErrors?: number | string;
  readonly dryRun?: boolean;
  readonly reason?: string;
}

const PLACE = 'event.user_event';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);
const isLimit = (value: unknown): value is number | string =>
  typeof value === 'string'
    ? /^(100|\d{1,2})%$/.test(value)
    : Number.isSafeInteger(value) && Number(value) >= 0;
const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;

const limit = z.custom<number | string>(isLimit, 'a whole number, or a share like "5%"');
/** What narrows beside the selector. */
const narrowing = z.object({
  window: z.optional(
    z.custom<string | readonly string[]>(
      (value) => isText(value) || isTexts(value),
      'a window like "22:00-04:00 Asia/Shanghai", or a list',
    ),
  ),
  max_unavailable: z.optional(limit),
  max_errors: z.optional(limit),
  dry_run: z.optional(z.boolean('true or false')),
  reason: z.optional(z.custom<string>(isShort, 'a text of at most 200 characters')),
});
const KEYS: readonly string[] = [...SELECTOR_KEYS, ...Object.keys(narrowing.shape)];

/** Reads the event; both versions, `v1.0` and `v2.0`, say the same in the same places, so the version is not asked. */
export function readTimerEvent(event: unknown): TimerEvent | EventProblem {
  const opened = openEvent(event);
  if (!isObject(opened)) return unexpected('event', 'a TIMER event', opened);
  if (isProblem(opened)) return opened;
  const type = own(opened, 'trigger_type');
  if (type !== 'TIMER') return unexpected('event.trigger_type', '"TIMER"', type);
  const sent = own(opened, 'time');
  const time = typeof sent === 'string' ? parseInstant(sent) : undefined;
  if (time === undefined) return unexpected('event.time', 'a time like "2026-03-01T02:00:00+08:00"', sent);
  const triggerName = own(opened, 'trigger_name');
  if (typeof triggerName !== 'string' || triggerName === '') {
    return unexpected('event.trigger_name', 'a name', triggerName);
  }
  const said = own(opened, 'user_event');
  if (typeof said !== 'string') return unexpected(PLACE, 'a JSON object as text', said);
  const userEvent = readUserEvent(said);
  return isProblem(userEvent) ? userEvent : { time, triggerName, userEvent };
}

function readUserEvent(said: string): UserEvent | EventProblem {
  if (said.trim() === '') return {};
  const given = parseJson(said);
  if (!isObject(given)) return unexpected(PLACE, 'a JSON object', given === undefined ? said : given);
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    return { problem: `${PLACE}: expected one of ${KEYS.join(', ')}, got the key ${shown(unknown)}` };
  }
  const selector = readSelector(given, PLACE);
  if (selector !== undefined && isProblem(selector)) return selector;
  const parsed = narrowing.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = String(issue?.path[0]);
    return unexpected(`${PLACE}.${key}`, issue?.message ?? 'another value', own(given, key));
  }
  const {
    window,
    max_unavailable: maxUnavailable,
    max_errors: maxErrors,
    dry_run: dryRun,
    reason,
  } = parsed.data;
  return {
    ...(selector === undefined ? {} : { selector }),
    ...(window === undefined ? {} : { window: typeof window === 'string' ? [window] : window }),
    ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(reason === undefined ? {} : { reason }),
  };
}
