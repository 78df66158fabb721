/** Tells people and machines what became of a run; a run that nobody could be told of is in the log in full. */
import { HuaweiError } from '../huawei/errors.ts';
import { runFacts } from '../report/facts.ts';
import { reportMessage } from '../report/message.ts';
import { after, type EpochMs, seconds } from '../time.ts';
import type { Run } from '../types.ts';
import { hasEnded } from './target.ts';
import type { World } from './world.ts';

/** Waits between the tries to publish, behind the client's own. */
const TRY_AGAIN_AFTER = [seconds(10), seconds(60)];

/** Whether there is anything to tell: "an alarm, nothing to do" is a log line. */
const hasNews = (run: Run): boolean => run.targets.length > 0 || run.stopped !== undefined;

/** Reports a run that has ended, or that this invocation has to leave unfinished. Not twice when it has ended. */
export async function finish(run: Run, world: World, until: EpochMs): Promise<Run> {
  const { ledger, log, settings } = world;
  const facts = runFacts(run);
  log.info(hasEnded(run) ? 'run ended' : 'run unfinished', { state: run.state, counts: facts.counts });
  if (run.reportedAs !== undefined) return run;
  if (!hasNews(run)) return closed(run, 'nothing to report', world);
  if (settings.reportTopic === undefined) {
    log.warn('report, in full: no report_topic is set', { report: facts });
    return closed(run, 'logged', world);
  }
  const { subject, messageStructure } = reportMessage(run, {
    language: settings.language,
    region: settings.region,
    projectId: world.projectId,
    mode: settings.mode,
    sharedLedger: ledger.shared,
  });
  const messageId = await publish(settings.reportTopic, { subject, messageStructure }, world, until);
  if (messageId === undefined) {
    log.error('report, in full: it could not be published', { report: facts });
    return run;
  }
  log.info('report published', { message_id: messageId });
  return closed(run, messageId, world);
}

/** An unfinished run stays open: its final report is still to come. */
async function closed(run: Run, reportedAs: string, { ledger }: World): Promise<Run> {
  if (!hasEnded(run)) return run;
  const told: Run = { ...run, reportedAs };
  await ledger.save(told);
  return told;
}

async function publish(
  topicUrn: string,
  message: { subject: string; messageStructure: string },
  { clock, log, smn }: World,
  until: EpochMs,
): Promise<string | undefined> {
  for (const wait of [...TRY_AGAIN_AFTER, undefined]) {
    try {
      return (await smn.publish(topicUrn, message)).messageId;
    } catch (error) {
      if (!(error instanceof HuaweiError)) throw error;
      log.warn('the report was not accepted', { code: error.code, kind: error.kind });
      const isFinal = error.kind === 'rejected' || error.kind === 'not_authorised';
      if (isFinal || wait === undefined || after(clock.now(), wait) >= until) return undefined;
      await clock.sleep(wait);
    }
  }
  return undefined;
}
