/**
 * FunctionGraph's management API, v2: functions, triggers, asynchronous settings, invocations. Every method throws
 * `HuaweiError`. Source: API reference of FunctionGraph, "Function Lifecycle Management", "Function Triggers",
 * "Asynchronous Execution Notification", "Function Invocation".
 */
import * as z from 'zod/mini';
import type { Call, Client } from '../../lib/huawei/client.ts';
import { HuaweiError } from '../../lib/huawei/errors.ts';
import { readable, readableRows } from '../../lib/huawei/reading.ts';
import { seconds } from '../../lib/time.ts';
import type { WantedAsync, WantedTrigger } from '../compose.ts';
import {
  asyncOf,
  configOf,
  type Deployed,
  type DeployedConfig,
  type DeployedTrigger,
  listedOf,
  triggerOf,
} from './deployed.ts';

export interface Management {
  /** Every function of the project, of all groups; rows that cannot be read are skipped. */
  list(): Promise<readonly Listed[]>;
  /** All there is of a function; `undefined` when there is none of that name. */
  look(urn: string): Promise<Deployed | undefined>;
  create(body: Readonly<Record<string, unknown>>): Promise<DeployedConfig>;
  updateConfig(urn: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** @returns FunctionGraph's digest of the code that runs now */
  updateCode(urn: string, zip: Uint8Array): Promise<string>;
  /** At most so many at a time. */
  setInstances(urn: string, most: number): Promise<void>;
  remove(urn: string): Promise<void>;
  createTrigger(urn: string, trigger: WantedTrigger): Promise<void>;
  setTriggerStatus(urn: string, trigger: DeployedTrigger, status: WantedTrigger['status']): Promise<void>;
  deleteTrigger(urn: string, trigger: DeployedTrigger): Promise<void>;
  setAsync(urn: string, wanted: WantedAsync): Promise<void>;
  deleteAsync(urn: string): Promise<void>;
  /** Waits for the answer; FunctionGraph's gateway does so for 90 seconds. */
  invoke(urn: string, event: unknown): Promise<Invoked>;
  /** @returns the request id, once the event is in the queue */
  invokeAsync(urn: string, event: unknown): Promise<string>;
}

export interface Listed {
  readonly urn: string;
  readonly name: string;
  /** Absent: the list does not show them. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Invoked {
  readonly requestId: string;
  /** What the function returned, as text. */
  readonly result: string;
  /** The last lines of its log. */
  readonly log: string;
  /** Of the runtime; `0` when all is well. */
  readonly code: string;
}

/** The longest of the deadlines below: the transport has to be as patient. */
export const PATIENCE = seconds(180);
const READ = seconds(10);
const CHANGE = seconds(30);
const UPLOAD = PATIENCE;
/** The gateway's 90 seconds, and some for the way. */
const INVOKE = seconds(100);

/** The longest page there is. */
const PAGE = 400;

/** Codes for "there is none", beside the status 404. */
const ABSENT = new Set(['FSS.1051', 'FSS.0404', 'FSS.1131']);
/** The zip is the one that is there. */
const UNCHANGED = 'FSS.0409';

const listAnswer = z.object({
  functions: z.array(z.unknown()),
  next_marker: z.nullish(z.number()),
});

export function createManagement(client: Client): Management {
  const base = ['v2', client.projectId, 'fgs'];
  const functionPath = (urn: string, ...more: readonly string[]) => [...base, 'functions', urn, ...more];
  const triggerPath = (urn: string, ...more: readonly string[]) => [...base, 'triggers', urn, ...more];
  const read = (operation: string, path: readonly string[]): Call => ({
    operation,
    method: 'GET',
    path,
    answers: 'json',
    deadline: READ,
  });
  /** Done twice it comes to the same. */
  const change = (
    operation: string,
    method: 'PUT' | 'DELETE',
    path: readonly string[],
    body?: unknown,
  ): Call => ({
    operation,
    method,
    path,
    ...(body === undefined ? {} : { body }),
    answers: 'json',
    deadline: CHANGE,
    repeatable: true,
  });

  async function look(urn: string): Promise<Deployed | undefined> {
    const found = await orAbsent(client.call(read('ShowFunctionConfig', functionPath(urn, 'config'))));
    if (found === undefined) return undefined;
    const config = readable(client, 'ShowFunctionConfig', configOf, found.data);
    const triggers = await client.call(read('ListFunctionTriggers', triggerPath(urn)));
    const settings = await orAbsent(
      client.call(read('ShowFunctionAsyncInvokeConfig', functionPath(urn, 'async-invoke-config'))),
    );
    return {
      config,
      triggers: readable(client, 'ListFunctionTriggers', z.array(triggerOf), triggers.data ?? []),
      ...(settings === undefined
        ? {}
        : { asyncInvoke: readable(client, 'ShowFunctionAsyncInvokeConfig', asyncOf, settings.data) }),
    };
  }

  async function updateCode(urn: string, zip: Uint8Array): Promise<string> {
    const operation = 'UpdateFunctionCode';
    const body = codeOf(zip);
    try {
      await client.call({ ...change(operation, 'PUT', functionPath(urn, 'code'), body), deadline: UPLOAD });
    } catch (error) {
      if (!(error instanceof HuaweiError) || error.code !== UNCHANGED) throw error;
    }
    const found = await client.call(read('ShowFunctionConfig', functionPath(urn, 'config')));
    return readable(client, 'ShowFunctionConfig', configOf, found.data).digest;
  }

  async function list(): Promise<readonly Listed[]> {
    const operation = 'ListFunctions';
    const all: Listed[] = [];
    // The marker is how many to skip; what it is behind the last page, no document says.
    for (let marker = 0; ; ) {
      const query = { marker, maxitems: PAGE };
      const { data } = await client.call({ ...read(operation, [...base, 'functions']), query });
      const { functions, next_marker: next } = readable(client, operation, listAnswer, data);
      all.push(...readableRows(client, operation, listedOf, functions).rows);
      if (functions.length < PAGE || next == null || next <= marker) return all;
      marker = next;
    }
  }

  return {
    list,
    look,
    updateCode,

    async create(body) {
      const operation = 'CreateFunction';
      const path = [...base, 'functions'];
      const { data } = await client.call({ operation, method: 'POST', path, body, deadline: UPLOAD });
      return readable(client, operation, configOf, data);
    },

    async updateConfig(urn, body) {
      await client.call(change('UpdateFunctionConfig', 'PUT', functionPath(urn, 'config'), body));
    },

    async setInstances(urn, most) {
      const path = functionPath(urn, 'config-max-instance');
      await client.call(change('UpdateFunctionMaxInstanceConfig', 'PUT', path, { max_instance_num: most }));
    },

    async remove(urn) {
      // With a version behind it the URN means that version, and `latest` cannot be deleted.
      const whole = urn.replace(/:latest$/, '');
      await orAbsent(client.call(change('DeleteFunction', 'DELETE', functionPath(whole))));
    },

    async createTrigger(urn, { type, status, event_data }) {
      await client.call({
        operation: 'CreateFunctionTrigger',
        method: 'POST',
        path: triggerPath(urn),
        body: { trigger_type_code: type, trigger_status: status, event_data },
        answers: 'json',
        deadline: CHANGE,
      });
    },

    async setTriggerStatus(urn, { type, id }, status) {
      const body = { trigger_status: status };
      await client.call(change('UpdateTrigger', 'PUT', triggerPath(urn, type, id), body));
    },

    async deleteTrigger(urn, { type, id }) {
      await orAbsent(client.call(change('DeleteFunctionTrigger', 'DELETE', triggerPath(urn, type, id))));
    },

    async setAsync(urn, wanted) {
      const path = functionPath(urn, 'async-invoke-config');
      const { max_async_retry_attempts, max_async_event_age_in_seconds, on_failure } = wanted;
      const param = JSON.stringify({ topic_urn: on_failure });
      const destination_config = on_failure === '' ? {} : { on_failure: { destination: 'SMN', param } };
      const body = { max_async_retry_attempts, max_async_event_age_in_seconds, destination_config };
      await client.call(change('UpdateFunctionAsyncInvokeConfig', 'PUT', path, body));
    },

    async deleteAsync(urn) {
      const path = functionPath(urn, 'async-invoke-config');
      await orAbsent(client.call(change('DeleteFunctionAsyncInvokeConfig', 'DELETE', path)));
    },

    async invoke(urn, event) {
      const { headers, data } = await client.call({
        operation: 'InvokeFunction',
        method: 'POST',
        path: functionPath(urn, 'invocations'),
        headers: { 'X-Cff-Log-Type': 'tail', 'X-CFF-Request-Version': 'v0' },
        body: event,
        answers: 'text',
        deadline: INVOKE,
      });
      return {
        requestId: headers['x-cff-request-id'] ?? '',
        result: String(data),
        log: Buffer.from(headers['x-cff-function-log'] ?? '', 'base64').toString('utf8'),
        code: headers['x-func-err-code'] ?? '0',
      };
    },

    async invokeAsync(urn, event) {
      const operation = 'InvokeFunctionAsync';
      const path = functionPath(urn, 'invocations-async');
      const { data } = await client.call({ operation, method: 'POST', path, body: event, deadline: CHANGE });
      return readable(client, operation, z.object({ request_id: z.string() }), data).request_id;
    },
  };
}

/** How code is sent, both when creating and when updating. */
export const codeOf = (zip: Uint8Array) => ({
  code_type: 'zip',
  code_filename: 'index.zip',
  func_code: { file: Buffer.from(zip).toString('base64') },
});

/** `undefined` where the platform says that there is none. */
async function orAbsent<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HuaweiError && isAbsent(error)) return undefined;
    throw error;
  }
}

/** A gateway that does not know the API answers 404 too: that is no "there is none". */
const isAbsent = ({ httpStatus, code }: HuaweiError): boolean =>
  ABSENT.has(code) || (httpStatus === 404 && !code.startsWith('APIGW'));
