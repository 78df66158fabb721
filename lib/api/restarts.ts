/** `GET /restarts?limit=`: the runs of the last 48 hours, newest first, without their rows. */
import type { HttpResponse } from '../../events/apig.ts';
import { headFacts } from '../report/facts.ts';
import { before, hours } from '../time.ts';
import type { RouteCall } from './api.ts';
import { mustHaveNoBody } from './body.ts';
import { countIn, queryOf } from './fields.ts';
import { json } from './respond.ts';

const SHOWN_FOR = hours(48);
const LIMIT = { least: 1, most: 100, otherwise: 20 } as const;

export async function restarts({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  const limit = countIn(queryOf(request, ['limit']), 'limit', LIMIT);
  const runs = await api.ledger.runsSince(before(now, SHOWN_FOR), limit);
  // A run of a large fleet has a thousand request ids; its own page shows them.
  return json(200, { restarts: runs.map(headFacts).map(({ request_ids: _, ...head }) => head) });
}
