/** Timers: whether their events would be understood and any would be carried out, and whether patrol goes each minute. */
import { Cron } from 'croner';
import { isProblem } from '../../events/event.ts';
import { readTimerEvent } from '../../events/timer.ts';
import { timerRequest } from '../../lib/intake/timer.ts';
import { readWindows, type Settings } from '../../lib/settings.ts';
import { type EpochMs, epochMs, minutes, systemClock } from '../../lib/time.ts';
import { type Window, windowState } from '../../lib/window.ts';
import { type Problem, shown } from './problems.ts';
import type { ServiceFunction } from './service.ts';

/** So many times of a timer are looked at. */
const TIMES = 20;

export function checkTimers({ key, triggers }: ServiceFunction, settings: Settings): readonly Problem[] {
  return triggers.flatMap((trigger, at): readonly Problem[] => {
    if (trigger.triggerTypeCode !== 'TIMER') return [];
    const path = ['functions', key, 'events', at, 'eventData'];
    const { name, schedule, userEvent = '' } = trigger.eventData;
    if (key === 'patrol') return checkMinutes(schedule, [...path, 'schedule']);
    const request = requestOf(name, userEvent);
    if (isProblem(request)) return asProblem(request.problem, [...path, 'userEvent']);
    const windows = [
      { of: 'custom.settings.window', windows: settings.window },
      { of: 'the window of userEvent', windows: readWindows(request.narrowed?.window) },
    ].flatMap(({ of, windows }) => (windows === undefined ? [] : [{ of, windows }]));
    return checkWindow(schedule, windows, [...path, 'schedule']);
  });
}

/** What the function would make of the event, every night. */
function requestOf(name: string, userEvent: string) {
  const event = {
    version: 'v1.0',
    time: '2026-03-01T18:30:00Z',
    trigger_type: 'TIMER',
    trigger_name: name,
    user_event: userEvent,
  };
  const timer = readTimerEvent(event);
  return isProblem(timer) ? timer : timerRequest(timer);
}

function asProblem(said: string, path: Problem['path']): readonly Problem[] {
  const [, inner = '', expected = said, got = 'something else'] =
    /^event\.user_event\.?(.*?): expected (.*), got (.*)$/s.exec(said) ?? [];
  return [{ path: inner === '' ? path : [...path, inner], expected, got }];
}

const EVERY_MINUTE = /^(@every (1m|60s)|1m)$/;

/** Patrol goes round for a minute: more often it is in its own way, less often nobody looks in between. */
function checkMinutes(schedule: string, path: Problem['path']): readonly Problem[] {
  if (EVERY_MINUTE.test(schedule)) return [];
  const times = dueOf(schedule) ?? [];
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  if (gaps.length > 0 && gaps.every((gap) => gap === minutes(1))) return [];
  const expected = 'every minute, as in "CRON_TZ=Asia/Shanghai 0 * * * * *"';
  return [{ path, expected, got: shown(schedule) }];
}

/** The next times of a cron; `undefined` where a span is given, which begins when it begins. */
function dueOf(schedule: string): readonly EpochMs[] | undefined {
  const [, zone, cron = ''] = /^CRON_TZ=(\S+) (.*)$/.exec(schedule) ?? [];
  if (zone === undefined) return undefined;
  // `0/20` is the platform's own way of writing `0-59/20`.
  const due = new Cron(cron, { timezone: zone, paused: true, sloppyRanges: true });
  return due.nextRuns(TIMES, new Date(systemClock.now())).map((time) => epochMs(time.getTime()));
}

/** A timer that is never due inside the window restarts nothing, every night, and says nothing of it. */
function checkWindow(
  schedule: string,
  all: readonly { readonly of: string; readonly windows: readonly Window[] }[],
  path: Problem['path'],
): readonly Problem[] {
  if (all.length === 0) return [];
  const got = shown(schedule);
  const times = dueOf(schedule);
  if (times === undefined) {
    const expected = 'scheduleType Cron beside a window: nobody can say when a span falls inside it';
    return [{ path, expected, got }];
  }
  if (times.some((time) => all.every(({ windows }) => windowState(windows, time).open))) return [];
  const inside = all.map(({ of, windows }) => `${of} (${windows.map(({ text }) => text).join(', ')})`);
  const expected = `a time inside ${inside.join(' and ')}: what comes outside is held`;
  return [{ path, expected, got }];
}
