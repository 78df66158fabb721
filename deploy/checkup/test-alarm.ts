/**
 * The last check: a test alarm is published as Cloud Eye would, and followed until its report was taken. It is published
 * with the deployer's credentials: no function of ours may need to publish to a topic of alarms.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { HuaweiError } from '../../lib/huawei/errors.ts';
import { TEST_ALARM_SAYS, testAlarm, testId } from '../../lib/intake/test-alarm.ts';
import {
  after,
  between,
  type Clock,
  type DurationMs,
  type EpochMs,
  minutes,
  seconds,
} from '../../lib/time.ts';
import type { Service } from '../check/service.ts';
import type { Management } from '../cloud/management.ts';
import type { Topics } from '../cloud/topics.ts';
import type { Io } from '../commands/io.ts';
import { alarmTopics, isShared, urnOf } from '../compose.ts';
import { DEPLOY, examined, type Finding, failed, messageIn } from './finding.ts';
import { nameOfTopic } from './topics.ts';

/** How often patrol is asked, and for how long. */
export interface Patience {
  readonly every: DurationMs;
  readonly atMost: DurationMs;
}

export const USUAL_PATIENCE: Patience = { every: seconds(3), atMost: minutes(2) };

const SAYS_EVERY_S = 10;

export interface Cloud {
  readonly management: Management;
  readonly topics: Topics;
  readonly io: Io;
  readonly clock: Clock;
}

/** What patrol knows of a test: `null`, no run yet. */
const answer = z.object({
  test: z.nullable(z.object({ run_id: z.string(), reported_as: z.nullable(z.string()) })),
});
type Told = z.infer<typeof answer>['test'];

const REPORT = 'report → report_topic';

/** The rows of a test that is not sent, and why. */
export const notSent = (service: Service, why: string): readonly Finding[] =>
  topicsOf(service).map((topic) => ({
    check: arrivalAt(service, topic),
    state: 'unknown',
    said: `no test alarm was sent: ${why}`,
  }));

export async function testAlarmFindings(
  service: Service,
  cloud: Cloud,
  patience: Patience,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const topic of topicsOf(service)) findings.push(...(await testOf(topic, service, cloud, patience)));
  return findings;
}

const topicsOf = (service: Service): readonly string[] =>
  service.functions.some(({ key }) => key === 'alarm') ? alarmTopics(service) : [];

const arrivalAt = (service: Service, topic: string): string =>
  topicsOf(service).length === 1
    ? 'alarm topic → alarm function'
    : `alarm topic ${nameOfTopic(topic)} → alarm function`;

async function testOf(
  topic: string,
  service: Service,
  cloud: Cloud,
  patience: Patience,
): Promise<readonly Finding[]> {
  const { topics, io, clock } = cloud;
  const check = arrivalAt(service, topic);
  const id = testId(randomBytes(8).toString('hex'));
  let messageId: string;
  try {
    ({ messageId } = await topics.publish(topic, messageOf(service, id, clock.now())));
  } catch (error) {
    return [failed(check, error, 'smn:topic:publish')];
  }
  io.say(`test alarm: published to ${nameOfTopic(topic)} as message ${messageId}`);
  const patrol = service.functions.find(({ key }) => key === 'patrol');
  if (!isShared(service) || patrol === undefined) {
    const absent = patrol === undefined ? 'patrol' : 'a shared ledger';
    return [
      {
        check,
        state: 'unknown',
        said: `the test alarm was published to ${topic} (message ${messageId}); without ${absent} only its report shows that it came`,
        todo: 'See that the report of a test comes to report_topic within a minute.',
      },
    ];
  }
  return followed(id, { check, topic, messageId }, urnOf(service, patrol.config.name), cloud, patience);
}

function messageOf({ settings }: Service, id: string, at: EpochMs) {
  const listed = settings['alarm_namespaces'];
  const [namespace = 'SYS.CPH'] = Array.isArray(listed) ? (listed as string[]) : [];
  const alarm = testAlarm(id, namespace, at);
  // Whoever subscribes mail to the topic of alarms.
  return {
    subject: '[encode-restart] test alarm',
    messageStructure: JSON.stringify({ default: alarm, email: TEST_ALARM_SAYS, sms: TEST_ALARM_SAYS }),
  };
}

interface Sent {
  readonly check: string;
  readonly topic: string;
  readonly messageId: string;
}

/** Asks patrol until it knows of the run and its report. */
async function followed(
  id: string,
  sent: Sent,
  patrolUrn: string,
  { management, io, clock }: Cloud,
  { every, atMost }: Patience,
): Promise<readonly Finding[]> {
  const begun = clock.now();
  const limit = after(begun, atMost);
  let told: Told = null;
  let saidAt = 0;
  for (;;) {
    const asked = await ask(id, patrolUrn, management);
    if (asked.kind === 'older') return [tooOld(sent)];
    const took = Math.round(between(begun, clock.now()) / 1000);
    if (asked.kind === 'told' && asked.told !== null) {
      const { run_id, reported_as } = asked.told;
      if (told === null) io.say(`test alarm: taken by alarm after ${took} s, as run ${run_id}`);
      if (reported_as !== null) return [arrived(sent, asked.told), reported(reported_as)];
      told = asked.told;
    } else if (took >= saidAt + SAYS_EVERY_S) {
      io.say(`test alarm: not there yet after ${took} s`);
      saidAt = took;
    }
    if (after(clock.now(), every) > limit) {
      const span = atMost < 1000 ? `${atMost} ms` : `${Math.round(atMost / 1000)} s`;
      if (told !== null) return [arrived(sent, told), unreported(told, span)];
      return [missing(sent, span, asked.kind === 'trouble' ? asked.said : undefined)];
    }
    await clock.sleep(every);
  }
}

type Asked =
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'trouble'; readonly said: string }
  /** It is of an older deployment, and answers as to a question that it knows. */
  | { readonly kind: 'older' };

/** What goes wrong once may go well the next time. */
async function ask(id: string, patrolUrn: string, management: Management): Promise<Asked> {
  try {
    const { result, code } = await management.invoke(patrolUrn, { doctor: { test: id } });
    if (code !== '0' && code !== '') {
      return { kind: 'trouble', said: `patrol failed with code ${code}: ${messageIn(result)}` };
    }
    const given: unknown = JSON.parse(result);
    const read = answer.safeParse(given);
    if (read.success) return { kind: 'told', told: read.data.test };
    if (examined.safeParse(given).success) return { kind: 'older' };
    return { kind: 'trouble', said: `patrol answered ${messageIn(result)}` };
  } catch (error) {
    if (!(error instanceof HuaweiError) && !(error instanceof SyntaxError)) throw error;
    return { kind: 'trouble', said: error.message };
  }
}

const arrived = ({ check }: Sent, { run_id }: NonNullable<Told>): Finding => ({
  check,
  state: 'well',
  said: `the test alarm was taken, as run ${run_id}`,
});

function reported(as: string): Finding {
  if (as === 'logged') {
    const todo = 'Set report_topic.';
    return { check: REPORT, state: 'unknown', said: 'there is no report_topic: it is in the log', todo };
  }
  // A letter that waits has the name of its kind in front; ids of messages have no slash.
  if (as.includes('/')) {
    const todo = 'See the log of alarm for what SMN said. Patrol tries again.';
    return { check: REPORT, state: 'ill', said: `SMN did not take it (${as})`, todo };
  }
  return {
    check: REPORT,
    state: 'well',
    said: `SMN took the report of the test (message ${as})`,
    todo: 'See that it arrived where it should.',
  };
}

const unreported = ({ run_id }: NonNullable<Told>, span: string): Finding => ({
  check: REPORT,
  state: 'ill',
  said: `run ${run_id} was not reported within ${span}`,
  todo: 'See the log of alarm for what SMN said.',
});

const missing = ({ check, topic, messageId }: Sent, span: string, trouble?: string): Finding => ({
  check,
  state: 'ill',
  said: [
    `the test alarm was published to ${topic} (message ${messageId}), no run of it appeared within ${span}`,
    ...(trouble === undefined ? [] : [`patrol was asked last in vain: ${trouble}`]),
  ].join('; '),
  todo: 'See that the SMN trigger of alarm exists and is enabled, that what is deployed is of this version, and what the log of alarm says.',
});

const tooOld = ({ check, topic }: Sent): Finding => ({
  check,
  state: 'unknown',
  said: `the test alarm was published to ${topic}; the patrol that is deployed is older and cannot be asked for it`,
  todo: DEPLOY,
});
