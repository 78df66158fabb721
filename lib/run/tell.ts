/** Tells people and machines what became of a run, if it is news; what nobody could be told is in the log in full. */
import { attentionOf, HAS_A_NOTICE } from '../report/attention.ts';
import { runFacts } from '../report/facts.ts';
import { gatheredMessage } from '../report/gathered.ts';
import { reportMessage } from '../report/message.ts';
import { hasNews, heldBecause, knownAs, toldBy } from '../report/news.ts';
import type { ReportOptions } from '../report/options.ts';
import { resultsMessages } from '../report/results.ts';
import type { Settings } from '../settings.ts';
import { type EpochMs, iso, minutes } from '../time.ts';
import { hasEnded, type Lease, type Run } from '../types.ts';
import { keep, post, publish, reportOptions } from './send.ts';
import { isOpen } from './target.ts';
import { tellOfDenial } from './trouble.ts';
import type { World } from './world.ts';

/** Runs that patrol opened are gathered: at most one message in so long. */
const GATHERED_FOR = minutes(10);

/** Reports a run that has ended, or that this invocation has to leave with nobody to carry it on. */
export async function finish(run: Run, lease: Lease, world: World, until: EpochMs): Promise<Run> {
  const { ledger, log, settings } = world;
  if (run.reportedAs !== undefined || run.awaitsGathering === true) return run;
  // What somebody carries on is reported when it has ended.
  if (!hasEnded(run) && ledger.shared) return run;
  const { source } = run.request;
  const { stopped, targets } = run;
  if (source === 'alarm' && stopped?.code === 'not_authorised' && targets.length === 0 && ledger.shared) {
    // Each alarm would say the same.
    log.error('report, in full: told in a notice, once a day', { report: runFacts(run) });
    await tellOfDenial(stopped.error, world);
    return told(run, 'a notice', world);
  }
  // Nobody carries on what is left here: whoever waits for it has to know.
  const isLeft = targets.some(isOpen);
  if (!isLeft && !(await isNews(run, world))) return told(run, 'nothing to report', world);
  await sendResults(run, world);
  const isPaged = await page(run, world);
  if (isPaged && pageTopicOf(settings) === settings.reportTopic) return told(run, `page/${run.runId}`, world);
  if (source === 'patrol' && ledger.shared) {
    // Decided once: what is news and needs a person is not asked again ten minutes later.
    const waiting: Run = { ...run, awaitsGathering: true };
    await ledger.save(waiting, lease);
    return waiting;
  }
  if (settings.reportTopic === undefined) {
    log.warn('report, in full: no report_topic is set', { report: runFacts(run) });
    return told(run, 'logged', world);
  }
  const content = reportMessage(run, await optionsFor([run], world));
  const published = await publish(settings.reportTopic, content, world, until);
  if (published.kind === 'taken') {
    log.info('report published', { message_id: published.messageId });
    return told(run, published.messageId, world);
  }
  log.error('report, in full: it could not be published', { report: runFacts(run) });
  if (!ledger.shared) return run;
  const letterId = `report/${run.runId}`;
  await keep(letterId, settings.reportTopic, content, published, world);
  return told(run, letterId, world);
}

/** One letter for all ended runs of patrol that are not reported yet, if it is time for one. */
export async function reportGathered(runs: readonly Run[], world: World): Promise<void> {
  const { clock, ledger, log, settings } = world;
  if (runs.length === 0) return;
  if (!(await ledger.once('gathered', GATHERED_FOR, clock.now()))) return;
  const runIds = runs.map(({ runId }) => runId);
  const held = runs.flatMap(heldIn);
  const topicUrn = settings.reportTopic;
  if (topicUrn === undefined) {
    for (const run of runs) log.warn('report, in full: no report_topic is set', { report: runFacts(run) });
    await ledger.told(runIds, 'logged', held);
    return;
  }
  const writtenAt = clock.now();
  const letterId = `gathered/${iso(writtenAt)}`;
  const content = gatheredMessage(runs, await optionsFor(runs, world));
  // In one step: whoever dies before it has told nobody, and after it the letter is on its way.
  await ledger.told(runIds, letterId, held, { letterId, topicUrn, ...content, writtenAt });
}

/**
 * Whether there is anything to tell: an alarm with nothing to do is a log line, and so is what was told before, or
 * will be with the `pending` runs.
 */
export async function isNews(run: Run, world: World, pending: readonly Run[] = []): Promise<boolean> {
  const told = await toldOf(run, world);
  const because = new Map(run.targets.map((target) => [target.encodeServerId, heldBecause(target)]));
  for (const target of pending.flatMap(({ targets }) => targets)) {
    const { encodeServerId } = target;
    // A pending run can be older than what people were told last: it adds to what is known, and takes nothing away.
    const why = toldBy(target);
    if (why !== undefined && why === because.get(encodeServerId)) told.set(encodeServerId, why);
  }
  return hasNews(run, told);
}

/** Why each of its servers was held when people were last told. */
async function toldOf(run: Run, { clock, ledger }: World): Promise<Map<string, string | undefined>> {
  const ids = run.targets.map(({ encodeServerId }) => encodeServerId);
  const { servers } = await ledger.recall(ids, clock.now());
  return new Map(ids.map((id) => [id, servers.get(id)?.toldHeld]));
}

/** An unfinished run stays open: its final report is still to come. */
async function told(run: Run, reportedAs: string, { ledger }: World): Promise<Run> {
  if (!hasEnded(run)) return run;
  await ledger.told([run.runId], reportedAs, heldIn(run));
  return { ...run, reportedAs };
}

/**
 * Why its servers are, or will be, held: what people know once they have read of the run. That healthy servers were not
 * restarted by a timer is told of every night.
 */
const heldIn = (run: Run) =>
  run.targets.flatMap((target) => {
    const { encodeServerId, serverId, resolvedAs, named, progress } = target;
    const isHealthy = progress.state === 'held' && resolvedAs === 'running' && !named;
    const why = isHealthy ? undefined : toldBy(target);
    return why === undefined ? [] : [{ encodeServerId, serverId, why }];
  });

const pageTopicOf = ({ pageTopic, reportTopic }: Settings): string | undefined => pageTopic ?? reportTopic;

/** With what people know already of the servers of these runs. */
async function optionsFor(runs: readonly Run[], world: World): Promise<ReportOptions> {
  const known = new Set<string>();
  for (const run of runs) {
    for (const [id, why] of await toldOf(run, world)) if (why !== undefined) known.add(knownAs(id, why));
  }
  return { ...reportOptions(world), known };
}

/** What needs a person now, and did not before, goes out at once, to where it wakes somebody. Whether it did. */
async function page(run: Run, world: World): Promise<boolean> {
  const { settings } = world;
  const pageTopic = pageTopicOf(settings);
  const isSentAnyway = pageTopic === settings.reportTopic && run.request.source !== 'patrol';
  if (isSentAnyway || pageTopic === undefined) return false;
  const options = await optionsFor([run], world);
  const news = run.targets.filter(({ progress }) => {
    const [hold] = progress.state === 'held' ? progress.holds : [];
    return hold === undefined || !HAS_A_NOTICE.has(hold.reason.code);
  });
  if (attentionOf({ ...run, targets: news }, options) !== 'needed') return false;
  await post(`page/${run.runId}`, pageTopic, reportMessage(run, options), world);
  return true;
}

async function sendResults(run: Run, world: World): Promise<void> {
  const { resultsTopic } = world.settings;
  if (resultsTopic === undefined || !hasEnded(run)) return;
  for (const [index, content] of resultsMessages(run, reportOptions(world)).entries()) {
    await post(`results/${run.runId}/${index + 1}`, resultsTopic, content, world);
  }
}
