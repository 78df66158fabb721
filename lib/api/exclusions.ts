/** `GET /exclusions`, `PUT | DELETE /exclusions/{id}`: hosts and servers that are kept from being restarted. */
import type { HttpResponse } from '../../events/apig.ts';
import { iso } from '../time.ts';
import type { RouteCall } from './api.ts';
import { bodyOf, mustHaveNoBody } from './body.ts';
import { neededText, queryOf } from './fields.ts';
import { Refusal } from './problem.ts';
import { LONGEST } from './read-restart.ts';
import { json } from './respond.ts';

/** Those of the settings too, which only a deployment changes. */
export async function excluded({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const { exclusions } = await api.ledger.recall([], now);
  const rows = [...exclusions].map(([id, { who, why, since }]) => ({ id, who, why, since: iso(since) }));
  const byAge = rows.sort((a, b) => (a.since < b.since ? -1 : 1));
  return json(200, { exclusions: byAge, in_settings: api.settings.exclude });
}

export async function exclude({ request, api, now }: RouteCall, id: string): Promise<HttpResponse> {
  queryOf(request, []);
  const body = bodyOf(request, ['who', 'why']);
  const who = neededText(body, 'who', LONGEST.who);
  const why = neededText(body, 'why', LONGEST.why);
  await api.ledger.exclude(id, { who, why, since: now });
  api.log.warn('excluded', { id, who, why });
  return json(200, { id, who, why, since: iso(now) });
}

export async function include({ request, api }: RouteCall, id: string): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const wasExcluded = await api.ledger.include(id);
  const isInSettings = api.settings.exclude.includes(id);
  if (!wasExcluded) {
    const where = isInSettings ? 'by the settings alone: take it out there and deploy' : 'by nobody';
    throw new Refusal('not-found', `${id} is excluded ${where}`);
  }
  api.log.warn('included again', { id });
  return json(200, { id, excluded: isInSettings });
}
