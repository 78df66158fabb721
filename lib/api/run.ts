/** `GET /restarts/{run_id}`: what came of a run, server by server. */
import type { HttpResponse } from '../../events/apig.ts';
import { headFacts, type RestartFacts, type RunFacts, restartFacts } from '../report/facts.ts';
import { byAttention } from '../report/tally.ts';
import type { Run } from '../types.ts';
import type { RouteCall } from './api.ts';
import { mustHaveNoBody } from './body.ts';
import { countIn, queryOf } from './fields.ts';
import { Refusal } from './problem.ts';
import { json } from './respond.ts';

/** FunctionGraph takes 6 MB of response; a row with every guard's no is a few KB. */
const ROWS = 1_000;
const MOST_ROWS = 1_000_000;

export async function run({ request, api }: RouteCall, runId: string): Promise<HttpResponse> {
  mustHaveNoBody(request);
  const offset = countIn(queryOf(request, ['offset']), 'offset', { least: 0, most: MOST_ROWS, otherwise: 0 });
  const found = await api.ledger.run(runId);
  if (found === undefined) {
    throw new Refusal('not-found', `no run ${runId} is known; runs are kept for at least 48 hours`);
  }
  return json(200, runPage(found, offset));
}

export interface RunPage extends Omit<RunFacts, 'restarts'> {
  readonly restarts: readonly RestartFacts[];
  /** Where the rows go on that this page has no room for. */
  readonly next_offset?: number;
}

export function runPage(run: Run, offset: number): RunPage {
  const end = offset + ROWS;
  const rows = byAttention(run.targets).slice(offset, end);
  return {
    ...headFacts(run),
    restarts: rows.map(restartFacts),
    ...(end < run.targets.length ? { next_offset: end } : {}),
  };
}
