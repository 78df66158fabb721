/**
 * Simple Message Notification (SMN): publishes a message to a topic, at least once.
 * Source: API page "Publishing Messages"; errors: SMN API reference, "Error Codes".
 */
import { seconds } from '../time.ts';
import type { Client } from './client.ts';
import { readable } from './reading.ts';
import { publishAnswer } from './schemas.ts';

export interface Message {
  /** At most 512 bytes. */
  readonly subject: string;
  /** JSON text with at least `default`; at most 256 KB. */
  readonly messageStructure: string;
}

export interface Smn {
  /** Resolves when SMN has accepted the message, which is not yet its delivery. Throws `HuaweiError`. */
  publish(topicUrn: string, message: Message): Promise<{ readonly messageId: string }>;
}

/** Three tries of this and the waits between them fit into what an invocation keeps back for its report. */
const PUBLISH_DEADLINE = seconds(5);

export function createSmn(client: Client): Smn {
  async function publish(topicUrn: string, { subject, messageStructure }: Message) {
    const operation = 'PublishMessage';
    // A topic may belong to another project than the phones do, and SMN wants the topic's in the path.
    const [, projectId = client.projectId] = /^urn:smn:[^:]+:([\w-]+):[^:]+$/.exec(topicUrn) ?? [];
    const { data } = await client.call({
      operation,
      method: 'POST',
      path: ['v2', projectId, 'notifications', 'topics', topicUrn, 'publish'],
      body: { subject, message_structure: messageStructure },
      deadline: PUBLISH_DEADLINE,
      // A report that comes twice is better than one that never comes.
      repeatable: true,
    });
    return { messageId: readable(client, operation, publishAnswer, data).message_id };
  }

  return { publish };
}
