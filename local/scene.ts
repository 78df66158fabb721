/** One local cloud with the functions on it: what invoke, the demo and the tests play their stories on. */
import { undiciTransport } from '../lib/huawei/transport.ts';
import { memoryLedger } from '../lib/ledger/memory.ts';
import type { LedgerState } from '../lib/ledger/state.ts';
import type { Platform } from '../lib/runtime/platform.ts';
import type { Log } from '../lib/types.ts';
import type { LocalClock } from './clock.ts';
import { type Cloud, startCloud } from './cloud/index.ts';
import { type FunctionLimits, limitsOf } from './deployment.ts';
import type { FaultInstance } from './faults/index.ts';
import { createFunction } from './functions.ts';
import { invokeFunction } from './host.ts';
import { addTopic, createModel, type FleetRow, type Model } from './model/index.ts';

export interface SceneOptions {
  readonly clock: LocalClock;
  readonly fleet: readonly FleetRow[];
  readonly region: string;
  readonly projectId: string;
  /** As an operator writes them; the endpoints are the local cloud's. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly faults: readonly FaultInstance[];
  /** The ledger that all functions share; it stands for Redis. */
  readonly ledger: LedgerState;
  /** Takes every line the functions log. */
  readonly writeLine: (line: string) => void;
  /** Other limits than serverless.yml gives the functions. */
  readonly limits?: FunctionLimits;
}

export interface Scene {
  readonly model: Model;
  readonly cloud: Cloud;
  /** Calls a function as the platform does after an event; rejects with what the platform would say. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Invented, as everything local is; the local gateway checks every signature made with them. */
const CREDENTIALS = { ak: 'LOCALACCESSKEY', sk: 'local-secret-key', securityToken: 'local-security-token' };

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

export async function startScene(options: SceneOptions): Promise<Scene> {
  const { clock, fleet, region, projectId, settings, faults, ledger, writeLine } = options;
  const model = createModel({ fleet, region, projectId });
  for (const topic of [settings['report_topic'], ...[settings['alarm_topics']].flat()]) {
    if (typeof topic === 'string') addTopic(model, topic);
  }
  const cloud = await startCloud({ model, clock, faults, credentials: CREDENTIALS, log: SILENT });
  const platform: Platform = {
    clock,
    transport: undiciTransport,
    ledger: memoryLedger({ shared: true, state: ledger }),
    writeLine,
  };
  const endpoints = { cph: cloud.url, smn: cloud.url };
  const SETTINGS = JSON.stringify({ ...settings, region, endpoints });

  return {
    model,
    cloud,
    async invoke(name, event) {
      const handler = createFunction(name, platform);
      if (handler === undefined) throw new Error(`expected a function, got ${name}`);
      return invokeFunction({
        name,
        handler,
        event,
        clock,
        projectId,
        credentials: CREDENTIALS,
        userData: { SETTINGS },
        log: writeLine,
        ...(options.limits ?? limitsOf(name)),
      });
    },
    close: () => cloud.close(),
  };
}
