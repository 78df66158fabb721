/**
 * The calls of SMN that the local cloud knows.
 * Sources: API pages "Publishing Messages", "Querying Subscriptions of a Specified Topic".
 */
import { createHash } from 'node:crypto';
import type { Subscription } from '../model/state.ts';
import { publish, subscriptionsOf } from '../model/topics.ts';
import { smnError } from './answer.ts';
import type { Route } from './route.ts';

const MOST_LISTED = 100;

export const SMN_ROUTES: readonly Route[] = [
  {
    operation: 'PublishMessage',
    method: 'POST',
    path: '/v2/:project_id/notifications/topics/:topic_urn/publish',
    answer: ({ model, params, body, now, request_id }) => {
      const publication = typeof body === 'object' && body !== null ? body : {};
      const published = publish(model, params['topic_urn'] ?? '', publication, now);
      if (!published.ok) return smnError(published.code, request_id);
      return { status: 200, body: { request_id, message_id: published.value.message_id } };
    },
  },
  {
    operation: 'ListSubscriptionsByTopic',
    method: 'GET',
    path: '/v2/:project_id/notifications/topics/:topic_urn/subscriptions',
    answer: ({ model, params, query, request_id }) => {
      const { topic_urn = '', project_id = '' } = params;
      const found = subscriptionsOf(model, topic_urn);
      if (!found.ok) return smnError(found.code, request_id);
      const offset = numberOf(query.get('offset') ?? '0');
      const limit = numberOf(query.get('limit') ?? String(MOST_LISTED));
      if (offset === undefined || limit === undefined || limit < 1 || limit > MOST_LISTED) {
        return smnError('SMN.0015', request_id);
      }
      const subscriptions = found.value
        .slice(offset, offset + limit)
        .map((one) => subscriptionBody(one, topic_urn, project_id));
      return { status: 200, body: { request_id, subscription_count: found.value.length, subscriptions } };
    },
  },
];

const numberOf = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

function subscriptionBody(subscription: Subscription, topic_urn: string, owner: string) {
  const { name, protocol = 'functionstage', endpoint = name, status = 1 } = subscription;
  const id = createHash('md5').update(`${topic_urn} ${protocol} ${endpoint}`).digest('hex');
  const subscription_urn = `${topic_urn}:${id}`;
  return { topic_urn, protocol, subscription_urn, owner, endpoint, remark: '', status };
}
