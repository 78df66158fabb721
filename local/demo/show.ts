/** What a demo is, and how it is shown: the story, what people were told, and what is true in the cloud. */
import { type EpochMs, epochMs } from '../../lib/time.ts';
import { fastClock, type LocalClock, virtualClock } from '../clock.ts';
import type { FaultInstance } from '../faults/index.ts';
import type { FleetRow, Mail, Model } from '../model/index.ts';
import { storyTeller } from '../story.ts';
import { type Check, showMessages, title, verdict, type Write } from './print.ts';
import { type Onlooker, openStage, type Stage, TOPICS } from './stage.ts';

/** The cloud's seconds in one of ours, where a demo is quick enough to be watched. */
const FACTOR = 20;

export interface Demo {
  readonly title: string;
  readonly begins: string;
  /** `virtual`: there is too much to wait for. */
  readonly time: 'fast' | 'virtual';
  readonly fleet: readonly FleetRow[];
  /** What is worth knowing before it begins. */
  readonly intro: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly faults?: readonly FaultInstance[];
  readonly play: (stage: Stage, says: Onlooker['says'], write: Write) => Promise<void>;
  readonly checks: (end: End) => readonly Check[];
}

/** The cloud as it was left. */
export interface End extends Pick<Stage, 'model' | 'ledger'> {
  readonly now: EpochMs;
  readonly reports: readonly Mail[];
  readonly pages: readonly Mail[];
}

export interface Showing {
  readonly write: Write;
  /** Another clock than the demo's own. */
  readonly clock?: LocalClock;
}

/** The exit code: 0 only if everything that the demo promises is so. */
export async function show(demo: Demo, { write, clock: given }: Showing): Promise<0 | 1> {
  const clock = given ?? clockOf(demo);
  const onlooker = storyTeller(clock, write);
  const stage = await openStage({ ...demo, clock, onlooker });
  const { model, ledger } = stage;
  write(title(`encode-restart: ${demo.title}`));
  for (const line of [cloudText(model, demo, given === undefined), ...demo.intro, '']) write(line);
  try {
    await demo.play(stage, onlooker.says, write);
    await stage.settled();
  } finally {
    await stage.close();
  }
  const to = (topic: string) => model.mailbox.filter(({ topic_urn }) => topic_urn === topic);
  const [reports, pages] = [to(TOPICS.reports), to(TOPICS.pages)];
  showMessages(
    model.mailbox.filter(({ topic_urn }) => topic_urn !== TOPICS.alarms),
    write,
  );
  return verdict(demo.checks({ model, ledger, now: clock.now(), reports, pages }), write);
}

function clockOf({ time, begins }: Demo): LocalClock {
  const start = epochMs(Date.parse(begins));
  return time === 'fast' ? fastClock(FACTOR, start) : virtualClock(start);
}

function cloudText(model: Model, { time }: Demo, isOwnClock: boolean): string {
  const pace =
    time === 'fast' && isOwnClock
      ? `its time ${FACTOR} times as fast as ours`
      : 'its clock jumps to whatever is waited for';
  return `A local cloud with ${model.hosts.size} hosts and ${model.servers.size} encode servers, ${pace}.`;
}
