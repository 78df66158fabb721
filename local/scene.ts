/** One local cloud with the functions on it: what invoke, the demo and the tests play their stories on. */

import { undiciTransport } from '../lib/huawei/transport.ts';
import { memoryLedger } from '../lib/ledger/memory.ts';
import type { LedgerState } from '../lib/ledger/state.ts';
import type { FunctionHandler } from '../lib/runtime/function.ts';
import { silentLog } from '../lib/runtime/log.ts';
import type { LocalClock } from './clock.ts';
import { type Cloud, startCloud } from './cloud/index.ts';
import { type FunctionLimits, limitsOf } from './deployment.ts';
import type { FaultInstance } from './faults/index.ts';
import { createFunction } from './functions.ts';
import type { Ground, LocalPlatform } from './ground.ts';
import { invokeFunction } from './host.ts';
import { addFunction, addTopic, createModel, type FleetRow, functionUrn, type Model } from './model/index.ts';
import { mortal, nothingStrikes } from './mortal.ts';

export interface SceneOptions {
  readonly clock: LocalClock;
  readonly fleet: readonly FleetRow[];
  readonly region: string;
  readonly projectId: string;
  /** As an operator writes them; the endpoints are the local cloud's. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly faults: readonly FaultInstance[];
  /** What all functions remember. */
  readonly ledger: LedgerState;
  /** Whether it stands for Redis, as it does unless this says no, or for one instance's own memory. */
  readonly sharedLedger?: boolean;
  /** Takes every line the functions log. */
  readonly writeLine: (line: string) => void;
  /** Encrypted variables, such as `API_SECRET`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Other limits than serverless.yml gives the functions. */
  readonly limits?: Readonly<Record<string, FunctionLimits>>;
  /** What one invocation stands on in place of `platform`: an instance that can die, say. */
  readonly instance?: (platform: LocalPlatform, functionName: string) => Ground;
}

export interface Scene {
  readonly model: Model;
  readonly cloud: Cloud;
  /** Calls a function as the platform does after an event; rejects with what the platform would say. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Resolves when no asynchronous call is under way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Invented, as everything local is; the local gateway checks every signature made with them. */
const CREDENTIALS = { ak: 'LOCALACCESSKEY', sk: 'local-secret-key', securityToken: 'local-security-token' };

export async function startScene(options: SceneOptions): Promise<Scene> {
  const { clock, fleet, region, projectId, settings, faults, ledger, writeLine } = options;
  const model = createModel({ fleet, region, projectId });
  const { report_topic, page_topic, results_topic, alarm_topics } = settings;
  for (const topic of [report_topic, page_topic, results_topic, alarm_topics].flat()) {
    if (typeof topic === 'string') addTopic(model, topic);
  }
  const patrolUrn = functionUrn(model, 'patrol');
  addFunction(model, patrolUrn);
  const queued = new Set<Promise<unknown>>();
  const cloud = await startCloud({
    model,
    clock,
    faults,
    credentials: CREDENTIALS,
    log: silentLog,
    invokeAsync: (_urn, event) => void later(invoke('patrol', event)),
  });
  const warm = new WeakMap<Ground, Map<string, FunctionHandler<unknown>>>();
  /** The first invocations are killed before their time, one for each fault that does so. */
  const kills = faults.flatMap(({ killedAfter }) => killedAfter ?? []);
  const platform: LocalPlatform = {
    clock,
    transport: undiciTransport,
    ledger: memoryLedger({ shared: options.sharedLedger ?? true, state: ledger }),
    writeLine,
  };
  return {
    model,
    cloud,
    invoke,
    async settled() {
      while (queued.size > 0) await Promise.all(queued);
    },
    close: () => cloud.close(),
  };

  async function invoke(name: string, event: unknown): Promise<unknown> {
    const killedAfter = kills.shift();
    const ground =
      options.instance?.(platform, name) ??
      (killedAfter === undefined ? platform : mortal(platform, nothingStrikes));
    const handler = handlerOn(ground, name);
    return invokeFunction({
      name,
      handler,
      event,
      clock:
        killedAfter === undefined
          ? ground.clock
          : { ...ground.clock, limit: () => ground.clock.limit(killedAfter) },
      projectId,
      credentials: CREDENTIALS,
      userData: { SETTINGS: JSON.stringify(settingsNow()), ...options.secrets },
      log: writeLine,
      mode: name === 'webhook' ? 'sync' : 'async',
      ...(options.limits?.[name] ?? limitsOf(name)),
    });
  }

  /** One handler for each function on the same ground, as a warm instance keeps it. */
  function handlerOn(ground: Ground, name: string): FunctionHandler<unknown> {
    const handlers = warm.get(ground) ?? new Map<string, FunctionHandler<unknown>>();
    warm.set(ground, handlers);
    const handler = handlers.get(name) ?? createFunction(name, ground);
    if (handler === undefined) throw new Error(`expected a function, got ${name}`);
    handlers.set(name, handler);
    return handler;
  }

  /** As the operator has them now: a fault may have changed them since the last invocation. */
  function settingsNow(): object {
    const deployed = { ...settings, region, patrol_urn: patrolUrn, endpoints: cloud.endpoints };
    return Object.assign(deployed, ...faults.map((fault) => fault.settings?.(clock.now())));
  }

  /** An asynchronous call has no caller to tell: its failure is a line in the function's log. */
  function later(call: Promise<unknown>): void {
    const quiet = call.catch((error: Error) => writeLine(`asynchronous call failed: ${error.message}`));
    const done = quiet.finally(() => queued.delete(done));
    queued.add(done);
  }
}
