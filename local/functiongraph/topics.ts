/** SMN triggers that fire: each is a subscription of its topic, as on the platform. */
import { smnEvent } from '../host.ts';
import type { Model, Subscription } from '../model/state.ts';
import { addTopic, subscribe, unsubscribe } from '../model/topics.ts';
import type { DeployedFunction } from './state.ts';
import { latest } from './urn.ts';

export interface Subscriptions {
  /** From now on these are the ones that there are. */
  keepOnly(deployed: readonly DeployedFunction[]): void;
}

export function createSubscriptions(model: Model, fire: (urn: string, event: object) => void): Subscriptions {
  const held = new Map<string, { readonly topic: string; readonly subscription: Subscription }>();
  return {
    keepOnly(deployed) {
      const wanted = new Map(deployed.flatMap(smnTriggers));
      for (const [id, { topic, subscription }] of held) {
        if (wanted.has(id)) continue;
        unsubscribe(model, topic, subscription);
        held.delete(id);
      }
      for (const [id, { urn, name, topic }] of wanted) {
        if (held.has(id)) continue;
        const subscription: Subscription = {
          name,
          endpoint: latest(urn),
          deliver: (notification) => fire(urn, smnEvent({ functionUrn: latest(urn), ...notification })),
        };
        // It was there when the trigger was created, maybe in a cloud before this one.
        addTopic(model, topic);
        subscribe(model, topic, subscription);
        held.set(id, { topic, subscription });
      }
    },
  };
}

const smnTriggers = ({ urn, config, triggers }: DeployedFunction) =>
  triggers
    .filter(({ trigger_type_code }) => trigger_type_code === 'SMN')
    .map(({ trigger_id, event_data }) => {
      const topic = String(event_data['topic_urn']);
      return [trigger_id, { urn, name: config.func_name, topic }] as const;
    });
