/** Answers a call: who asks, where it leads, and whatever goes wrong as a problem. */
import type { HttpRequest, HttpResponse } from '../../events/apig.ts';
import type { LogFields } from '../types.ts';
import type { Api } from './api.ts';
import { authorise } from './auth.ts';
import { problemOf, Refusal } from './problem.ts';
import { routeOf } from './routes.ts';

/** Never throws. Who asks is checked before anything is read or said of the path. */
export async function answer(request: HttpRequest, api: Api): Promise<HttpResponse> {
  const response = await answerInFull(request, api);
  return request.method === 'HEAD' ? { ...response, body: '' } : response;
}

async function answerInFull(request: HttpRequest, api: Api): Promise<HttpResponse> {
  const { log } = api;
  const said: { call?: string; api_request_id?: string } =
    request.requestId === undefined ? {} : { api_request_id: request.requestId };
  try {
    authorise(request, api);
    const { name, route, id, base } = routeOf(request);
    said.call = name;
    const call = { request, api, now: api.clock.now(), ...(base === undefined ? {} : { base }) };
    const response = await route(call, id);
    log.info('call answered', { ...said, status: response.status });
    return response;
  } catch (error) {
    const response = problemOf(error);
    const fields: LogFields = { ...said, status: response.status };
    if (error instanceof Refusal)
      log.warn('call refused', { ...fields, code: error.code, reason: error.message });
    else log.error('call failed', { ...fields, ...facts(error) });
    return response;
  }
}

function facts(error: unknown): LogFields {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  return { error: name, code, reason: message };
}
