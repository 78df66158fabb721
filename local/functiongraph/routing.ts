/** What the routes of FunctionGraph share: the function a call names, its body, and refusals as answers. */
import { fssError, type Reply } from '../cloud/answer.ts';
import type { Call, Route } from '../cloud/route.ts';
import type { Model } from '../model/state.ts';
import { Refused } from './refused.ts';
import type { DeployedFunction } from './state.ts';
import { readUrn } from './urn.ts';

/** What the routes read and change. */
export interface Deployment {
  readonly model: Model;
  all(): readonly DeployedFunction[];
  find(urn: string): DeployedFunction | undefined;
  /** Creates or changes; triggers and instances follow. */
  put(deployed: DeployedFunction): void;
  remove(urn: string): void;
}

export type Fields = Readonly<Record<string, unknown>>;

type Work = (call: Call) => Reply | Promise<Reply>;

/** A route whose `work` may throw `Refused`. */
export const route = (
  operation: string,
  method: Route['method'],
  path: string,
  work: Work,
  maxBodyBytes?: number,
): Route => ({
  operation,
  method,
  path: `/v2/:project_id/fgs${path}`,
  ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
  async answer(call) {
    try {
      return await work(call);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return fssError(error.code, call.request_id, error.detail);
    }
  },
});

/** @throws Refused when there is no such function */
export function named(
  { find }: Pick<Deployment, 'find'>,
  { params }: Pick<Call, 'params'>,
): DeployedFunction {
  const { urn } = readUrn(params['function_urn'] ?? '');
  const deployed = find(urn);
  if (deployed === undefined) throw new Refused('FSS.1051');
  return deployed;
}

/** @throws Refused when the body is no JSON object */
export function fieldsOf({ body }: Pick<Call, 'body'>): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refused('FSS.0406', 'Expected a JSON object as the body.');
  }
  return body as Fields;
}

export const ok = (body: unknown, status = 200): Reply => ({ status, body });
export const NOTHING: Reply = { status: 204, body: undefined };
