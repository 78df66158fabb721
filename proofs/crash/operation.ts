/** Which call of the platform's API a request is, and what it carries. */
import type { HttpRequest } from '../../lib/huawei/transport.ts';
import { CPH_ROUTES } from '../../local/cloud/cph.ts';
import { FUNCTIONGRAPH_ROUTES } from '../../local/cloud/functiongraph.ts';
import { matchRoute } from '../../local/cloud/route.ts';
import { SMN_ROUTES } from '../../local/cloud/smn.ts';

const ROUTES = [...CPH_ROUTES, ...SMN_ROUTES, ...FUNCTIONGRAPH_ROUTES];

/** Its name in the platform's API reference. */
export const operationOf = ({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string =>
  matchRoute(ROUTES, method, new URL(url).pathname)?.route.operation ?? `${method} ${new URL(url).pathname}`;

/** The servers that a restart call asks for. */
export function askedFor({ body }: Pick<HttpRequest, 'body'>): readonly string[] {
  const { encode_server_ids } = JSON.parse(body ?? '{}') as {
    readonly encode_server_ids?: readonly string[];
  };
  return encode_server_ids ?? [];
}

/** The servers that a restart call was refused for, by the answer's own words; all others may be restarting. */
export function refusedIn(status: number, text: string, asked: readonly string[]): ReadonlySet<string> {
  if (status >= 500) return new Set();
  if (status >= 300) return new Set(asked);
  const { jobs = [] } = JSON.parse(text) as {
    readonly jobs?: readonly { readonly encode_server_id?: string; readonly error_code?: string }[];
  };
  return new Set(
    jobs.flatMap(({ encode_server_id, error_code }) => (error_code ? [encode_server_id ?? ''] : [])),
  );
}
