/** Faults of the restart call itself: it never arrives, or its answer is lost or late. */
import { gatewayError } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';
import { failures, outcomes, promised, restartCalls, restarts } from './promises.ts';
import { firstAcceptedRestart, firstRestartCalls, isPublish } from './spoil.ts';

const acceptedAndOnce = promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1));
const refusedAndOnce = promised(outcomes({ unconfirmed: 3 }), restarts(0), restartCalls(1));

export const lostAnswer: Fault = {
  name: 'lost-answer',
  does: 'the first restart call is accepted, its answer never arrives',
  promise:
    'the call is not repeated; status and jobs show that it was accepted, or the outcome is unconfirmed',
  create: () => ({ intercept: firstAcceptedRestart(() => 'hang') }),
  holds: acceptedAndOnce,
};

export const silentCall: Fault = {
  name: 'silent-call',
  does: 'the first restart call is not accepted, and no answer ever says so',
  promise: 'the call is not repeated, because it may have been accepted; the outcome is unconfirmed',
  create: () => ({ intercept: firstRestartCalls(1, () => 'hang') }),
  holds: refusedAndOnce,
};

export const refusedAnswer: Fault = {
  name: 'refused-answer',
  does: 'the first restart call is not accepted, the connection is reset',
  promise:
    'the call is not repeated, because nobody can know that it was not accepted; the outcome is unconfirmed',
  create: () => ({ intercept: firstRestartCalls(1, () => 'reset') }),
  holds: refusedAndOnce,
};

export const resetAfter: Fault = {
  name: 'reset-after',
  does: 'the first restart call is accepted, then the connection is reset',
  promise: 'the call is not repeated; the servers are seen to restart and to come back',
  create: () => ({ intercept: firstAcceptedRestart(() => 'reset') }),
  holds: acceptedAndOnce,
};

export const unavailable: Fault = {
  name: 'unavailable',
  does: 'the gateway answers the first restart call with 503 and does not pass it on',
  promise: 'the call is not repeated, because a 503 does not say who sent it; the outcome is unconfirmed',
  create: () => ({
    intercept: firstRestartCalls(1, () =>
      gatewayError(503, 'APIGW.0105', 'Backend unavailable', hexId('503')),
    ),
  }),
  holds: refusedAndOnce,
};

export const gatewayTimeout: Fault = {
  name: 'gateway-timeout',
  does: 'the first restart call is accepted, the gateway answers 504',
  promise: 'the call is not repeated; the servers are seen to restart and to come back',
  create: () => ({
    intercept: firstAcceptedRestart(() => gatewayError(504, 'APIGW.0201', 'Backend timeout', hexId('504'))),
  }),
  holds: acceptedAndOnce,
};

export const replayedCall: Fault = {
  name: 'replayed-call',
  does: 'something on the way sends every restart call twice and passes on the answer to the second',
  promise:
    'the second is refused as a conflict; what the first began is seen, followed, and not called for again',
  create: () => ({
    async intercept({ operation }, proceed) {
      if (operation === 'RestartEncodeServer') await proceed();
      return proceed();
    },
  }),
  holds: promised(outcomes({ recovered: 3 }), restarts(3), restartCalls(1)),
};

export const cphAway: Fault = {
  name: 'cph-away',
  does: 'CPH breaks off every call',
  promise: 'nothing is restarted; the function fails, so that the platform delivers the event again',
  create: () => ({
    intercept: async (call, proceed) => (isPublish(call) ? proceed() : 'reset'),
  }),
  holds: promised(outcomes({}), restarts(0), restartCalls(0), failures(1)),
};
