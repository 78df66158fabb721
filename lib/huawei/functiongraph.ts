/**
 * FunctionGraph: calls one of our functions asynchronously. Source: API page "Executing a Function
 * Asynchronously" (InvokeFunctionAsync, v2).
 */
import { seconds } from '../time.ts';
import type { Client } from './client.ts';
import { HuaweiError } from './errors.ts';
import { readable } from './reading.ts';
import { invokeAnswer } from './schemas.ts';

export interface FunctionGraph {
  /**
   * Resolves when the event is in the function's queue. Sent once; a failure of kind `lost` may have been taken,
   * and what was taken may come twice: the function that is called has to recognise it. Throws `HuaweiError`.
   */
  invokeAsync(functionUrn: string, event: unknown): Promise<{ readonly requestId: string }>;
}

/** Whoever calls has a person waiting for five seconds. */
const INVOKE_DEADLINE = seconds(2);
/** The platform's limit for the body of an asynchronous call. */
const MOST_BYTES = 256 * 1_024;

export function createFunctionGraph(client: Client): FunctionGraph {
  const operation = 'InvokeFunctionAsync';

  const refused = (code: string, said: string) =>
    new HuaweiError({ kind: 'rejected', service: client.service, operation, code, said });

  async function invokeAsync(functionUrn: string, event: unknown) {
    if (typeof event !== 'object' || event === null) {
      throw refused('unusable_event', 'expected an event that is a JSON object; nothing was sent');
    }
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (bytes > MOST_BYTES) {
      const said = `expected an event of at most ${MOST_BYTES} bytes, got ${bytes}; nothing was sent`;
      throw refused('event_too_big', said);
    }
    const { data } = await client.call({
      operation,
      method: 'POST',
      path: ['v2', client.projectId, 'fgs', 'functions', functionUrn, 'invocations-async'],
      body: event,
      deadline: INVOKE_DEADLINE,
    });
    return { requestId: readable(client, operation, invokeAnswer, data).request_id };
  }

  return { invokeAsync };
}
