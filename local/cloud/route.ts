/** A call of the platform's API: which request it is, and what it answers. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EpochMs } from '../../lib/time.ts';
import type { Model } from '../model/state.ts';
import type { Answer, Reply } from './answer.ts';

export interface Call {
  readonly model: Model;
  readonly now: EpochMs;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body; `undefined` when it is none. */
  readonly body: unknown;
  /** As they were sent; names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly request_id: string;
  /** Takes an event for a function that was called asynchronously. */
  readonly handOver: (functionUrn: string, event: unknown) => void;
}

export interface Route {
  /** Its name in the platform's API reference. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments that start with a colon are parameters. */
  readonly path: string;
  /** Asked by nobody on the platform: the gateway does not ask who calls. */
  readonly unsigned?: true;
  /** How long the body may be; 1 MB unless it says otherwise. */
  readonly maxBodyBytes?: number;
  readonly answer: (call: Call) => Answer | Promise<Reply>;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined;
    } else if (value === '') {
      return undefined;
    } else {
      params[segment.slice(1)] = unescaped(value);
    }
  }
  return params;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
