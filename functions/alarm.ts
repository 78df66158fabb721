/** The alarm function: SMN hands over Cloud Eye alarms, each becomes a run, and every run is carried out. */
import { readCloudEyeAlarm } from '../events/cloud-eye.ts';
import { isProblem } from '../events/event.ts';
import { readSmnEvent, type SmnRecord } from '../events/smn.ts';
import { isOurTopic, meaningOf, noticeKey, unreadable } from '../lib/intake/alarm.ts';
import { drive } from '../lib/run/drive.ts';
import { open } from '../lib/run/open.ts';
import { notify } from '../lib/run/send.ts';
import { openTest } from '../lib/run/test-alarm.ts';
import type { World } from '../lib/run/world.ts';
import { type Call, type FunctionHandler, onFunctionGraph } from '../lib/runtime/function.ts';
import { functionGraph, type Platform } from '../lib/runtime/platform.ts';
import type { Run } from '../lib/types.ts';

export interface AlarmAnswer {
  readonly runs: readonly { readonly run_id: string; readonly state: Run['state'] }[];
  readonly ignored: readonly Ignored[];
}

interface Ignored {
  /** The record's place in the event, from 0. */
  readonly record: number;
  readonly reason: string;
}

export const createAlarm = (platform: Platform): FunctionHandler<AlarmAnswer> =>
  onFunctionGraph(platform, alarm);

export const handler = createAlarm(functionGraph());

/** Its own work, without what FunctionGraph wraps around it. */
export async function alarm(event: unknown, { world, until }: Call): Promise<AlarmAnswer> {
  const runs: Run[] = [];
  const ignored: Ignored[] = [];
  const failures: unknown[] = [];
  for (const [record, read] of readSmnEvent(event).entries()) {
    try {
      const run = isProblem(read) ? read.problem : await openRun(read, world);
      if (typeof run !== 'string') runs.push(run);
      else {
        ignored.push({ record, reason: run });
        world.log.info('alarm ignored', { record, reason: run });
      }
    } catch (error) {
      failures.push(error);
    }
  }
  // All records together: one that waits does not hold up its neighbours.
  const ends = await Promise.allSettled(runs.map((run) => drive(run, world, until)));
  const ended = ends.flatMap((end) => (end.status === 'fulfilled' ? (end.value ?? []) : []));
  failures.push(...ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : [])));
  // The platform delivers the event again; what has a run by now is recognised.
  if (failures.length > 0) throw failures[0];
  return { runs: ended.map(({ runId, state }) => ({ run_id: runId, state })), ignored };
}

/** The run that answers a record, or why none does. */
async function openRun(record: SmnRecord, world: World): Promise<Run | string> {
  const { settings, clock, log } = world;
  if (!isOurTopic(record, settings)) return `topic ${record.topicUrn} is not among alarm_topics`;
  const alarmed = readCloudEyeAlarm(record.message);
  const meaning = isProblem(alarmed)
    ? unreadable(record, alarmed, clock.now())
    : meaningOf(record, alarmed, settings, clock.now());
  if (meaning.kind === 'notice' || meaning.kind === 'ignored') {
    const { notice } = meaning;
    const to = meaning.kind === 'notice' ? 'page' : 'report';
    if (notice !== undefined) await notify(notice, noticeKey(notice), world, to);
    return meaning.kind === 'ignored'
      ? meaning.reason
      : `hardware event ${meaning.notice.event}: a restart cannot mend it; it is reported`;
  }
  const opened = await (meaning.kind === 'test' ? openTest : open)(meaning.request, world);
  if (opened.kind === 'ignored') return opened.reason;
  const { run } = opened;
  log.info('run opened', {
    run_id: run.runId,
    state: run.state,
    hosts: run.hosts,
    targets: run.targets.length,
  });
  return run;
}
