/** The calls that run a function: one waits for the answer, the other hands the event over. */
import { type DurationMs, seconds } from '../../lib/time.ts';
import type { LocalClock } from '../clock.ts';
import { gatewayError, type Reply } from '../cloud/answer.ts';
import type { Call, Route } from '../cloud/route.ts';
import type { Invoke, Invoked } from './invoke.ts';
import type { Enqueue } from './queue.ts';
import { Refused } from './refused.ts';
import { type Deployment, named, ok, route } from './routing.ts';

const SYNC_BYTES = 6 * 1_024 * 1_024;
const ASYNC_BYTES = 256 * 1_024;
/** Longer than any of them, so that it is FunctionGraph that refuses and not the gateway. */
const MOST_BODY_BYTES = 2 * SYNC_BYTES;
const LOG_TAIL_BYTES = 2_000;
/** The gateway waits no longer. */
const GATEWAY_LIMIT = seconds(90);

export interface Invocations {
  readonly deployment: Pick<Deployment, 'find'>;
  readonly invoke: Invoke;
  readonly enqueue: Enqueue;
  readonly clock: Pick<LocalClock, 'limit'>;
}

export const invocationRoutes = ({ deployment, invoke, enqueue, clock }: Invocations): readonly Route[] => [
  route(
    'InvokeFunction',
    'POST',
    '/functions/:function_urn/invocations',
    async (call) => {
      const deployed = named(deployment, call);
      const event = eventOf(call, SYNC_BYTES, 'FSS.1201');
      if (deployed.maxInstances === 0) throw new Refused('FSS.0403', 'The function is switched off.');
      const running = invoke(deployed, event);
      if (running === undefined) throw new Refused('FSS.0429', 'All instances of the function are busy.');
      const invoked = await orTooLate(running, GATEWAY_LIMIT, clock);
      if (invoked === 'too late') {
        return gatewayError(504, 'APIGW.0203', 'Backend timeout', call.request_id);
      }
      return answered(invoked, call);
    },
    MOST_BODY_BYTES,
  ),
  route(
    'InvokeFunctionAsync',
    'POST',
    '/functions/:function_urn/invocations-async',
    (call) => {
      const deployed = named(deployment, call);
      const event = eventOf(call, ASYNC_BYTES, 'FSS.0413');
      return ok({ request_id: enqueue(deployed.urn, event) }, 202);
    },
    MOST_BODY_BYTES,
  ),
];

/** No body is an event of its own: null. */
function eventOf({ body }: Call, most: number, code: 'FSS.1201' | 'FSS.0413'): string {
  const event = JSON.stringify(body ?? null);
  const bytes = Buffer.byteLength(event);
  if (bytes > most) throw new Refused(code, `Expected at most ${most} bytes, got ${bytes}.`);
  return event;
}

/** What still runs goes on, and nobody hears of it. */
export async function orTooLate<Value>(
  work: Promise<Value>,
  span: DurationMs,
  clock: Pick<LocalClock, 'limit'>,
): Promise<Value | 'too late'> {
  const limit = clock.limit(span);
  const late = new Promise<'too late'>((resolve) => {
    limit.signal.addEventListener('abort', () => resolve('too late'), { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.clear();
  }
}

function answered(invoked: Invoked, { headers }: Call): Reply {
  const { requestId, code, body, log, took, billed, memoryMb } = invoked;
  const wantsLog = headers['x-cff-log-type'] === 'tail';
  const version = headers['x-cff-request-version'] === 'v1' ? 'v1' : 'v0';
  const summary = {
    duration: `${took}ms`,
    billingDuration: `${billed}ms`,
    memoryUsed: `${memoryMb.toFixed(1)}MB`,
  };
  const tail = Buffer.from(log).subarray(-LOG_TAIL_BYTES);
  return {
    status: 200,
    headers: {
      'x-cff-request-id': requestId,
      'x-func-err-code': String(code),
      'x-is-func-err': String(code !== 0),
      'x-cff-invoke-summary': JSON.stringify(summary),
      'x-cff-billing-duration': String(billed),
      'x-cff-response-version': version,
      ...(wantsLog ? { 'x-cff-function-log': tail.toString('base64') } : {}),
    },
    ...(version === 'v0'
      ? { body: undefined, text: body }
      : {
          body: {
            request_id: requestId,
            result: body,
            log: wantsLog ? tail.toString('utf8') : '',
            status: code === 0 ? 200 : 500,
          },
        }),
  };
}
