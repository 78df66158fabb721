/** Reads `POST /restarts` into the request that it is. */
import type { HttpRequest } from '../../events/apig.ts';
import { isProblem, own } from '../../events/event.ts';
import { readSelector, SELECTOR_KEYS } from '../../events/selector.ts';
import type { EpochMs } from '../time.ts';
import {
  OVERRIDABLE,
  type OverridableGuard,
  type Override,
  type RestartRequest,
  type Selector,
} from '../types.ts';
import { bodyOf } from './body.ts';
import { type Fields, fieldsOf, flagIn, headerIn, neededText, queryOf, textIn } from './fields.ts';
import { misfit, misfitOf } from './problem.ts';

const KEYS = [...SELECTOR_KEYS, 'reason', 'who', 'dry_run', 'override'];
/** How long texts may be, in characters. */
export const LONGEST = { who: 64, why: 200, reason: 200 } as const;

/** @throws Refusal */
export function readRestart(request: HttpRequest, now: EpochMs): RestartRequest {
  queryOf(request, []);
  const deliveryId = deliveryIdOf(request);
  const body = bodyOf(request, KEYS);
  const selector = selectorIn(body);
  const override = overrideIn(body, selector);
  return {
    deliveryId,
    source: 'http',
    selector,
    reason: textIn(body, 'reason', LONGEST.reason) ?? 'an HTTP call asked for it',
    requestedBy: textIn(body, 'who', LONGEST.who) ?? 'HTTP call',
    requestedAt: now,
    dryRun: flagIn(body, 'dry_run') ?? false,
    ...(override === undefined ? {} : { override }),
  };
}

/** A key that the caller chose and an id that APIG gave cannot be taken for one another. */
function deliveryIdOf(request: HttpRequest): string {
  const expected = '1 to 128 printable ASCII characters';
  const key = headerIn(request, 'idempotency-key');
  if (key === undefined) {
    if (request.requestId !== undefined) return `http-call:${request.requestId}`;
    throw misfit('header idempotency-key', `${expected}, as the gateway gave the call no id`, undefined);
  }
  if (!/^[\x20-\x7e]{1,128}$/.test(key)) throw misfit('header idempotency-key', expected, key);
  return `http-key:${key}`;
}

function selectorIn({ place, values }: Fields): Selector {
  const selector = readSelector(values, place);
  if (selector === undefined)
    throw misfit(place, 'one of encode_server_ids, server_ids, phone_ids, abnormal or all', undefined);
  if (isProblem(selector)) throw misfitOf(selector);
  return selector;
}

function overrideIn(body: Fields, selector: Selector): Override | undefined {
  const given = own(body.values, 'override');
  if (given === undefined) return undefined;
  const fields = fieldsOf(given, 'body.override', ['guards', 'why']);
  if (selector.kind !== 'ids') {
    throw misfit('body.override', 'encode_server_ids beside it: only servers that are named', selector.kind);
  }
  return {
    guards: guardsIn(fields),
    who: neededText(body, 'who', LONGEST.who),
    why: neededText(fields, 'why', LONGEST.why),
  };
}

function guardsIn({ place, values }: Fields): readonly OverridableGuard[] {
  const given = own(values, 'guards');
  const expected = `one of ${OVERRIDABLE.join(', ')}`;
  if (!Array.isArray(given) || given.length === 0) {
    throw misfit(`${place}.guards`, `a list of at least ${expected}`, given);
  }
  const list: readonly unknown[] = given;
  const stranger = list.findIndex((guard) => !isOverridable(guard));
  if (stranger !== -1) throw misfit(`${place}.guards[${stranger}]`, expected, list[stranger]);
  return OVERRIDABLE.filter((guard) => list.includes(guard));
}

const isOverridable = (guard: unknown): boolean => (OVERRIDABLE as readonly unknown[]).includes(guard);
