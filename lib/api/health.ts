/** `GET /health`: whether it works, and what it is in the middle of. */
import type { HttpResponse } from '../../events/apig.ts';
import { type Clock, type DurationMs, iso, seconds } from '../time.ts';
import { hasEnded } from '../types.ts';
import type { Api, RouteCall } from './api.ts';
import { mustHaveNoBody } from './body.ts';
import { queryOf } from './fields.ts';
import { inForce } from './pause.ts';
import { Refusal } from './problem.ts';
import { json } from './respond.ts';

/** APIG waits five seconds by default. */
const LEDGER_ANSWERS_IN = seconds(2);

export async function health({ request, api, now }: RouteCall): Promise<HttpResponse> {
  mustHaveNoBody(request);
  queryOf(request, []);
  const { ledger, settings, clock } = api;
  const asked = Promise.all([ledger.recall([], now), ledger.unfinishedRuns()]);
  const [remembered, runs] = await within(LEDGER_ANSWERS_IN, clock, asked).catch((error) =>
    unavailable(api, error),
  );
  const { pause, storm, handedOver } = remembered;
  const given = inForce(pause, now);
  // A ledger of this instance's own knows nothing of what the others do.
  const known = {
    paused: given === undefined ? null : { who: given.who, why: given.why, until: iso(given.until) },
    storm: storm === undefined ? null : { since: iso(storm.since) },
    open_runs: runs.filter((run) => !hasEnded(run)).length,
    handed_over: handedOver.size,
  };
  return json(200, {
    status: 'ok',
    mode: settings.mode,
    shared_ledger: ledger.shared,
    ...(ledger.shared ? known : {}),
    settings_hash: settings.hash,
    time: iso(now),
  });
}

function unavailable({ log }: Api, error: unknown): never {
  log.error('the ledger does not answer', { reason: error instanceof Error ? error.message : error });
  throw new Refusal('ledger-unavailable', 'The log of the function says why.');
}

async function within<Value>(span: DurationMs, clock: Clock, work: Promise<Value>): Promise<Value> {
  const deadline = clock.deadline(span);
  const { signal } = deadline;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`no answer within ${span} ms`));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    deadline.clear();
  }
}
