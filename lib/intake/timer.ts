/** What a timer means: the servers it selects, within settings that it may only narrow. Pure. */
import type { EventProblem } from '../../events/event.ts';
import { isProblem } from '../../events/event.ts';
import type { TimerEvent } from '../../events/timer.ts';
import { readLimit, readWindows, WINDOW_EXPECTED } from '../settings.ts';
import { iso } from '../time.ts';
import type { Narrowing, RestartRequest } from '../types.ts';

/** Without a selector it is the nightly rolling restart of all servers. */
export function timerRequest({ time, triggerName, userEvent }: TimerEvent): RestartRequest | EventProblem {
  const narrowed = narrowing(userEvent);
  if (isProblem(narrowed)) return narrowed;
  const { selector = { kind: 'all' }, dryRun = false, reason } = userEvent;
  return {
    deliveryId: `timer ${triggerName} ${iso(time)}`,
    source: 'timer',
    selector,
    reason: reason ?? (selector.kind === 'all' ? 'rolling restart' : `restart of ${selector.kind}`),
    requestedBy: triggerName,
    requestedAt: time,
    dryRun,
    ...(Object.keys(narrowed).length === 0 ? {} : { narrowed }),
  };
}

function narrowing({ window, maxUnavailable, maxErrors }: TimerEvent['userEvent']): Narrowing | EventProblem {
  if (window !== undefined && readWindows(window) === undefined) {
    const got = JSON.stringify(window);
    return { problem: `event.user_event.window: expected ${WINDOW_EXPECTED}, got ${got}` };
  }
  const unavailable = readLimit(maxUnavailable);
  const errors = readLimit(maxErrors);
  return {
    ...(window === undefined ? {} : { window }),
    ...(unavailable === undefined ? {} : { maxUnavailable: unavailable }),
    ...(errors === undefined ? {} : { maxErrors: errors }),
  };
}
