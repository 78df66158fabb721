/** `POST /restarts`: takes a request over and says where its run can be read. */
import type { HttpResponse } from '../../events/apig.ts';
import { hasEnded, type RestartRequest, type Run, type Selector } from '../types.ts';
import type { RouteCall } from './api.ts';
import { Refusal } from './problem.ts';
import { readRestart } from './read-restart.ts';
import { json } from './respond.ts';
import { runPage } from './run.ts';

export async function restart({ request, api, now, base }: RouteCall): Promise<HttpResponse> {
  const asked = readRestart(request, now);
  const accepted = await api.accept(asked);
  switch (accepted.kind) {
    case 'accepted':
      return shown(202, accepted.run, base);
    case 'known':
      return shown(...again(accepted.run, asked), base);
  }
}

function again(run: Run | undefined, asked: RestartRequest): readonly [status: 200 | 202, run: Run] {
  if (run === undefined) {
    throw new Refusal(
      'being-accepted',
      'this call was accepted before, but its run cannot be read just now; ask again in a moment, with the same key',
      { headers: { 'Retry-After': '2' } },
    );
  }
  // A run that this delivery joined was asked for by another: there is nothing to compare with.
  const isOwn = run.request.deliveryId === asked.deliveryId;
  if (isOwn && meaningOf(run.request) !== meaningOf(asked)) {
    throw new Refusal(
      'key-used-before',
      `header idempotency-key: expected a new key for a new request; run ${run.runId} answers the one before`,
    );
  }
  return [hasEnded(run) ? 200 : 202, run];
}

const shown = (status: number, run: Run, base: string | undefined): HttpResponse =>
  json(status, runPage(run, 0), { Location: `${base === undefined ? '' : `${base}/`}restarts/${run.runId}` });

/** What a caller decided, in one order: the same request sent again has the same. */
function meaningOf({ selector, reason, requestedBy, dryRun, override }: RestartRequest): string {
  return JSON.stringify([idsOf(selector), reason, requestedBy, dryRun, override?.guards, override?.why]);
}

function idsOf(selector: Selector): readonly unknown[] {
  switch (selector.kind) {
    case 'ids':
      return [selector.kind, [...selector.encodeServerIds].sort(), selector.serverId];
    case 'hosts':
      return [selector.kind, [...selector.serverIds].sort()];
    case 'phones':
      return [selector.kind, [...selector.phoneIds].sort()];
    case 'candidates':
    case 'abnormal':
    case 'all':
      return [selector.kind];
  }
}
