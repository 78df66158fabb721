/** Faults of the restart call itself: its answer is lost, late or a no. */
import { cpsError, gatewayError, type Intercept, type Intercepted, type Reply } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';

/** Answers the first `times` restart calls in the cloud's stead and lets everything else pass. */
function firstRestartCalls(times: number, answer: () => Reply): Intercept {
  let seen = 0;
  return async ({ operation }, proceed) => {
    if (operation !== 'RestartEncodeServer' || ++seen > times) return proceed();
    return answer();
  };
}

export const lostAnswer: Fault = {
  name: 'lost-answer',
  does: 'the first restart call is accepted, its answer never arrives',
  promise:
    'the call is not repeated; status and jobs show that it was accepted, or the outcome is unconfirmed',
  create() {
    let lost = false;
    return {
      // Only a call that was accepted can lose its answer, whatever other faults make of the calls before it.
      async intercept({ operation }, proceed) {
        const reply = await proceed();
        if (lost || operation !== 'RestartEncodeServer') return reply;
        lost = typeof reply !== 'string' && reply.status === 200;
        return lost ? 'hang' : reply;
      },
    };
  },
};

export const refusedAnswer: Fault = {
  name: 'refused-answer',
  does: 'the first restart call is not accepted, the connection is reset',
  promise:
    'the call is not repeated, because nobody can know that it was not accepted; the outcome is unconfirmed',
  create: () => ({ intercept: firstRestartCalls(1, () => 'reset') }),
};

export const throttled: Fault = {
  name: 'throttled',
  does: 'the gateway turns the first two restart calls away with 429',
  promise: 'the call is made again after a wait; every server is restarted once',
  create: () => ({
    intercept: firstRestartCalls(2, () =>
      gatewayError(429, 'APIGW.0308', 'The throttling threshold has been reached', hexId('throttled')),
    ),
  }),
};

export const serverBusy: Fault = {
  name: 'server-busy',
  does: 'CPH answers the first restart call with CPS.0042, system busy',
  promise: 'the call is made again after a wait; every server is restarted once',
  create: () => ({ intercept: firstRestartCalls(1, () => cpsError('CPS.0042', hexId('server-busy'))) }),
};

function idsIn(body: Intercepted['body']): readonly unknown[] {
  if (typeof body !== 'object' || body === null || !('encode_server_ids' in body)) return [];
  return Array.isArray(body.encode_server_ids) ? body.encode_server_ids : [];
}

export const listInvalid: Fault = {
  name: 'list-invalid',
  does: 'the first id ever asked for makes every list of more than one id that it is in invalid (CPS.0122)',
  promise: 'the list is split until only that server is alone; every server is restarted once',
  create() {
    let spoiler: unknown;
    return {
      async intercept({ operation, body }, proceed) {
        if (operation !== 'RestartEncodeServer') return proceed();
        const ids = idsIn(body);
        spoiler ??= ids[0];
        const invalid = ids.length > 1 && ids.includes(spoiler);
        return invalid ? cpsError('CPS.0122', hexId('list-invalid')) : proceed();
      },
    };
  },
};

export const cphAway: Fault = {
  name: 'cph-away',
  does: 'CPH breaks off every call',
  promise: 'nothing is restarted; the function fails, so that the platform delivers the event again',
  create: () => ({
    intercept: async ({ operation }, proceed) => (operation === 'PublishMessage' ? proceed() : 'reset'),
  }),
};
