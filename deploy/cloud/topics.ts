/**
 * SMN as the checkup needs it, with the deployer's credentials: who is subscribed to a topic, and the test alarm. Every
 * method throws `HuaweiError`. Source: API page "Querying Subscriptions of a Specified Topic".
 */
import * as z from 'zod/mini';
import type { Client } from '../../lib/huawei/client.ts';
import { readable } from '../../lib/huawei/reading.ts';
import { createSmn, type Message } from '../../lib/huawei/smn.ts';
import { seconds } from '../../lib/time.ts';

export interface Topics {
  /** In the order in which they were added. */
  subscriptions(topicUrn: string): Promise<readonly TopicSubscription[]>;
  publish(topicUrn: string, message: Message): Promise<{ readonly messageId: string }>;
}

export interface TopicSubscription {
  /** `email`, `sms`, `https`, `functionstage`. */
  readonly protocol: string;
  /** May hold a secret: what an `https` endpoint is called with. */
  readonly endpoint: string;
  /** 0: unconfirmed, 1: confirmed, 3: cancelled; nobody says what another means. */
  readonly status: number;
}

const READ = seconds(10);
/** The longest page there is. */
const PAGE = 100;
/** A topic can have no more. */
const MOST = 10_000;

const subscriptionsAnswer = z.object({
  subscriptions: z.array(z.object({ protocol: z.string(), endpoint: z.string(), status: z.number() })),
});

export function createTopics(client: Client): Topics {
  return {
    ...createSmn(client),

    async subscriptions(topicUrn) {
      const operation = 'ListSubscriptionsByTopic';
      const [, projectId = client.projectId] = /^urn:smn:[^:]+:([\w-]+):[^:]+$/.exec(topicUrn) ?? [];
      const path = ['v2', projectId, 'notifications', 'topics', topicUrn, 'subscriptions'];
      const all: TopicSubscription[] = [];
      while (all.length < MOST) {
        const query = { offset: all.length, limit: PAGE };
        const { data } = await client.call({ operation, method: 'GET', path, query, deadline: READ });
        const page = readable(client, operation, subscriptionsAnswer, data).subscriptions;
        all.push(...page);
        if (page.length < PAGE) break;
      }
      return all;
    },
  };
}
