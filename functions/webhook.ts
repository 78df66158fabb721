/** The webhook function: APIG hands over HTTP calls; what is asked to be restarted is written down and handed on. */
import { type ApigResponse, readApigEvent, toApig } from '../events/apig.ts';
import { isProblem } from '../events/event.ts';
import { answer } from '../lib/api/answer.ts';
import { misfitOf, problemOf } from '../lib/api/problem.ts';
import { accept } from '../lib/run/accept.ts';
import { type Call, type FunctionHandler, onFunctionGraph } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';

/** Always answers: APIG turns an error into a 500 of its own, which says nothing. */
export function createWebhook(platform: Platform): FunctionHandler<ApigResponse> {
  const answered = onFunctionGraph(platform, webhook);
  return async function answerWhateverHappens(event, context) {
    try {
      return await answered(event, context);
    } catch (error) {
      return toApig(problemOf(error));
    }
  };
}

export const handler = createWebhook(functionGraph());

/** Its own work, without what FunctionGraph wraps around it. */
export async function webhook(event: unknown, call: Call): Promise<ApigResponse> {
  const { clock, ledger, log, settings } = call.world;
  const request = readApigEvent(event);
  if (isProblem(request)) throw misfitOf(request);
  const api = { clock, ledger, log, settings, secret: call.variable('API_SECRET') };
  return toApig(await answer(request, { ...api, accept: (asked) => accept(asked, call.world, call.until) }));
}
