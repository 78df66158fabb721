/** Sends what people are to be told. A letter is in the ledger until SMN has taken it; a lost one comes again. */
import { HuaweiError } from '../huawei/errors.ts';
import type { Letter, Notice } from '../messages.ts';
import { noticeMessage } from '../report/notice.ts';
import type { ReportOptions } from '../report/text.ts';
import { after, between, type EpochMs, hours, seconds } from '../time.ts';
import type { World } from './world.ts';

/** Waits between the tries to publish, behind the client's own. */
const TRY_AGAIN_AFTER = [seconds(10), seconds(60)];
/** The client's three tries and its waits between them, when nothing answers. */
const A_TRY_TAKES = seconds(18);
/** A letter that nobody took for so long is no news any more. */
const TRIED_FOR = hours(24);

export function reportOptions({ settings, projectId, ledger }: World): ReportOptions {
  const { language, region, mode } = settings;
  return { language, region, projectId, mode, sharedLedger: ledger.shared };
}

export interface Content {
  readonly subject: string;
  readonly messageStructure: string;
}

/** What came of a message: it was taken, it will never be, or nobody could be reached in time. */
export type Published =
  | { readonly kind: 'taken'; readonly messageId: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'not now' };

/** Tries until SMN takes the message or `until` has come; where patrol can try again, not longer than a lease lasts. */
export async function publish(
  topicUrn: string,
  message: Content,
  { clock, ledger, log, smn }: World,
  until: EpochMs,
): Promise<Published> {
  for (const wait of ledger.shared ? [undefined] : [...TRY_AGAIN_AFTER, undefined]) {
    try {
      return { kind: 'taken', messageId: (await smn.publish(topicUrn, message)).messageId };
    } catch (error) {
      if (!(error instanceof HuaweiError)) throw error;
      log.warn('a message was not accepted', { code: error.code, kind: error.kind });
      if (error.kind === 'rejected') return { kind: 'refused' };
      if (error.kind === 'not_authorised' || wait === undefined) return { kind: 'not now' };
      if (after(after(clock.now(), wait), A_TRY_TAKES) >= until) return { kind: 'not now' };
      await clock.sleep(wait);
    }
  }
  return { kind: 'not now' };
}

/** Writes a letter down and tries to send it once; what is left is sent by patrol. False: it was written before. */
export async function post(
  letterId: string,
  topicUrn: string | undefined,
  content: Content,
  world: World,
): Promise<boolean> {
  const { clock, ledger, log } = world;
  if (topicUrn === undefined) {
    log.warn('a message without a topic', { letter: letterId, subject: content.subject });
    return true;
  }
  const letter: Letter = { letterId, topicUrn, ...content, writtenAt: clock.now() };
  if (!(await ledger.post(letter))) return false;
  await deliver(letter, world);
  return true;
}

/** Sends what is still unsent, while SMN answers and a further try has ended by `until`. */
export async function deliverAll(world: World, until: EpochMs): Promise<void> {
  const { clock, ledger } = world;
  for (const letter of await ledger.unsent()) {
    if (after(clock.now(), A_TRY_TAKES) > until) return;
    if ((await deliver(letter, world)) === 'away') return;
  }
}

/** `away`: SMN could not be reached, and could not be for another letter either. */
async function deliver(letter: Letter, world: World): Promise<'done' | 'refused' | 'away'> {
  const { clock, ledger, log, smn } = world;
  const { letterId, topicUrn, subject, messageStructure } = letter;
  try {
    const { messageId } = await smn.publish(topicUrn, { subject, messageStructure });
    await ledger.sent(letterId);
    log.info('message published', { letter: letterId, message_id: messageId });
    return 'done';
  } catch (error) {
    if (!(error instanceof HuaweiError)) throw error;
    log.warn('a message was not accepted', { letter: letterId, code: error.code, kind: error.kind });
    const isOld = between(letter.writtenAt, clock.now()) > TRIED_FOR;
    if (error.kind !== 'rejected' && !isOld) return error.kind === 'not_authorised' ? 'refused' : 'away';
    // It will be refused the next time too, or has been for long.
    log.error('undeliverable message, in full', { letter: letterId, subject, content: messageStructure });
    await ledger.undeliverable(letterId);
    return 'refused';
  }
}

/** Keeps what could not be sent: patrol tries again, unless SMN refused it for good. */
export async function keep(
  letterId: string,
  topicUrn: string,
  content: Content,
  { kind }: Exclude<Published, { kind: 'taken' }>,
  { clock, ledger }: World,
): Promise<void> {
  await ledger.post({ letterId, topicUrn, ...content, writtenAt: clock.now() });
  if (kind === 'refused') await ledger.undeliverable(letterId);
}

/** Tells of something that is no run. `key`: the same news is told once. */
export async function notify(
  notice: Notice,
  key: string,
  world: World,
  to: 'page' | 'report' = 'page',
): Promise<void> {
  const { reportTopic, pageTopic = reportTopic } = world.settings;
  const topic = to === 'page' ? pageTopic : reportTopic;
  const isNew = await post(key, topic, noticeMessage(notice, reportOptions(world)), world);
  if (isNew) world.log.info('notice', { ...notice, key });
}
