/** What the routes stand on, and what a route is. */
import type { HttpRequest, HttpResponse } from '../../events/apig.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Settings } from '../settings.ts';
import type { Clock, EpochMs } from '../time.ts';
import type { Log, RestartRequest, Run } from '../types.ts';

/** Takes a request over: written down before anything else, then handed to patrol. */
export type Accept = (request: RestartRequest) => Promise<
  | { readonly kind: 'accepted'; readonly run: Run }
  /** This delivery was accepted before; no run: it cannot be read (yet, or any more). */
  | { readonly kind: 'known'; readonly run: Run | undefined }
>;

export interface Api {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: Log;
  readonly accept: Accept;
  /** The variable `API_SECRET`. */
  readonly secret: string | undefined;
}

/** One call of a route. Whoever calls is known by now, nothing else has been looked at. */
export interface RouteCall {
  readonly request: HttpRequest;
  readonly api: Api;
  readonly now: EpochMs;
  /** The path up to the route, without a slash at its end; absent where the call does not show it. */
  readonly base?: string;
}

/** `id`: what the path says in the place of `{id}`; empty for a route without one. @throws Refusal */
export type Route = (call: RouteCall, id: string) => Promise<HttpResponse>;
