/** Faults of the restart call itself: CPH or the gateway says no, and what it says decides what comes next. */
import { after, seconds } from '../../lib/time.ts';
import { cpsError, gatewayError } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';
import { callsPerson, heldBy, notBefore, outcomes, promised, restartCalls, restarts } from './promises.ts';
import { firstRestartCalls, listIn } from './spoil.ts';

const allRecover = [outcomes({ recovered: 3 }), restarts(3)];

const turnedAway = () =>
  gatewayError(429, 'APIGW.0308', 'The throttling threshold has been reached', hexId('throttled'));

export const throttled: Fault = {
  name: 'throttled',
  does: 'the gateway turns the first two restart calls away with 429',
  promise: 'the call is made again after a wait; every server is restarted once',
  create: () => ({ intercept: firstRestartCalls(2, turnedAway) }),
  holds: promised(...allRecover, restartCalls(3)),
};

export const throttledRetryAfter: Fault = {
  name: 'throttled-retry-after',
  does: 'the gateway turns the first restart call away with 429 and Retry-After: 45',
  promise: 'the call is made again, no sooner than it was asked for; every server is restarted once',
  create: () => ({
    intercept: firstRestartCalls(1, () => ({ ...turnedAway(), headers: { 'retry-after': '45' } })),
  }),
  holds: promised(...allRecover, restartCalls(2), notBefore(seconds(45))),
};

export const throttledUntil: Fault = {
  name: 'throttled-until',
  does: 'the gateway turns the first restart call away with 429 and a Retry-After that is a date, in 45 seconds',
  promise: 'the call is made again, no sooner than it was asked for; every server is restarted once',
  create: () => ({
    intercept: firstRestartCalls(1, ({ at }) => {
      const date = new Date(after(at, seconds(45))).toUTCString();
      return { ...turnedAway(), headers: { 'retry-after': date } };
    }),
  }),
  holds: promised(...allRecover, restartCalls(2), notBefore(seconds(45))),
};

export const serverBusy: Fault = {
  name: 'server-busy',
  does: 'CPH answers the first restart call with CPS.0042, system busy',
  promise: 'the call is made again after a wait; every server is restarted once',
  create: () => ({ intercept: firstRestartCalls(1, () => cpsError('CPS.0042', hexId('server-busy'))) }),
  holds: promised(...allRecover, restartCalls(2)),
};

export const unknownCode: Fault = {
  name: 'unknown-code',
  does: 'CPH answers the first restart call with a code that is in no table',
  promise: 'the call is not repeated, because nobody knows what it means; the outcome is unconfirmed',
  create: () => ({
    intercept: firstRestartCalls(1, () => ({
      status: 400,
      body: { request_id: hexId('unknown-code'), error_code: 'CPS.9999', error_msg: 'Something new.' },
    })),
  }),
  holds: promised(outcomes({ unconfirmed: 3 }), restarts(0), restartCalls(1)),
};

export const notAuthorised: Fault = {
  name: 'not-authorised',
  does: 'CPH answers every restart call with CPS.0001, no permission',
  promise: 'the call is not repeated, the run ends, nothing counts as an attempt, and a person is called',
  create: () => ({
    intercept: firstRestartCalls(Number.POSITIVE_INFINITY, () => cpsError('CPS.0001', hexId('denied'))),
  }),
  holds: promised(outcomes({ held: 3 }), restarts(0), restartCalls(1), heldBy('run'), callsPerson),
};

export const listInvalid: Fault = {
  name: 'list-invalid',
  does: 'the first id ever asked for makes every list of more than one id that it is in invalid (CPS.0122)',
  promise: 'the list is split until only that server is alone; every server is restarted once',
  create() {
    let spoiler: unknown;
    return {
      async intercept({ operation, body }, proceed) {
        if (operation !== 'RestartEncodeServer') return proceed();
        const ids = listIn(body, 'encode_server_ids');
        spoiler ??= ids[0];
        const invalid = ids.length > 1 && ids.includes(spoiler);
        return invalid ? cpsError('CPS.0122', hexId('list-invalid')) : proceed();
      },
    };
  },
  holds: promised(...allRecover),
};
