/** What is read of a topic's subscriptions, and what is made of it; SMN is faked at its edge, HTTP. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../deploy/check/read.ts';
import type { Service } from '../../deploy/check/service.ts';
import { alarmTopicFindings, reportTopicFindings } from '../../deploy/checkup/topics.ts';
import { createTopics } from '../../deploy/cloud/topics.ts';
import { fakeWorld, json } from '../lib/huawei/fakes.ts';
import { ENVIRONMENT, filledIn, givenOf, topic } from './support/yml.ts';

const TEXT = readFileSync('serverless.yml', 'utf8');
const SERVICE = readService(givenOf(filledIn(TEXT, ENVIRONMENT)), TEXT);
const ALARM = 'urn:fss:cn-north-4:0a:function:default:encode-restart-dev-alarm';

const one = (protocol: string, endpoint: string, status = 1) => ({
  ...{ topic_urn: 'urn', subscription_urn: 'urn:0', owner: '0a', remark: '' },
  ...{ protocol, endpoint, status },
});
const topicsOf = (answer: Parameters<typeof fakeWorld>[0]) => {
  const world = fakeWorld(answer, { service: 'smn' });
  return { ...world, topics: createTopics(world.client) };
};
const answering = (...subscriptions: object[]) =>
  topicsOf(() => json(200, { request_id: 'r', subscription_count: subscriptions.length, subscriptions }));

describe('the subscriptions of a topic', () => {
  it('are read page after page, from the project of the topic', async () => {
    const all = Array.from({ length: 130 }, (_, index) => one('email', `${index}@example.com`));
    const { topics, sent } = topicsOf(({ url }) => {
      const offset = Number(new URL(url).searchParams.get('offset'));
      return json(200, { subscription_count: 130, subscriptions: all.slice(offset, offset + 100) });
    });
    const urn = 'urn:smn:cn-north-4:0f:reports';
    expect((await topics.subscriptions(urn)).map(({ endpoint }) => endpoint)).toEqual(
      all.map(({ endpoint }) => endpoint),
    );
    expect(sent.map(({ url }) => new URL(url).pathname + new URL(url).search)).toEqual(
      [0, 100].map(
        (offset) =>
          `/v2/0f/notifications/topics/${encodeURIComponent(urn)}/subscriptions?offset=${offset}&limit=100`,
      ),
    );
  });

  it('that may not be listed are unknown, with the action that is missing', async () => {
    const { topics } = topicsOf(() => json(403, { code: 'SMN.0001', message: 'no permission' }));
    const [found] = await reportTopicFindings(SERVICE, topics);
    expect(found).toMatchObject({
      check: 'subscribers of report_topic',
      state: 'unknown',
      todo: expect.stringContaining('smn:topic:list'),
    });
  });

  it('of a topic that is not there are ill, with its URN', async () => {
    const { topics } = topicsOf(() => json(404, { code: 'SMN.0006', message: 'Topic not found.' }));
    const [found] = await reportTopicFindings(SERVICE, topics);
    expect(found).toMatchObject({ state: 'ill', said: expect.stringContaining(topic('encode-reports')) });
  });
});

describe('a topic of reports', () => {
  it.each<[string, readonly object[], string, string]>([
    ['with a confirmed one', [one('email', 'a')], 'well', '1 (email)'],
    ['with a cancelled one beside it', [one('email', 'a'), one('sms', 'b', 3)], 'well', '1 (email)'],
    ['with one that is not confirmed', [one('sms', 'a', 0)], 'ill', '1 of 1 are not confirmed (sms)'],
    ['with nobody', [], 'ill', 'there is none'],
    ['with nobody left', [one('sms', 'a', 3)], 'ill', 'there is none any more: 1 cancelled'],
    ['with a status that nobody explains', [one('sms', 'a', 2)], 'unknown', '1 in a status'],
  ])('%s', async (_, subscriptions, state, said) => {
    const [found] = await reportTopicFindings(SERVICE, answering(...subscriptions).topics);
    expect(found).toMatchObject({ state, said: expect.stringContaining(said) });
  });
});

describe('the topic of results', () => {
  const results: Service = {
    ...SERVICE,
    settings: { ...SERVICE.settings, results_topic: topic('encode-results') },
  };

  it.each<[string, readonly object[], string]>([
    ['with nobody', [], 'Subscribe the function or the HTTPS endpoint'],
    ['with one that is not confirmed', [one('https', 'https://a', 0)], 'Have the endpoint open the link'],
  ])('%s says what a program needs', async (_, subscriptions, todo) => {
    const found = await reportTopicFindings(results, answering(...subscriptions).topics);
    expect(found.map(({ check }) => check)).toContain('subscribers of results_topic');
    expect(found.at(-1)).toMatchObject({ state: 'ill', todo: expect.stringContaining(todo) });
    expect(found[0]?.todo).not.toContain('ndpoint');
  });
});

describe('a topic of alarms', () => {
  it.each<[string, readonly object[], string]>([
    ['that alarm is subscribed to', [one('functionstage', `${ALARM}:latest`)], 'well'],
    ['the same without a version', [one('functionstage', ALARM)], 'well'],
    ['the same in an older spelling', [one('function', ALARM.replace('fss', 'cff'))], 'well'],
    ['that its subscription is not confirmed for', [one('functionstage', ALARM, 0)], 'ill'],
    ['that only another function is subscribed to', [one('functionstage', `${ALARM}-2:latest`)], 'ill'],
    ['that only mail is subscribed to', [one('email', 'a')], 'ill'],
    ['of whose function SMN shows another name', [one('functionstage', 'f-1')], 'unknown'],
    ['that nobody is subscribed to', [], 'ill'],
  ])('%s', async (_, subscriptions, state) => {
    const [found] = await alarmTopicFindings(SERVICE, answering(...subscriptions).topics);
    expect(found).toMatchObject({ check: 'subscription of encode-alarms', state });
  });
});
