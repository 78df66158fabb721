/** Which trigger an HTTP request belongs to, and the event that it becomes. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Fields } from './routing.ts';
import type { DeployedFunction } from './state.ts';
import { isGateway } from './trigger-data.ts';
import { apiIdOf } from './triggers.ts';

export interface Api {
  readonly deployed: DeployedFunction;
  readonly apiId: string;
  readonly auth: 'IAM' | 'APP' | 'NONE';
  readonly stage: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** What lies behind the path of an API that takes all below it. */
  readonly captured?: string;
}

/** A whole path goes before a beginning, a longer beginning before a shorter one, a method before any. */
export function findApi(all: readonly DeployedFunction[], method: string, path: string): Api | undefined {
  const found = all.flatMap((deployed) =>
    deployed.triggers.flatMap((trigger) => {
      const { event_data: data, trigger_type_code: type } = trigger;
      const own = String(data['path']);
      if (!isGateway(type) || ![method, 'ANY'].includes(String(data['req_method']))) return [];
      const captured = behind(own, path, data['match_mode'] === 'SWA');
      if (captured === undefined) return [];
      const api: Api = {
        deployed,
        apiId: apiIdOf(trigger),
        auth: data['auth'] as Api['auth'],
        stage: String(data['env_name']),
        timeout: Number((data['func_info'] as Fields | undefined)?.['timeout'] ?? DEFAULT_TIMEOUT),
        ...(captured === '' ? {} : { captured }),
      };
      return [{ api, length: own.length, isAny: data['req_method'] === 'ANY' }];
    }),
  );
  return found.sort((a, b) => b.length - a.length || Number(a.isAny) - Number(b.isAny))[0]?.api;
}

const DEFAULT_TIMEOUT = 5_000;

/** `''` when they are the same. */
function behind(own: string, path: string, takesMore: boolean): string | undefined {
  if (path === own) return '';
  const start = own.endsWith('/') ? own : `${own}/`;
  return takesMore && path.startsWith(start) ? path.slice(start.length) : undefined;
}

/** The body is base64, even an empty one (FunctionGraph developer guide, APIG event source). */
export function apiEvent(
  { apiId, stage, captured }: Api,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
    readonly requestId: string;
  },
): object {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]);
  return {
    body: request.body.toString('base64'),
    isBase64Encoded: true,
    httpMethod: request.method,
    path: request.path,
    headers: { ...Object.fromEntries(headers), 'x-request-id': request.requestId },
    queryStringParameters: Object.fromEntries(new URLSearchParams(request.query)),
    pathParameters: captured === undefined ? {} : { '': captured },
    requestContext: { apiId, requestId: request.requestId, stage },
  };
}
