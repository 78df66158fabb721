/** The call of FunctionGraph that the local cloud knows. */
import { invokeAsync } from '../model/functions.ts';
import { fssError } from './answer.ts';
import type { Route } from './route.ts';

export const FUNCTIONGRAPH_ROUTES: readonly Route[] = [
  {
    operation: 'InvokeFunctionAsync',
    method: 'POST',
    path: '/v2/:project_id/fgs/functions/:function_urn/invocations-async',
    answer: ({ model, params, body, now, request_id, handOver }) => {
      const urn = params['function_urn'] ?? '';
      const queued = invokeAsync(model, urn, body, now);
      if (!queued.ok) return fssError(queued.code, request_id);
      handOver(urn, body);
      return { status: 202, body: { request_id } };
    },
  },
];
