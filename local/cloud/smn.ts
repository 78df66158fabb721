/** The call of SMN that the local cloud knows. */
import { publish } from '../model/topics.ts';
import { smnError } from './answer.ts';
import type { Route } from './route.ts';

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
];
