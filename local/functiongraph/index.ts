/** FunctionGraph with functions that are really deployed: its API, and the processes that run them. */
import type { LocalClock } from '../clock.ts';
import type { Route } from '../cloud/route.ts';
import type { FunctionCredentials } from '../context.ts';
import type { Model } from '../model/state.ts';
import { functionRoutes } from './functions.ts';
import { openHost } from './host.ts';
import { invocationRoutes } from './invocations.ts';
import { invoker } from './invoke.ts';
import { createQueue } from './queue.ts';
import type { Deployment } from './routing.ts';
import { findRuntime, type Runtime } from './runtime.ts';
import { openStore } from './store.ts';

export interface FunctionGraphOptions {
  readonly model: Model;
  readonly clock: LocalClock;
  /** The temporary credentials that a function with an agency gets, whatever the agency's name. */
  readonly agency: FunctionCredentials;
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
  /** The processes of all instances. */
  pids(): readonly number[];
  /** Resolves when no asynchronous call is under way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

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
  const queue = createQueue({ clock, find: store.find, invoke, notify: () => undefined, says });
  const { enqueue } = queue;

  /** Whatever follows from what is deployed. */
  function follow(): void {
    host.keepOnly(store.all());
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
    routes: [...functionRoutes(deployment), ...invocationRoutes({ deployment, invoke, enqueue, clock })],
    deployment,
    pids: host.pids,
    settled: queue.settled,
    async close() {
      queue.close();
      await host.close();
    },
  };
}
