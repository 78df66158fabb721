/** The ways in, each with as few servers as show all that it does. */
import { iso, seconds } from '../../lib/time.ts';
import { apigEvent, timerEvent } from '../../local/demo/events.ts';
import { BEGINS_AT, type Scenario, server, TOPIC, UNTOUCHABLE } from './scenario.ts';

const alarm = {
  record: [
    {
      event_version: '1.0',
      event_source: 'smn',
      smn: {
        topic_urn: TOPIC,
        timestamp: iso(BEGINS_AT),
        message_id: 'one-alarm',
        subject: 'Cloud Eye: alarm',
        type: 'notification',
        message: JSON.stringify({
          message_type: 'alarm',
          alarm_id: 'al1770000000000crashAA',
          alarm_name: 'encode servers unwell',
          alarm_status: 'alarm',
          time: BEGINS_AT,
          namespace: 'SYS.CPH',
          metric_name: 'encode_server_abnormal',
          dimension: 'server_id:h1',
          template_variable: { IsAlarm: true },
        }),
        message_attributes: null,
      },
    },
  ],
};

/** One after the other on one host: what is left waits while the first is under way. */
export const alarmRun: Scenario = {
  name: 'alarm',
  functionName: 'alarm',
  fleet: [server('h1', 'well', 1), server('h1', 's1', 2), server('h1', 's2', 2), ...UNTOUCHABLE],
  settings: { max_per_host: 1 },
  event: alarm,
};

/** What nobody can mend shows whether it is tried again: its one attempt is over, and a person has to look at it. */
export const lostCause: Scenario = {
  name: 'alarm, beyond mending',
  functionName: 'alarm',
  fleet: [server('h1', 'well', 1), server('h1', 'lost', 2, { recovers: false }), ...UNTOUCHABLE],
  settings: { max_attempts: 1 },
  event: alarm,
  strikesItselfOnly: true,
};

/** The first is under way when somebody pauses everything; the second has to wait until that is over. */
export const pausedRun: Scenario = {
  ...alarmRun,
  name: 'alarm, paused midway',
  pausedAfter: seconds(3),
  strikesItselfOnly: true,
};

export const rollingRestart: Scenario = {
  name: 'rolling restart',
  functionName: 'schedule',
  fleet: [
    server('h1', 's1', 1),
    server('h1', 's2', 1),
    server('h2', 's3', 1),
    server('h3', 's4', 2),
    ...UNTOUCHABLE,
  ],
  settings: { max_unavailable: 2, window: '02:00-05:00 Asia/Shanghai' },
  event: timerEvent('nightly', BEGINS_AT, '{"all": true, "reason": "nightly rolling restart"}'),
  meansHealthy: true,
};

export const webhookRun: Scenario = {
  name: 'webhook',
  functionName: 'webhook',
  fleet: [server('h1', 'named', 1), server('h2', 's1', 2), ...UNTOUCHABLE],
  settings: { webhook_auth: 'IAM' },
  event: apigEvent(
    'POST',
    '/restarts',
    { encode_server_ids: ['named', 's1'], who: 'ops', reason: 'black screens' },
    { 'Idempotency-Key': 'ticket-1' },
    1,
  ),
  named: ['named', 's1'],
};

export const patrolRun: Scenario = {
  name: 'patrol',
  functionName: 'patrol',
  fleet: [server('h1', 'well', 1), server('h1', 's1', 2), server('h2', 's2', 2), ...UNTOUCHABLE],
  settings: { settle: '20s' },
};

export const SCENARIOS: readonly Scenario[] = [
  alarmRun,
  lostCause,
  pausedRun,
  rollingRestart,
  webhookRun,
  patrolRun,
];
