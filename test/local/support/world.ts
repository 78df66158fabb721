/** A local cloud to test, and calls to it that are signed by Huawei's own signer. */
import { request as httpRequest } from 'node:http';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { onTestFinished } from 'vitest';
import { type EpochMs, epochMs, iso, seconds } from '../../../lib/time.ts';
import type { Log } from '../../../lib/types.ts';
import { type LocalClock, virtualClock } from '../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../local/cloud/index.ts';
import { type FaultInstance, faultNamed } from '../../../local/faults/index.ts';
import { readFleet } from '../../../local/fleet.ts';
import { type Behaviour, createModel, type Model } from '../../../local/model/index.ts';

export const START = epochMs(Date.parse('2026-01-31T03:00:00Z'));
export const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
export const CREDENTIALS = { ak: 'LOCALAK', sk: 'local-secret', securityToken: 'local-token' };

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export interface World {
  readonly model: Model;
  readonly clock: LocalClock;
  readonly cloud: Cloud;
}

export interface WorldOptions {
  readonly fleet: readonly object[];
  readonly faults?: readonly (string | FaultInstance)[];
  readonly behaviour?: Partial<Behaviour>;
  readonly invokeAsync?: (functionUrn: string, event: unknown) => void;
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const { fleet, faults = [], behaviour = {}, invokeAsync } = options;
  const clock = virtualClock(START);
  const model = createModel({
    fleet: readFleet(fleet),
    region: 'cn-north-4',
    projectId: PROJECT,
    behaviour,
  });
  const cloud = await startCloud({
    model,
    clock,
    faults: faults.map((fault) => (typeof fault === 'string' ? faultNamed(fault).create() : fault)),
    credentials: CREDENTIALS,
    log: silent,
    ...(invokeAsync === undefined ? {} : { invokeAsync }),
  });
  // Not by afterEach: this module is loaded once for many files of tests.
  onTestFinished(() => cloud.close());
  return { model, clock, cloud };
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Told {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the answers' shapes are what the tests look at.
  readonly body: any;
}

export interface Signing {
  readonly signedAt?: EpochMs;
  readonly ak?: string;
  readonly sk?: string;
  readonly securityToken?: string | undefined;
}

export interface Signed {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Signs with the SDK's signer, which shares no line with the cloud's check. */
export function sign(
  { cloud, clock }: { readonly cloud: Pick<Cloud, 'url'>; readonly clock: Pick<LocalClock, 'now'> },
  ask: Ask,
  signing: Signing = {},
): Signed {
  const { method = 'GET', path, query = {}, body } = ask;
  const { ak, sk, securityToken } = { ...CREDENTIALS, ...signing };
  const headers = AKSKSigner.sign(
    {
      endpoint: `${cloud.url}${path}`,
      method,
      queryParams: { ...query },
      ...(body === undefined ? {} : { data: body }),
      headers: {
        'X-Sdk-Date': iso(signing.signedAt ?? clock.now()).replace(/[-:]/g, ''),
        'content-type': 'application/json',
        ...(securityToken === undefined ? {} : { 'X-Security-Token': securityToken }),
      },
    },
    { getAk: () => ak, getSk: () => sk } as Parameters<typeof AKSKSigner.sign>[1],
  );
  const search = new URLSearchParams(query).toString();
  return {
    url: `${cloud.url}${path}${search === '' ? '' : `?${search}`}`,
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

export function send({ url, method, headers, body }: Signed, signal?: AbortSignal): Promise<Told> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(signal === undefined ? {} : { signal }) };
    const request = httpRequest(url, options, (response) => {
      let text = '';
      response.on('error', reject);
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A signed call that holds a deadline of 20 s, like every call to the platform. */
export async function call(world: World, ask: Ask): Promise<Told> {
  const deadline = world.clock.deadline(seconds(20));
  try {
    return await send(sign(world, ask), deadline.signal);
  } finally {
    deadline.clear();
  }
}

const ROOT = `/v1/${PROJECT}/cloud-phone`;

export const listServers = (world: World, query: Readonly<Record<string, string>> = {}): Promise<Told> =>
  call(world, { path: `${ROOT}/encode-servers`, query });

export const restart = (world: World, ...encode_server_ids: readonly string[]): Promise<Told> =>
  call(world, {
    method: 'POST',
    path: `${ROOT}/encode-servers/batch-restart`,
    body: { encode_server_ids },
  });

export const jobsOf = (world: World, query: Readonly<Record<string, string>>): Promise<Told> =>
  call(world, { path: `${ROOT}/jobs`, query });

/** The status that the list shows for each server, in order. */
export async function statuses(world: World): Promise<number[]> {
  const { body } = await listServers(world);
  return body.encode_servers.map(({ status }: { status: number }) => status);
}

export const aServer = (id: string, fields: object = {}): object => ({
  encode_server_id: id,
  server_id: 'host-a',
  restart_seconds: 30,
  ...fields,
});
