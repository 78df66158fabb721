/** Faults between the functions and the gateway: names, encryption, connections, credentials and clocks. */
import { minutes } from '../../lib/time.ts';
import { gatewayError, type Reply } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';
import { failures, outcomes, promised, restartCalls, restarts, toldInLog } from './promises.ts';

const comesAgain = 'nothing is sent; the function fails, so that the platform delivers the event again';

/** Its first label is longer than any name may be: it fails on this machine and is asked of nobody. */
const NO_NAME = `${'no-such-name-'.repeat(6)}.invalid`;

export const dns: Fault = {
  name: 'dns',
  does: 'the name of CPH cannot be resolved',
  promise: comesAgain,
  create: () => ({ endpoints: () => ({ cph: `https://${NO_NAME}` }) }),
  holds: promised(outcomes({}), restartCalls(0), failures(1)),
};

export const tls: Fault = {
  name: 'tls',
  does: 'what answers in the place of CPH does not speak TLS',
  promise: comesAgain,
  create: () => ({ endpoints: (url) => ({ cph: url.replace(/^http:/, 'https:') }) }),
  holds: promised(outcomes({}), restartCalls(0), failures(1)),
};

export const deadSocket: Fault = {
  name: 'dead-socket',
  does: 'the first call of each kind that goes over a used connection finds it dead',
  promise: 'reads and reports are sent again; a restart is not, because it may have arrived',
  create() {
    const spoiled = new Set<string>();
    return {
      async intercept({ operation, callsBefore }, proceed) {
        if (callsBefore === 0 || spoiled.has(operation)) return proceed();
        spoiled.add(operation);
        return 'reset';
      },
    };
  },
  // One server a call, so that the second restart goes over the connection of the first.
  setting: () => ({ settings: { batch_size: 1 } }),
  holds: promised(outcomes({ recovered: 2, unconfirmed: 1 }), restarts(2), restartCalls(3)),
};

const expired = (): Reply =>
  gatewayError(
    401,
    'APIGW.0301',
    'Incorrect IAM authentication information: the security token has expired',
    hexId('credentials-expired'),
  );

export const credentialsExpired: Fault = {
  name: 'credentials-expired',
  does: 'from the first restart call on the credentials are expired, for CPH and for SMN',
  promise:
    'nothing is restarted or called again, nothing counts as an attempt; the report, which nobody takes, is in the log in full',
  create() {
    let isExpired = false;
    return {
      async intercept({ operation }, proceed) {
        isExpired ||= operation === 'RestartEncodeServer';
        return isExpired ? expired() : proceed();
      },
    };
  },
  holds: promised(outcomes({ held: 3 }), restarts(0), restartCalls(1), toldInLog),
};

export const credentialsExpireAfter: Fault = {
  name: 'credentials-expire-after',
  does: 'right after the first restart call was answered the credentials expire, for CPH and for SMN',
  promise: 'what cannot be seen is unconfirmed and not restarted again; the report is in the log in full',
  create() {
    let isExpired = false;
    return {
      async intercept({ operation }, proceed) {
        if (isExpired) return expired();
        isExpired = operation === 'RestartEncodeServer';
        return proceed();
      },
    };
  },
  holds: promised(outcomes({ unconfirmed: 3 }), restarts(3), restartCalls(1), toldInLog),
};

const believesNothing = 'nothing is restarted; what is wrong is in the log in full';
const nothingBelieved = promised(outcomes({}), restarts(0), toldInLog);

export const clockAhead: Fault = {
  name: 'clock-ahead',
  does: "the gateway's clock is sixteen minutes ahead of the functions', so that no signature counts",
  promise: believesNothing,
  create: () => ({ clockSkew: minutes(16) }),
  holds: nothingBelieved,
};

export const clockBehind: Fault = {
  name: 'clock-behind',
  does: "the gateway's clock is sixteen minutes behind the functions', so that no signature counts",
  promise: believesNothing,
  create: () => ({ clockSkew: minutes(-16) }),
  holds: nothingBelieved,
};
