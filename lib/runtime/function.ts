/** middy on FunctionGraph: what every function does before and after its own work. */
import middy, { type MiddlewareObj, type Request } from '@middy/core';
import * as z from 'zod/mini';
import { createClient } from '../huawei/client.ts';
import { createCph } from '../huawei/cph.ts';
import { endpointOf, type Service } from '../huawei/endpoints.ts';
import { createFunctionGraph } from '../huawei/functiongraph.ts';
import { createSmn } from '../huawei/smn.ts';
import type { Transport } from '../huawei/transport.ts';
import type { OpenLedger } from '../ledger/opened.ts';
import type { Until, World } from '../run/world.ts';
import { readSettings, type Settings } from '../settings.ts';
import { after, before, type Clock, type DurationMs, seconds } from '../time.ts';
import type { Log } from '../types.ts';
import { ConfigurationError, type FunctionGraphContext, type Invocation, readContext } from './context.ts';
import { jsonLog } from './log.ts';
import { given, type Platform } from './platform.ts';

/** An invocation reads a schema a few times: compiling it first, which pays from the hundredth on, costs a cold start. */
z.config({ jitless: true });

/** What a function's own work gets. */
export interface Call {
  readonly world: World;
  readonly until: Until;
  /** An environment variable of the function, encrypted ones included. */
  readonly variable: (name: string) => string | undefined;
  /** The ledger as it was opened. */
  readonly opened: OpenLedger;
}

export type Work<Result> = (event: unknown, call: Call) => Promise<Result>;

/** What FunctionGraph calls. */
export type FunctionHandler<Result> = (event: unknown, context: unknown) => Promise<Result>;

/** Kept back for the report: a publish, tried again twice by the client. */
const REPORT_TAKES = seconds(25);
/** Kept back for the last log line and the answer. */
const MARGIN = seconds(2);

/** A function of `work` on `platform`: settings, credentials, clients and log made for each invocation. */
export function onFunctionGraph<Result>(platform: Platform, work: Work<Result>): FunctionHandler<Result> {
  const { writeLine } = platform;
  const handler = middy({
    requestStart: adaptContext as () => void,
    timeoutEarlyInMillis: MARGIN / 2,
    timeoutEarlyResponse() {
      throw new Error('the invocation ran out of time; what is open is in the ledger');
    },
  })
    .use(connections())
    .handler(async (event: unknown, context: unknown) => {
      const adapted = context as AdaptedContext;
      const { invocation } = adapted;
      const settings = readSettings(invocation.variable('SETTINGS'));
      const opened = await openLedger(invocation, settings);
      adapted.ledger = opened;
      const world = worldOf(adapted, settings, opened);
      // As the world's clock tells the time.
      const word = before(after(invocation.killedAt, opened.ahead), MARGIN);
      const answer = before(word, REPORT_TAKES);
      return work(event, {
        world,
        until: { work: answer, answer, word },
        variable: invocation.variable,
        opened,
      });
    });
  return handler as unknown as FunctionHandler<Result>;

  /** One set of connections an invocation, and one line about how it began and ended. */
  function connections(): MiddlewareObj {
    return {
      before({ context }: Request) {
        const adapted = context as unknown as AdaptedContext;
        const invocation = readContext(adapted, platform.clock.now());
        const isVerbose = invocation.variable('LOG_LEVEL') === 'debug';
        adapted.invocation = invocation;
        adapted.transport = platform.transport();
        adapted.log = jsonLog(platform.clock, writeLine, isVerbose, {
          request_id: invocation.requestId,
          function: invocation.functionName,
        });
      },
      after: ({ context }: Request) => close(context as unknown as AdaptedContext),
      async onError({ context, error }: Request) {
        const { log, ...open } = context as unknown as Partial<AdaptedContext>;
        const { name, message, code } = (error ?? {}) as { name?: string; message?: string; code?: string };
        log?.error('invocation failed', { error: name, code, reason: message });
        await close(open);
      },
    };
  }

  async function openLedger({ variable, projectId }: Invocation, settings: Settings): Promise<OpenLedger> {
    const { ledger } = platform;
    const tag = `${settings.region}:${projectId}:${settings.stage}`;
    return typeof ledger === 'function' ? ledger({ variable, tag }) : given(ledger);
  }

  function worldOf(context: AdaptedContext, settings: Settings, { ledger, ahead }: OpenLedger): World {
    const { invocation, log, transport } = context;
    const clock = aheadBy(platform.clock, ahead);
    if (settings.mode === 'active' && !ledger.shared && settings.ledger !== 'memory') {
      throw new ConfigurationError(
        'ledger: expected a shared ledger, or "ledger: memory" beside "mode: active", got neither. Without a shared ledger there is no cooldown between invocations.',
      );
    }
    const credentials = invocation.credentials;
    const client = (service: Service) =>
      createClient({
        service,
        endpoint: endpointOf(service, settings.region, settings.endpoints),
        projectId: invocation.projectId,
        credentials,
        transport,
        // Signatures are judged by the platform's time, not by the ledger's.
        clock: platform.clock,
        log,
      });
    return {
      clock,
      cph: createCph(client('cph')),
      smn: createSmn(client('smn')),
      functionGraph: createFunctionGraph(client('functiongraph')),
      ledger,
      settings: ledger.shared ? settings : withoutDeployment(settings),
      projectId: invocation.projectId,
      log: log.child({ settings: settings.hash }),
    };
  }
}

/** A ledger of this instance's own is as young as the instance: that says nothing of its having been emptied. */
function withoutDeployment({ deployedAt: _, ...settings }: Settings): Settings {
  return settings;
}

/** The context with what this invocation needs beside it. */
interface AdaptedContext extends FunctionGraphContext {
  /** The name under which middy looks for it; without it its early timeout is silently off. */
  getRemainingTimeInMillis?: () => number;
  invocation: Invocation;
  transport: Transport;
  /** Opened once the settings are read. */
  ledger?: OpenLedger;
  log: Log;
}

async function close({
  transport,
  ledger,
}: Pick<Partial<AdaptedContext>, 'transport' | 'ledger'>): Promise<void> {
  await transport?.close();
  await ledger?.close();
}

/** A ledger's time: instances whose clocks differ measure cooldowns and leases with one. */
const aheadBy = (clock: Clock, span: DurationMs): Clock => ({
  now: () => after(clock.now(), span),
  sleep: (wait, signal) => clock.sleep(wait, signal),
  deadline: (limit) => clock.deadline(limit),
});

function adaptContext({ context }: Request): void {
  const adapted = context as unknown as AdaptedContext;
  adapted.getRemainingTimeInMillis = () => adapted.getRemainingTimeInMilliSeconds();
}
