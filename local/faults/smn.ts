/** Faults of SMN: the restarts are done, and somebody has to learn of them. */
import { gatewayError, smnError } from '../cloud/answer.ts';
import { hexId } from '../model/ids.ts';
import type { Fault } from './fault.ts';
import { type Check, ignoredAs, outcomes, promised, reports, restarts, toldInLog } from './promises.ts';
import { alarm, usualFleet } from './setting.ts';
import { firstAnswer, firstCalls } from './spoil.ts';

const PUBLISH = 'PublishMessage';
const stand = [outcomes({ recovered: 3 }), restarts(3)];

export const smnDown: Fault = {
  name: 'smn-down',
  does: 'SMN breaks off every call',
  promise: 'the restarts stand; the report is in the log in full',
  create: () => ({ intercept: firstCalls(PUBLISH, Number.POSITIVE_INFINITY, () => 'reset') }),
  holds: promised(...stand, reports(0), toldInLog),
};

export const smnSilent: Fault = {
  name: 'smn-silent',
  does: 'SMN never answers, and the function has one minute; the alarm is delivered again',
  promise: 'the restarts stand and are not repeated; the run is in the ledger, to be reported later',
  create: () => ({ intercept: firstCalls(PUBLISH, Number.POSITIVE_INFINITY, () => 'hang') }),
  setting: () => ({
    fleet: usualFleet({ restart_seconds: 10 }),
    events: [alarm('server_id:h1'), alarm('server_id:h1')],
    timeoutSeconds: 60,
  }),
  holds: promised(...stand, reports(0), ignoredAs('delivered before')),
};

export const smnThrottled: Fault = {
  name: 'smn-throttled',
  does: 'SMN turns the first four messages away with 429',
  promise: 'the report is sent again until it is taken, and arrives once',
  create: () => ({
    intercept: firstCalls(PUBLISH, 4, () =>
      gatewayError(429, 'APIGW.0308', 'The throttling threshold has been reached', hexId('smn-throttled')),
    ),
  }),
  holds: promised(...stand, reports(1)),
};

export const smnRefuses: Fault = {
  name: 'smn-refuses',
  does: 'SMN refuses the report for good: there is no such topic',
  promise: 'it is not sent again; the restarts stand, and the report is in the log in full',
  create: () => ({
    intercept: firstCalls(PUBLISH, Number.POSITIVE_INFINITY, () =>
      smnError('SMN.0006', hexId('smn-refuses')),
    ),
  }),
  holds: promised(...stand, reports(0), toldInLog, ({ calls }) =>
    calls[PUBLISH] === 1 ? [] : [`expected one message to be tried, got ${calls[PUBLISH] ?? 0}`],
  ),
};

const sameRun: Check = (seen) => {
  const ids = seen.reports.map(
    ({ messages }) => /"run_id":"[^"]+"/.exec(messages['functionstage'] ?? '')?.[0],
  );
  return new Set(ids).size === 1 ? [] : [`expected reports of one run, got ${ids.join(', ')}`];
};

export const smnLostAnswer: Fault = {
  name: 'smn-lost-answer',
  does: 'SMN takes the report, but its answer is lost',
  promise: 'the report is sent again: twice is better than never, and both name the same run',
  create: () => ({ intercept: firstAnswer(PUBLISH, () => 'reset') }),
  holds: promised(...stand, reports(2), sameRun),
};
