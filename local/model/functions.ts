/** FunctionGraph's side of the model: the functions that can be called, and the calls that were queued. */
import type { EpochMs } from '../../lib/time.ts';
import { type Asked, denied, type FssCode, granted } from './codes.ts';
import type { Model } from './state.ts';

const MAX_EVENT_BYTES = 256 * 1_024;

export const functionUrn = (model: Model, name: string): string =>
  `urn:fss:${model.region}:${model.projectId}:function:default:${name}:latest`;

/** From now on the function can be called. */
export function addFunction(model: Model, urn: string): void {
  model.functions.add(urn);
}

/** What InvokeFunctionAsync does once the caller is known. */
export function invokeAsync(model: Model, urn: string, event: unknown, now: EpochMs): Asked<void, FssCode> {
  if (!model.functions.has(urn)) return denied('FSS.1051');
  if (Buffer.byteLength(JSON.stringify(event) ?? '') > MAX_EVENT_BYTES) return denied('FSS.0413');
  model.asyncInvocations.push({ function_urn: urn, event, at: now });
  return granted(undefined);
}
