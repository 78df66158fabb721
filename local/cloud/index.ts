/** The local cloud as an HTTP server on loopback: CPH, SMN and FunctionGraph behind a gateway that checks every signature. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, milliseconds } from '../../lib/time.ts';
import type { Log } from '../../lib/types.ts';
import type { LocalClock } from '../clock.ts';
import type { FaultInstance } from '../faults/fault.ts';
import type { Model } from '../model/state.ts';
import { type Answer, cpsError, fssError, gatewayError, noSuchApi, type Reply, smnError } from './answer.ts';
import { CPH_ROUTES } from './cph.ts';
import { FUNCTIONGRAPH_ROUTES } from './functiongraph.ts';
import { bodyOf, jsonOf } from './receive.ts';
import { type Match, matchRoute, type Route } from './route.ts';
import { respond, send } from './send.ts';
import { type Credentials, distrust } from './signature.ts';
import { SMN_ROUTES } from './smn.ts';

export type { Answer, Intercept, Intercepted, Reply } from './answer.ts';
export type { Credentials } from './signature.ts';

export interface CloudOptions {
  readonly model: Model;
  readonly clock: Pick<LocalClock, 'now' | 'hang'>;
  /** The first is the outermost: it sees a call before the others do. */
  readonly faults: readonly FaultInstance[];
  /** Whoever signs with one of them is let in. */
  readonly credentials: Credentials | readonly Credentials[];
  readonly log: Log;
  /** Takes the events of asynchronous calls; without it they are only kept in the model. */
  readonly invokeAsync?: (functionUrn: string, event: unknown) => void;
  /** FunctionGraph with functions that are deployed, in place of the one that only takes events. */
  readonly functionGraph?: readonly Route[];
  /** Any free one unless it says otherwise. */
  readonly port?: number;
}

/** Where the functions are told to find each service. */
export interface Endpoints {
  readonly cph: string;
  readonly smn: string;
  readonly functiongraph: string;
}

export interface Cloud {
  /** Where it really is, for all services; without a slash at the end. */
  readonly url: string;
  /** The same for each service, unless a fault leads astray. */
  readonly endpoints: Endpoints;
  /** How often each operation was asked for, refused or not; `unknown` are those that do not exist. */
  calls(): Record<string, number>;
  /** Ends at once, open connections included. */
  close(): Promise<void>;
}

interface Service {
  readonly routes: readonly Route[];
  /** Its error for a project that is not ours. */
  readonly foreign: (requestId: string) => Answer;
}

const servicesWith = (functionGraph: readonly Route[]): readonly Service[] => [
  { routes: CPH_ROUTES, foreign: (id) => cpsError('CPS.0046', id) },
  { routes: SMN_ROUTES, foreign: (id) => smnError('SMN.0005', id) },
  { routes: functionGraph, foreign: (id) => fssError('FSS.1051', id) },
];
/** Longer than any wait of a demo, so that no connection is closed while a client is about to use it. */
const KEEP_ALIVE_MS = 120_000;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { model, clock, faults, credentials, log } = options;
  const services = servicesWith(options.functionGraph ?? FUNCTIONGRAPH_ROUTES);
  const routes = services.flatMap((service) => service.routes);
  const calls = new Map<string, number>();
  const callsOver = new WeakMap<Socket, number>();
  const skew = milliseconds(faults.reduce((sum, { clockSkew = 0 }) => sum + clockSkew, 0));
  for (const { ruling, behaviour } of faults) {
    if (ruling !== undefined) model.rulings.push(ruling);
    model.behaviour = { ...model.behaviour, ...behaviour };
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '', headers } = request;
    const [path = '', query = ''] = target.split('?', 2);
    const match = matchRoute(routes, method, path);
    const operation = match?.route.operation ?? 'unknown';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const body = await bodyOf(request, match?.route.maxBodyBytes);
    const callsBefore = callsOver.get(request.socket) ?? 0;
    callsOver.set(request.socket, callsBefore + 1);
    const reply = await replyTo(match, { method, target, headers, body, callsBefore }, query);
    log.debug('local cloud', { operation, answer: typeof reply === 'string' ? reply : reply.status });
    send(reply, request, response, clock);
  }

  async function replyTo(
    match: Match | undefined,
    request: {
      method: string;
      target: string;
      headers: IncomingMessage['headers'];
      body: Buffer | undefined;
      callsBefore: number;
    },
    query: string,
  ): Promise<Reply> {
    const request_id = model.newId('request');
    if (match === undefined) return noSuchApi(request_id);
    const { body, callsBefore } = request;
    // The gateway's code for this is not in the documents that were read.
    if (body === undefined) return gatewayError(413, 'APIGW.0201', 'Request entity too large', request_id);
    const { route, params } = match;
    const isOurs = route.unsigned === true || params['project_id'] === model.projectId;
    const doubt =
      route.unsigned === true
        ? undefined
        : distrust({ ...request, body }, credentials, after(clock.now(), skew));
    if (doubt !== undefined) return gatewayError(401, doubt.code, doubt.message, request_id);
    if (!isOurs) {
      const service = services.find((one) => one.routes.includes(route));
      return service === undefined ? noSuchApi(request_id) : service.foreign(request_id);
    }
    const handOver = options.invokeAsync ?? (() => undefined);
    const call = {
      model,
      params,
      query: new URLSearchParams(query),
      body: jsonOf(body),
      headers: request.headers,
      request_id,
      handOver,
    };
    const carryOut = async (): Promise<Reply> => route.answer({ ...call, now: clock.now() });
    const withFaults = faults.reduceRight<() => Promise<Reply>>(
      (proceed, { intercept }) =>
        intercept === undefined
          ? proceed
          : () =>
              intercept(
                { operation: route.operation, body: call.body, callsBefore, at: clock.now() },
                proceed,
              ),
      carryOut,
    );
    return withFaults();
  }

  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      if (request.socket.destroyed) return;
      log.error('local cloud failed', { error: String(error) });
      const trouble = gatewayError(500, 'APIGW.0201', 'Backend unavailable', model.newId('request'));
      respond(trouble, response, clock.now());
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const here: Endpoints = { cph: url, smn: url, functiongraph: url };
  return {
    url,
    endpoints: Object.assign(here, ...faults.map(({ endpoints }) => endpoints?.(url))),
    calls: () => Object.fromEntries(calls),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
