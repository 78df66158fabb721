/** The whole local cloud with deployed functions: CPH, SMN and FunctionGraph on one origin, APIG on another. */

import { randomUUID } from 'node:crypto';
import { silentLog } from '../../lib/runtime/log.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import { type Cloud, startCloud } from '../cloud/index.ts';
import type { FaultInstance } from '../faults/index.ts';
import { addTopic, createModel, type FleetRow, type Model, subscribe, topicUrn } from '../model/index.ts';
import { type FunctionGraph, openFunctionGraph } from './index.ts';
import { outsideRoutes } from './outside.ts';
import type { Runtime } from './runtime.ts';

/** Invented, as everything local is. The first is a person's, the second the agency's, the third an app's. */
export const PERSON = { ak: 'LOCALPERSON', sk: 'local-person-secret-key' };
export const AGENCY = {
  ak: 'LOCALAGENCY',
  sk: 'local-agency-secret-key',
  securityToken: 'local-agency-security-token',
};
export const APP = { ak: 'LOCALAPP', sk: 'local-app-secret', appCode: 'local-app-code' };

/** What is sent to it can be read with `GET /local/mail`, as all that is published. */
const MAILBOX = {
  name: 'mail',
  protocol: 'email',
  endpoint: 'on-call@example.com',
  deliver: () => undefined,
};

export interface LocalCloudOptions {
  readonly clock: LocalClock;
  readonly fleet: readonly FleetRow[];
  readonly region: string;
  readonly projectId: string;
  /** Names of topics that there are from the start. */
  readonly topics: readonly string[];
  /** Names of those of them that somebody gets mail from. */
  readonly mailed?: readonly string[];
  /** The name of the topic that `POST /local/alarm` raises alarms on. */
  readonly alarmTopic?: string;
  readonly faults?: readonly FaultInstance[];
  /** Any free ones unless they say otherwise. */
  readonly port?: number;
  readonly gatewayPort?: number;
  readonly stateFile?: string;
  readonly runtime?: Runtime;
  readonly retryWaits?: readonly DurationMs[];
  readonly onLine?: (functionName: string, line: string) => void;
  readonly says?: (line: string) => void;
}

export interface LocalCloud {
  readonly model: Model;
  readonly cloud: Cloud;
  readonly functionGraph: FunctionGraph;
  /** Ends at once: open connections and running functions too. */
  close(): Promise<void>;
}

/** @throws Error when a port is taken or the state file holds something else */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { clock, fleet, region, projectId, topics, mailed = [], faults = [], port, ...rest } = options;
  const model = createModel({ fleet, region, projectId, idSeed: randomUUID() });
  for (const name of topics) addTopic(model, topicUrn(model, name));
  for (const name of mailed) subscribe(model, topicUrn(model, name), MAILBOX);
  const functionGraph = await openFunctionGraph({
    ...rest,
    model,
    clock,
    agency: AGENCY,
    callers: [PERSON, AGENCY],
    apps: [APP],
  });
  try {
    const cloud = await startCloud({
      model,
      clock,
      faults,
      credentials: [PERSON, AGENCY],
      log: silentLog,
      functionGraph: [...functionGraph.routes, ...outsideRoutes(topicUrn(model, options.alarmTopic ?? ''))],
      ...(port === undefined ? {} : { port }),
    });
    return {
      model,
      cloud,
      functionGraph,
      async close() {
        await cloud.close();
        await functionGraph.close();
      },
    };
  } catch (error) {
    await functionGraph.close();
    throw error;
  }
}
