/** SMN's side of the model: topics, their subscribers, and the mailbox that keeps all that was published. */
import { type EpochMs, iso } from '../../lib/time.ts';
import { type Asked, denied, granted, type SmnCode } from './codes.ts';
import type { Mail, Model, Subscription } from './state.ts';

export interface Publication {
  readonly subject?: unknown;
  readonly message?: unknown;
  /** A JSON text with a message by protocol. */
  readonly message_structure?: unknown;
}

const MAX_SUBJECT_BYTES = 512;
const MAX_MESSAGE_BYTES = 256 * 1_024;

export const topicUrn = (model: Model, name: string): string =>
  `urn:smn:${model.region}:${model.projectId}:${name}`;

/** Makes a topic; `urn` need not belong to the model's project, so that alarms from elsewhere can be played. */
export function addTopic(model: Model, urn: string): void {
  if (!model.topics.has(urn)) model.topics.set(urn, []);
}

export function subscribe(model: Model, urn: string, subscription: Subscription): void {
  const subscriptions = model.topics.get(urn);
  if (subscriptions === undefined) throw new Error(`Expected a topic of the local cloud, got ${urn}`);
  subscriptions.push(subscription);
}

export function unsubscribe(model: Model, urn: string, subscription: Subscription): void {
  const others = (model.topics.get(urn) ?? []).filter((one) => one !== subscription);
  if (model.topics.has(urn)) model.topics.set(urn, others);
}

/** What ListSubscriptionsByTopic does once the caller is known: those of a topic, in the order in which they came. */
export function subscriptionsOf(model: Model, urn: string): Asked<readonly Subscription[], SmnCode> {
  return whyNoTopic(model, urn) ?? granted(model.topics.get(urn) ?? []);
}

function whyNoTopic(model: Model, urn: string): { readonly ok: false; readonly code: SmnCode } | undefined {
  const [, region, projectId] = /^urn:smn:([^:]+):([^:]+):[A-Za-z0-9_-]{1,255}$/.exec(urn) ?? [];
  if (region !== model.region || projectId !== model.projectId) return denied('SMN.0005');
  return model.topics.has(urn) ? undefined : denied('SMN.0006');
}

/** What PublishMessage does once the caller is known. */
export function publish(
  model: Model,
  urn: string,
  publication: Publication,
  now: EpochMs,
): Asked<Mail, SmnCode> {
  const { subject } = publication;
  const noTopic = whyNoTopic(model, urn);
  if (noTopic !== undefined) return noTopic;
  if (typeof subject !== 'string' || subject === '' || Buffer.byteLength(subject) > MAX_SUBJECT_BYTES) {
    return denied('SMN.0008');
  }
  const messages = messagesOf(publication);
  if (!messages.ok) return messages;
  return granted(post(model, urn, subject, messages.value, now));
}

/** `message_structure` goes before `message`. */
function messagesOf({
  message,
  message_structure,
}: Publication): Asked<Readonly<Record<string, string>>, SmnCode> {
  if (message_structure !== undefined) {
    if (typeof message_structure !== 'string' || tooLong(message_structure)) return denied('SMN.0021');
    const messages = byProtocol(message_structure);
    return messages === undefined ? denied('SMN.0021') : granted(messages);
  }
  if (typeof message !== 'string' || message === '' || tooLong(message)) return denied('SMN.0009');
  return granted({ default: message });
}

const tooLong = (text: string): boolean => Buffer.byteLength(text) > MAX_MESSAGE_BYTES;

function byProtocol(structure: string): Record<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(structure);
    if (typeof parsed !== 'object' || parsed === null || !('default' in parsed)) return undefined;
    const messages: Record<string, string> = {};
    for (const [protocol, text] of Object.entries(parsed)) {
      if (typeof text !== 'string') return undefined;
      messages[protocol] = text;
    }
    return messages;
  } catch {
    return undefined;
  }
}

/** Puts a message into the mailbox and hands it to whoever is subscribed and has confirmed it. */
export function post(
  model: Model,
  urn: string,
  subject: string,
  messages: Readonly<Record<string, string>>,
  now: EpochMs,
): Mail {
  const mail: Mail = { message_id: model.newId('message'), topic_urn: urn, at: now, subject, messages };
  model.mailbox.push(mail);
  const texts = new Map(Object.entries(messages));
  const message = texts.get('functionstage') ?? texts.get('default') ?? '';
  for (const subscription of model.topics.get(urn) ?? []) {
    if ((subscription.status ?? 1) !== 1) continue;
    const { message_id } = mail;
    subscription.deliver({ topic_urn: urn, message_id, timestamp: iso(now), subject, message });
  }
  return mail;
}
