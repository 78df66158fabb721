/**
 * Whether each topic is there and somebody is subscribed to it: people to those of reports, programs to that of results,
 * `alarm` to those of alarms.
 */
import { HuaweiError } from '../../lib/huawei/errors.ts';
import type { Service } from '../check/service.ts';
import type { TopicSubscription, Topics } from '../cloud/topics.ts';
import { alarmTopics } from '../compose.ts';
import { DEPLOY, type Finding, failed } from './finding.ts';

type Judged = Omit<Finding, 'check'>;

export const nameOfTopic = (urn: string): string => urn.split(':').at(-1) ?? urn;

interface Advice {
  readonly subscribe: string;
  readonly confirm: string;
}

const OR_ELSE = 'which is good for 48 hours; have SMN send another, or delete what nobody wants.';
const PEOPLE: Advice = {
  subscribe: 'Subscribe mail or a phone in SMN, and confirm it.',
  confirm: `Open the link that SMN sent, ${OR_ELSE}`,
};
const PROGRAMS: Advice = {
  subscribe: 'Subscribe the function or the HTTPS endpoint that reads results in SMN, and confirm it.',
  confirm: `Have the endpoint open the link in the message that SMN sent to it, ${OR_ELSE}`,
};
/** By who reads the topic. */
const ADVICE = { report_topic: PEOPLE, page_topic: PEOPLE, results_topic: PROGRAMS } as const;

export async function reportTopicFindings(service: Service, topics: Topics): Promise<readonly Finding[]> {
  const keys = ['report_topic', 'page_topic', 'results_topic'] as const;
  const urns = keys.flatMap((key) => {
    const urn = service.settings[key];
    return typeof urn === 'string' ? [[key, urn] as const] : [];
  });
  return Promise.all(
    urns.map(([key, urn]) =>
      asked(`subscribers of ${key}`, urn, topics, (listed) => judgeReports(listed, ADVICE[key])),
    ),
  );
}

/** None where serverless.yml has no function `alarm`. */
export async function alarmTopicFindings(service: Service, topics: Topics): Promise<readonly Finding[]> {
  const alarm = service.functions.find(({ key }) => key === 'alarm');
  if (alarm === undefined) return [];
  const triggering = new Set(
    alarm.triggers.flatMap((one) => (one.triggerTypeCode === 'SMN' ? [one.eventData.topicUrn] : [])),
  );
  return Promise.all(
    alarmTopics(service).map((urn) =>
      asked(`subscription of ${nameOfTopic(urn)}`, urn, topics, (listed) =>
        judgeAlarms(listed, alarm.config.name, triggering.has(urn)),
      ),
    ),
  );
}

async function asked(
  check: string,
  urn: string,
  topics: Topics,
  judge: (listed: readonly TopicSubscription[]) => Judged,
): Promise<Finding> {
  try {
    return { check, ...judge(await topics.subscriptions(urn)) };
  } catch (error) {
    if (!isRefused(error)) return failed(check, error, 'smn:topic:list');
    const todo = 'Create it in SMN, in the region and project of its URN, or name another one.';
    return { check, state: 'ill', said: `there is no topic ${urn} (${error.code})`, todo };
  }
}

/** The topic is not there, or its URN is none. */
const isRefused = (error: unknown): error is HuaweiError =>
  error instanceof HuaweiError && (error.code === 'SMN.0006' || error.code === 'SMN.0005');

const UNCONFIRMED = 0;
const CONFIRMED = 1;
const CANCELLED = 3;

/** Protocols alone: an address is somebody's own, and an endpoint may hold a secret. */
function judgeReports(listed: readonly TopicSubscription[], advice: Advice): Judged {
  const of = (...statuses: number[]) => listed.filter(({ status }) => statuses.includes(status));
  const confirmed = of(CONFIRMED);
  const unconfirmed = of(UNCONFIRMED);
  const others = listed.length - confirmed.length - unconfirmed.length - of(CANCELLED).length;
  if (unconfirmed.length > 0) {
    return {
      state: 'ill',
      said: `${unconfirmed.length} of ${listed.length} are not confirmed (${protocolsOf(unconfirmed)})`,
      todo: advice.confirm,
    };
  }
  if (confirmed.length > 0) return { state: 'well', said: `${confirmed.length} (${protocolsOf(confirmed)})` };
  if (others > 0) return { state: 'unknown', said: `${others} in a status that no document explains` };
  return {
    state: 'ill',
    said: listed.length === 0 ? 'there is none' : `there is none any more: ${listed.length} cancelled`,
    todo: advice.subscribe,
  };
}

const protocolsOf = (listed: readonly TopicSubscription[]): string =>
  [...new Set(listed.map(({ protocol }) => protocol))].sort().join(', ');

/** @param isTriggering serverless.yml has an SMN trigger for it */
function judgeAlarms(listed: readonly TopicSubscription[], name: string, isTriggering: boolean): Judged {
  const functions = listed.filter(({ protocol }) => protocol.startsWith('function'));
  const ours = functions.filter(({ endpoint }) => functionIn(endpoint) === name);
  if (ours.some(({ status }) => status === CONFIRMED)) return { state: 'well', said: `it calls ${name}` };
  if (ours.length > 0) {
    const statuses = ours.map(({ status }) => status).join(', ');
    return {
      state: 'ill',
      said: `${name} is subscribed, and not confirmed (status ${statuses})`,
      todo: 'Delete the SMN trigger in the console of FunctionGraph, and run "serverless deploy".',
    };
  }
  // How SMN writes a function that a trigger subscribed is in no document.
  if (functions.some(({ endpoint }) => functionIn(endpoint) === undefined)) {
    return { state: 'unknown', said: 'a function is subscribed, and SMN does not say which' };
  }
  return {
    state: 'ill',
    said: `${name} is not subscribed to it: its alarms reach nobody`,
    todo: isTriggering
      ? `${DEPLOY} If the trigger is there, delete it in the console first.`
      : 'Give alarm an SMN trigger for it in serverless.yml, or take it out of alarm_topics.',
  };
}

/** Of a URN with a version or without: the name. */
const functionIn = (endpoint: string): string | undefined =>
  /^urn:[^:]+:[^:]+:[^:]+:function:[^:]+:([^:]+)(?::[^:]+)?$/.exec(endpoint.trim())?.[1];
