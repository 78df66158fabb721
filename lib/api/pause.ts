/** `GET | PUT | DELETE /pause`: nothing is restarted until then. */
import type { HttpRequest, HttpResponse } from '../../events/apig.ts';
import { own } from '../../events/event.ts';
import { after, type EpochMs, hours, iso, parseDuration, parseInstant } from '../time.ts';
import type { Pause } from '../types.ts';
import type { RouteCall } from './api.ts';
import { bodyOf, mustHaveNoBody } from './body.ts';
import { type Fields, neededText, queryOf } from './fields.ts';
import { misfit } from './problem.ts';
import { LONGEST } from './read-restart.ts';
import { json, noContent } from './respond.ts';

const LONGEST_PAUSE = hours(24);

export async function paused({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const { pause: given } = await api.ledger.recall([], now);
  return json(200, pauseFacts(inForce(given, now)));
}

/** Replaces the pause that is in force, if any. */
export async function pause({ request, api, now }: RouteCall): Promise<HttpResponse> {
  const given = readPause(request, now);
  await api.ledger.pause(given);
  api.log.warn('paused', { who: given.who, why: given.why, until: iso(given.until) });
  return json(200, pauseFacts(given));
}

/** Says what was paused. */
export async function resume({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const was = inForce(await api.ledger.resume(), now);
  if (was === undefined) return noContent();
  api.log.warn('resumed', { who_paused: was.who, until: iso(was.until) });
  const { paused: _, ...facts } = pauseFacts(was);
  return json(200, { paused: false, was: facts });
}

/** A pause whose time is over is none, though the ledger may still have it. */
export const inForce = (pause: Pause | undefined, now: EpochMs): Pause | undefined =>
  pause !== undefined && pause.until > now ? pause : undefined;

const pauseFacts = (pause: Pause | undefined) =>
  pause === undefined
    ? { paused: false }
    : { paused: true, who: pause.who, why: pause.why, until: iso(pause.until) };

function readPause(request: HttpRequest, now: EpochMs): Pause {
  queryOf(request, []);
  const body = bodyOf(request, ['who', 'why', 'for', 'until']);
  const who = neededText(body, 'who', LONGEST.who);
  const why = neededText(body, 'why', LONGEST.why);
  return { who, why, until: untilIn(body, now), since: now };
}

function untilIn({ place, values }: Fields, now: EpochMs): EpochMs {
  const [lasts, ends] = [own(values, 'for'), own(values, 'until')];
  if ((lasts === undefined) === (ends === undefined)) {
    throw misfit(place, 'either for or until', lasts === undefined ? undefined : ['for', 'until']);
  }
  const isIn = (until: EpochMs) => until > now && until <= after(now, LONGEST_PAUSE);
  if (lasts !== undefined) {
    const span = typeof lasts === 'string' ? parseDuration(lasts) : undefined;
    if (span !== undefined && isIn(after(now, span))) return after(now, span);
    throw misfit(`${place}.for`, 'a duration like "30m" or "2h", at most 24 hours', lasts);
  }
  const until = typeof ends === 'string' ? parseInstant(ends) : undefined;
  if (until !== undefined && isIn(until)) return until;
  throw misfit(`${place}.until`, 'a time like 2026-01-31T03:00:00Z within the next 24 hours', ends);
}
