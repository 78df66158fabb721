/** `GET /handed-over`, `DELETE /handed-over/{encode_server_id}`: servers that a person has to look at. */
import type { HttpResponse } from '../../events/apig.ts';
import { iso } from '../time.ts';
import type { ServerRecord } from '../types.ts';
import type { RouteCall } from './api.ts';
import { mustHaveNoBody } from './body.ts';
import { queryOf } from './fields.ts';
import { Refusal } from './problem.ts';
import { json } from './respond.ts';

export async function handedOver({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const { handedOver: ids } = await api.ledger.recall([], now);
  const { servers } = await api.ledger.recall([...ids], now);
  const rows = [...ids].sort().map((id) => ({ encode_server_id: id, ...recordFacts(servers.get(id)) }));
  return json(200, { handed_over: rows });
}

/** A person takes it back: its attempts start again. */
export async function acknowledge({ request, api, now }: RouteCall, id: string): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const { servers } = await api.ledger.recall([id], now);
  const count = await api.ledger.acknowledge([id]);
  if (count === 0) throw new Refusal('not-found', `${id} is not handed over`);
  api.log.warn('handed-over server taken back', { encode_server_id: id });
  return json(200, { encode_server_id: id, handed_over: false, was: recordFacts(servers.get(id)) });
}

function recordFacts(record: ServerRecord | undefined) {
  if (record === undefined) return {};
  const { serverId, handedOver: over, attempts, lastAttemptAt } = record;
  return {
    server_id: serverId,
    ...(over === undefined ? {} : { since: iso(over.since), why: over.why }),
    attempts: attempts.length,
    last_attempt_at: lastAttemptAt === undefined ? null : iso(lastAttemptAt),
  };
}
