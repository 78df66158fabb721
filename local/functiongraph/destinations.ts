/** Where the results of asynchronous calls go: a topic, or another function. Buckets and streams are not played. */
import type { LocalClock } from '../clock.ts';
import type { Model } from '../model/state.ts';
import { publish } from '../model/topics.ts';
import { targetIn } from './async-config.ts';
import type { Enqueue } from './queue.ts';
import type { Destination } from './state.ts';
import { readUrn } from './urn.ts';

const SUBJECT = 'FunctionGraph asynchronous invocation result';

export const notifier =
  (to: {
    readonly model: Model;
    readonly clock: Pick<LocalClock, 'now'>;
    readonly enqueue: Enqueue;
    readonly says: (line: string) => void;
  }) =>
  ({ destination, param }: Destination, event: object): void => {
    const { model, clock, enqueue, says } = to;
    const message = JSON.stringify(event);
    if (destination === 'SMN') {
      const topic = targetIn(param, 'topic_urn') ?? '';
      const published = publish(model, topic, { subject: SUBJECT, message }, clock.now());
      if (!published.ok)
        says(`destination ${topic}: expected that it takes the result, got ${published.code}`);
    } else if (destination === 'FunctionGraph') {
      enqueue(readUrn(targetIn(param, 'func_urn') ?? '').urn, message);
    } else {
      says(`destination ${destination}: not played by the local cloud; the result was ${message}`);
    }
  };
