/** A local cloud that functions can be deployed on, and calls to it that are signed by Huawei's own signer. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { strToU8, zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { type DurationMs, minutes } from '../../../../lib/time.ts';
import { type LocalClock, virtualClock } from '../../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../../local/cloud/index.ts';
import type { FaultInstance } from '../../../../local/faults/fault.ts';
import { type FunctionGraph, openFunctionGraph } from '../../../../local/functiongraph/index.ts';
import type { Runtime } from '../../../../local/functiongraph/runtime.ts';
import { addTopic, createModel, type Model } from '../../../../local/model/index.ts';
import { CREDENTIALS, PROJECT, type Signing, START, sign, silent } from '../../support/world.ts';

/** A key of a person, without a token. */
export const PERSON = { ak: 'PERSONAK', sk: 'person-secret' };
export const APP = { ak: 'APPKEY', sk: 'app-secret', appCode: 'app-code' };
export const URN = `urn:fss:cn-north-4:${PROJECT}:function:default`;

export interface Deployed {
  readonly model: Model;
  readonly clock: LocalClock;
  readonly cloud: Cloud;
  readonly functionGraph: FunctionGraph;
  /** What the functions printed, and what the cloud had to say. */
  readonly lines: string[];
  readonly said: string[];
  close(): Promise<void>;
}

export interface DeployedOptions {
  readonly clock?: LocalClock;
  readonly stateFile?: string;
  readonly topics?: readonly string[];
  readonly retryWaits?: readonly DurationMs[];
  readonly runtime?: Runtime;
  readonly faults?: readonly FaultInstance[];
}

/** Ends with the test. */
export async function openCloud(options: DeployedOptions = {}): Promise<Deployed> {
  const deployed = await openCloudFor(options);
  // Not by afterEach: this module is loaded once for many files of tests.
  onTestFinished(() => deployed.close());
  return deployed;
}

/** Ends when it is closed. */
export async function openCloudFor(options: DeployedOptions): Promise<Deployed> {
  const { clock = virtualClock(START), stateFile, retryWaits, runtime, topics = [], faults = [] } = options;
  const model = createModel({ fleet: [], region: 'cn-north-4', projectId: PROJECT });
  for (const topic of topics) addTopic(model, topic);
  const lines: string[] = [];
  const said: string[] = [];
  const functionGraph = await openFunctionGraph({
    model,
    clock,
    agency: CREDENTIALS,
    onLine: (name, line) => lines.push(`${name}: ${line}`),
    says: (line) => said.push(line),
    callers: [PERSON],
    apps: [APP],
    ...(retryWaits === undefined ? {} : { retryWaits }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(stateFile === undefined ? {} : { stateFile }),
  });
  const cloud = await startCloud({
    model,
    clock,
    faults,
    credentials: [CREDENTIALS, PERSON],
    log: silent,
    functionGraph: functionGraph.routes,
  });
  const deployed: Deployed = {
    model,
    clock,
    cloud,
    functionGraph,
    lines,
    said,
    async close() {
      await cloud.close();
      await functionGraph.close();
    },
  };
  return deployed;
}

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the answers' shapes are what the tests look at.
  readonly body: any;
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/v2/{project_id}/fgs`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a call goes, and by whose time it is signed. */
export interface Caller {
  readonly cloud: { readonly url: string };
  readonly clock: LocalClock;
  /** Other than the person's. */
  readonly key?: { readonly ak: string; readonly sk: string };
}

/** A call signed with the person's key, unless `signing` says otherwise. */
export function ask(world: Caller, asked: Asked, signing: Signing = {}): Promise<Told> {
  const { method = 'GET', path, query, body, headers = {} } = asked;
  const signed = sign(
    world,
    {
      method,
      path: `/v2/${PROJECT}/fgs${path}`,
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: body as object }),
    },
    { ...PERSON, ...world.key, securityToken: undefined, ...signing },
  );
  // A call in flight: a virtual clock stands still.
  const deadline = world.clock.deadline(minutes(5));
  return send(signed.url, method, { ...signed.headers, ...headers }, signed.body).finally(() =>
    deadline.clear(),
  );
}

export function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: json(text) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A zip in base64; `index.js` unless files are named. */
export const zipped = (code: string | Readonly<Record<string, string>>): string => {
  const files = typeof code === 'string' ? { 'index.js': code } : code;
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime: '2026-01-01' })).toString('base64');
};

export const ECHO = 'exports.handler = async (event) => ({ got: event });';

/** The body of CreateFunction. */
export const aFunction = (fields: Readonly<Record<string, unknown>> = {}, code: string = ECHO): object => ({
  func_name: 'echo',
  package: 'default',
  runtime: 'Node.js20.15',
  handler: 'index.handler',
  timeout: 30,
  memory_size: 256,
  code_type: 'zip',
  code_filename: 'index.zip',
  func_code: { file: zipped(code) },
  ...fields,
});

export const create = (
  world: Caller,
  fields?: Readonly<Record<string, unknown>>,
  code?: string,
): Promise<Told> => ask(world, { method: 'POST', path: '/functions', body: aFunction(fields, code) });

export const invoke = (
  world: Caller,
  name: string,
  event: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> =>
  ask(world, { method: 'POST', path: `/functions/${URN}:${name}:latest/invocations`, body: event, headers });
