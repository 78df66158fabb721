/** Which path and method leads where. */
import type { HttpRequest } from '../../events/apig.ts';
import type { Route } from './api.ts';
import { exclude, excluded, include } from './exclusions.ts';
import { idIn } from './fields.ts';
import { acknowledge, handedOver } from './handed-over.ts';
import { health } from './health.ts';
import { pause, paused, resume } from './pause.ts';
import { Refusal } from './problem.ts';
import { restart } from './restart.ts';
import { restarts } from './restarts.ts';
import { run } from './run.ts';

/** By method in upper case, as no name of the prototype is. */
type Methods = Readonly<Partial<Record<string, Route>>>;

/** For what only a ledger can know that all functions share: one instance's own would answer with half a truth. */
const onShared =
  (route: Route): Route =>
  async (call, id) => {
    if (call.api.ledger.shared) return route(call, id);
    throw new Refusal(
      'no-shared-ledger',
      'no shared ledger: every instance of a function has its own. Set LEDGER_URL to have one.',
    );
  };

/** `itself`: the path ends with the word. `item`: an id follows it. */
const ROUTES: ReadonlyMap<string, { readonly itself?: Methods; readonly item?: Methods }> = new Map([
  ['restarts', { itself: { GET: onShared(restarts), POST: restart }, item: { GET: onShared(run) } }],
  ['pause', { itself: { GET: onShared(paused), PUT: onShared(pause), DELETE: onShared(resume) } }],
  ['handed-over', { itself: { GET: onShared(handedOver) }, item: { DELETE: onShared(acknowledge) } }],
  [
    'exclusions',
    { itself: { GET: onShared(excluded) }, item: { PUT: onShared(exclude), DELETE: onShared(include) } },
  ],
  ['health', { itself: { GET: health } }],
]);

interface Place {
  readonly name: string;
  readonly methods: Methods;
  readonly base: string;
  readonly id?: string;
}

export interface Found {
  /** For the log: `GET restarts/{id}`. */
  readonly name: string;
  readonly route: Route;
  readonly id: string;
  readonly base?: string;
}

/** @throws Refusal when no route has this path, or it does not take this method */
export function routeOf({ method, path, captured }: HttpRequest): Found {
  const called = placeOf(path);
  const place = called ?? placeOf(captured ?? '');
  if (place === undefined) throw new Refusal('not-found', 'path: expected one of the routes');
  // HEAD is GET; `answer` leaves the body out.
  const route = place.methods[method === 'HEAD' ? 'GET' : method];
  if (route === undefined) {
    const methods = Object.keys(place.methods).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
    throw new Refusal('method-not-allowed', `${place.name}: expected ${methods.join(', ')}`, {
      headers: { Allow: methods.join(', ') },
    });
  }
  const id = place.id === undefined ? '' : idIn(place.id, 'path');
  const base = called !== undefined && /^[\w./~%-]*$/.test(called.base) ? { base: called.base } : {};
  return { name: `${method} ${place.name}`, route, id, ...base };
}

/** What stands before the first word of ours is the API's own path; after it nothing may stand that means nothing. */
function placeOf(path: string): Place | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const start = segments.findIndex((segment) => ROUTES.has(segment));
  const [word = '', id, ...more] = segments.slice(Math.max(start, 0));
  const route = ROUTES.get(word);
  const methods = id === undefined ? route?.itself : route?.item;
  if (methods === undefined || more.length > 0) return undefined;
  const base = segments
    .slice(0, start)
    .map((segment) => `/${segment}`)
    .join('');
  return {
    name: id === undefined ? word : `${word}/{id}`,
    methods,
    base,
    ...(id === undefined ? {} : { id }),
  };
}
