/**
 * Runs deployed functions: finds or starts an instance for each request, keeps idle ones for a minute, and lets go of
 * those whose code or configuration is no longer what is deployed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minutes, seconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import type { FunctionCredentials } from '../context.ts';
import { childScript } from './child-script.ts';
import { unpack } from './code.ts';
import { environmentOf } from './environment.ts';
import { startGuard } from './guard.ts';
import { type Came, type Instance, startInstance } from './instance.ts';
import { type DeployedFunction, variablesOf } from './state.ts';

export interface HostOptions {
  /** Idle instances age by it; those that work live in real time, and time stands still for a virtual clock meanwhile. */
  readonly clock: Pick<LocalClock, 'sleep'>;
  readonly node: string;
  readonly projectId: string;
  /** The temporary credentials of an agency; nothing when there is no such agency. */
  readonly agency: (name: string) => FunctionCredentials | undefined;
  /** Is told each line that a function prints, as it is printed. */
  readonly onLine?: (functionName: string, line: string) => void;
}

export interface Host {
  /** Nothing when the function already has as many instances as it may, and all are busy. */
  run(deployed: DeployedFunction, requestId: string, event: string): Promise<Came> | undefined;
  /** Ends the idle instances of functions that are not deployed like this any more. */
  keepOnly(deployed: readonly DeployedFunction[]): void;
  /** The processes of all instances. */
  pids(): readonly number[];
  /** Ends all instances, busy ones too. */
  close(): Promise<void>;
}

interface Kept {
  readonly urn: string;
  readonly revision: string;
  readonly instance: Instance;
  busy: boolean;
  /** It was killed, and is maybe not gone yet: nobody may take it. */
  ending: boolean;
  /** Stops waiting for the end of its idle minute. */
  wake: () => void;
}

const IDLE = minutes(1);
const DEFAULT_INITIALIZER_SECONDS = 3;
/** Of an account, on the platform. */
const MOST_INSTANCES = 100;
/** Abandoned by the platform. */
const FAILED_TO_INITIALISE = 4201;

export async function openHost(options: HostOptions): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'functiongraph-'));
  const script = join(folder, 'child.cjs');
  writeFileSync(script, await childScript());
  const guard = startGuard(folder);
  const all = new Set<Kept>();
  let closed = false;
  /** What is deployed: revisions by URN. */
  let current: ReadonlyMap<string, string> = new Map();

  const pids = (): readonly number[] => [...all].flatMap(({ instance }) => instance.pid ?? []);

  function start(deployed: DeployedFunction): Kept {
    const { config, code, urn } = deployed;
    const codeRoot = join(folder, code.digest.slice(0, 32));
    if (!existsSync(codeRoot)) unpack(code, codeRoot);
    const instance = startInstance({
      node: options.node,
      script,
      codeRoot,
      env: environmentOf({
        config,
        codeRoot,
        projectId: options.projectId,
        variables: variablesOf(deployed),
      }),
      memoryMb: config.memory_size,
      limit: seconds(config.timeout),
      onLine: (line) => options.onLine?.(config.func_name, line),
      initializerLimit: seconds(config.initializer_timeout ?? DEFAULT_INITIALIZER_SECONDS),
    });
    const kept: Kept = {
      urn,
      revision: revisionOf(deployed),
      instance,
      busy: true,
      ending: false,
      wake: () => undefined,
    };
    all.add(kept);
    guard.watch(pids());
    void instance.gone.then(() => {
      kept.wake();
      all.delete(kept);
      guard.watch(pids());
    });
    return kept;
  }

  function end(kept: Kept): void {
    kept.ending = true;
    kept.instance.kill();
  }

  /** Its minute begins; whoever takes it calls `wake`. */
  function rest(kept: Kept): void {
    kept.busy = false;
    if (kept.instance.isGone()) return;
    if (isOld(kept)) {
      end(kept);
      return;
    }
    const controller = new AbortController();
    kept.wake = () => controller.abort();
    void options.clock.sleep(IDLE, controller.signal).then(() => {
      if (!controller.signal.aborted) end(kept);
    });
  }

  const isOld = ({ urn, revision }: Kept): boolean => current.get(urn) !== revision;

  function take(deployed: DeployedFunction): Kept | undefined {
    const { urn, maxInstances } = deployed;
    const own = [...all].filter((kept) => kept.urn === urn && !kept.ending && !kept.instance.isGone());
    const idle = own.findLast(({ busy }) => !busy);
    if (idle !== undefined) {
      idle.busy = true;
      idle.wake();
      return idle;
    }
    const most = maxInstances < 0 ? MOST_INSTANCES : Math.min(maxInstances, MOST_INSTANCES);
    return own.filter(({ busy }) => busy).length < most ? start(deployed) : undefined;
  }

  return {
    run(deployed, requestId, event) {
      const kept = closed ? undefined : take(deployed);
      if (kept === undefined) return undefined;
      const { xrole, app_xrole } = deployed.config;
      const credentials = options.agency(app_xrole || xrole || '');
      const request = { requestId, event, ...(credentials === undefined ? {} : { credentials }) };
      return kept.instance.run(request).then((came) => {
        if (came.code === FAILED_TO_INITIALISE) end(kept);
        else rest(kept);
        return came;
      });
    },
    keepOnly(deployed) {
      current = new Map(deployed.map((one) => [one.urn, revisionOf(one)]));
      for (const kept of all) if (!kept.busy && isOld(kept)) end(kept);
    },
    pids,
    async close() {
      closed = true;
      const ending = [...all];
      for (const { instance } of ending) instance.kill();
      await Promise.all(ending.map(({ instance }) => instance.gone));
      guard.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const revisionOf = ({ config, code }: DeployedFunction): string =>
  createHash('sha256')
    .update(JSON.stringify([config, code.digest]))
    .digest('hex');
