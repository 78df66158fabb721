/** Timers of `schedule`: whether their events would be understood, and whether any would be carried out. */
import { Cron } from 'croner';
import { isProblem } from '../../events/event.ts';
import { readTimerEvent } from '../../events/timer.ts';
import { timerRequest } from '../../lib/intake/timer.ts';
import type { Settings } from '../../lib/settings.ts';
import { epochMs, systemClock } from '../../lib/time.ts';
import { windowState } from '../../lib/window.ts';
import { type Problem, shown } from './problems.ts';
import type { ServiceFunction } from './service.ts';

/** So many times of a timer are looked at. */
const TIMES = 20;

export function checkTimers({ key, triggers }: ServiceFunction, settings: Settings): readonly Problem[] {
  return triggers.flatMap((trigger, at): readonly Problem[] => {
    if (key !== 'schedule' || trigger.triggerTypeCode !== 'TIMER') return [];
    const path = ['functions', key, 'events', at, 'eventData'];
    const { name, schedule, userEvent = '' } = trigger.eventData;
    return [
      ...checkUserEvent(name, userEvent, [...path, 'userEvent']),
      ...checkWindow(schedule, settings, [...path, 'schedule']),
    ];
  });
}

/** What the function would say of the event, every night. */
function checkUserEvent(name: string, userEvent: string, path: Problem['path']): readonly Problem[] {
  const event = {
    version: 'v1.0',
    time: '2026-03-01T18:30:00Z',
    trigger_type: 'TIMER',
    trigger_name: name,
    user_event: userEvent,
  };
  const timer = readTimerEvent(event);
  const request = isProblem(timer) ? timer : timerRequest(timer);
  if (!isProblem(request)) return [];
  const [, inner = '', expected = request.problem, got = 'something else'] =
    /^event\.user_event\.?(.*?): expected (.*), got (.*)$/s.exec(request.problem) ?? [];
  return [{ path: inner === '' ? path : [...path, inner], expected, got }];
}

/** A timer that is never due inside the window restarts nothing, every night, and says nothing of it. */
function checkWindow(schedule: string, { window }: Settings, path: Problem['path']): readonly Problem[] {
  const [, zone, cron = ''] = /^CRON_TZ=(\S+) (.*)$/.exec(schedule) ?? [];
  if (window === undefined || zone === undefined) return [];
  // `0/20` is the platform's own way of writing `0-59/20`.
  const due = new Cron(cron, { timezone: zone, paused: true, sloppyRanges: true });
  const times = due.nextRuns(TIMES, new Date(systemClock.now()));
  if (times.length > 0 && times.some((time) => windowState(window, epochMs(time.getTime())).open)) return [];
  const windows = window.map(({ text }) => text).join(', ');
  const expected = `a time inside custom.settings.window (${windows}): what comes outside is held`;
  return [{ path, expected, got: shown(schedule) }];
}
