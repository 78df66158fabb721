/** FunctionGraph with functions that are really deployed: its API, and the processes that run them. */
import type { DurationMs } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Route } from '../cloud/route.ts';
import type { Credentials } from '../cloud/signature.ts';
import type { FunctionCredentials } from '../context.ts';
import type { Model } from '../model/state.ts';
import { asyncConfigRoutes } from './async-config.ts';
import { notifier } from './destinations.ts';
import { functionRoutes } from './functions.ts';
import { type App, openGateway } from './gateway.ts';
import { openHost } from './host.ts';
import { invocationRoutes } from './invocations.ts';
import { invoker } from './invoke.ts';
import { createQueue } from './queue.ts';
import type { Deployment } from './routing.ts';
import { findRuntime, type Runtime } from './runtime.ts';
import { openStore } from './store.ts';
import { createTimers } from './timers.ts';
import { createSubscriptions } from './topics.ts';
import { triggerRoutes } from './triggers.ts';

export interface FunctionGraphOptions {
  readonly model: Model;
  readonly clock: LocalClock;
  /** The temporary credentials that a function with an agency gets, whatever the agency's name. */
  readonly agency: FunctionCredentials;
  /** Who may call APIs with IAM authentication. */
  readonly callers?: readonly Credentials[];
  /** Who may call APIs with APP authentication. */
  readonly apps?: readonly App[];
  /** Where APIs are called; any free port unless it says otherwise. */
  readonly gatewayPort?: number;
  /** How long to wait before an asynchronous call is tried again. */
  readonly retryWaits?: readonly DurationMs[];
  /** Where what is deployed outlives the cloud; only in memory without it. */
  readonly stateFile?: string;
  readonly runtime?: Runtime;
  /** Is told each line that a function prints. */
  readonly onLine?: (functionName: string, line: string) => void;
  /** Is told what has no caller to hear of it. */
  readonly says?: (line: string) => void;
}

export interface FunctionGraph {
  /** For `startCloud`. */
  readonly routes: readonly Route[];
  readonly deployment: Deployment;
  /** Where APIs are called; without a slash at the end. */
  readonly gateway: string;
  /** The processes of all instances. */
  pids(): readonly number[];
  /** Resolves when no asynchronous call is under way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error when the gateway's port is taken or the state file holds something else */
export async function openFunctionGraph(options: FunctionGraphOptions): Promise<FunctionGraph> {
  const { model, clock, agency, onLine, says = () => undefined } = options;
  const store = openStore(options.stateFile);
  const { node, warning } = options.runtime ?? findRuntime();
  if (warning !== undefined) says(warning);
  const host = await openHost({
    clock,
    node,
    projectId: model.projectId,
    agency: (name) => (name === '' ? undefined : agency),
    ...(onLine === undefined ? {} : { onLine }),
  });
  const invoke = invoker(host, clock);
  const queue = createQueue({
    clock,
    find: store.find,
    invoke,
    notify: (destination, event) => notifier({ model, clock, enqueue, says })(destination, event),
    says,
    ...(options.retryWaits === undefined ? {} : { waits: options.retryWaits }),
  });
  const { enqueue } = queue;
  const fire = (urn: string, event: object): void => void enqueue(urn, JSON.stringify(event));
  const timers = createTimers(clock, fire);
  const subscriptions = createSubscriptions(model, fire);
  const gateway = await openGateway({
    clock,
    all: store.all,
    invoke,
    credentials: options.callers ?? [],
    apps: options.apps ?? [],
    ...(options.gatewayPort === undefined ? {} : { port: options.gatewayPort }),
  }).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });

  /** Whatever follows from what is deployed. */
  function follow(): void {
    const all = store.all();
    host.keepOnly(all);
    timers.keepOnly(all);
    subscriptions.keepOnly(all);
  }

  const deployment: Deployment = {
    model,
    all: store.all,
    find: store.find,
    put(deployed) {
      store.put(deployed);
      follow();
    },
    remove(urn) {
      store.remove(urn);
      follow();
    },
  };
  follow();
  return {
    routes: [
      ...functionRoutes(deployment),
      ...asyncConfigRoutes(deployment),
      ...triggerRoutes(deployment, gateway.origin),
      ...invocationRoutes({ deployment, invoke, enqueue, clock }),
    ],
    deployment,
    gateway: gateway.origin,
    pids: host.pids,
    settled: queue.settled,
    async close() {
      timers.close();
      subscriptions.keepOnly([]);
      queue.close();
      await gateway.close();
      await host.close();
    },
  };
}
