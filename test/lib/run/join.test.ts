/** An alarm about a host that has an open run: it joins that run while it launches, else it watches the host. */
import { describe, expect, it } from 'vitest';
import { emptyState } from '../../../lib/ledger/state.ts';
import { after, minutes, seconds } from '../../../lib/time.ts';
import { virtualClock } from '../../../local/clock.ts';
import { readFleet } from '../../../local/fleet.ts';
import { hang } from '../../../local/model/index.ts';
import { startScene } from '../../../local/scene.ts';
import { alarmEvent, row, T0, TOPIC } from '../../support/stage.ts';

const REPORTS = TOPIC.replace('encode-alarms', 'reports');

/** A second alarm comes so long after the first, when another server of the host hangs; or several at once. */
async function twoAlarms(
  fleet: readonly object[],
  later: { readonly after: ReturnType<typeof seconds>; readonly hangs: string; readonly alarms?: number },
  settings: object = {},
) {
  const clock = virtualClock(T0);
  const ledger = emptyState();
  const lines: string[] = [];
  const scene = await startScene({
    clock,
    fleet: readFleet(fleet),
    region: 'cn-north-4',
    projectId: TOPIC.split(':')[3] ?? '',
    settings: { mode: 'active', alarm_topics: [TOPIC], report_topic: REPORTS, ...settings },
    faults: [],
    ledger,
    writeLine: (line) => lines.push(line),
  });
  const first = scene.invoke('alarm', alarmEvent('server_id:h1'));
  const second = clock.sleep(later.after).then(async () => {
    hang(scene.model, later.hangs, clock.now());
    const at = after(T0, later.after);
    const events = Array.from({ length: later.alarms ?? 1 }, () => alarmEvent('server_id:h1', { at }));
    const [answer] = await Promise.all(events.map((event) => scene.invoke('alarm', event)));
    return answer;
  });
  const answers = await Promise.all([first, second]);
  await scene.close();
  const restarts = scene.model.restarts.map(({ encode_server_id }) => encode_server_id);
  return { answers, restarts, runs: [...ledger.runs.values()], model: scene.model };
}

describe('an alarm about a host that has an open run', () => {
  it('joins it while it still launches: one run, one report, every server once', async () => {
    const fleet = ['s1', 's2', 's3'].map((id) => row('h1', id, 2, { restart_seconds: 40 }));
    const { answers, restarts, runs, model } = await twoAlarms(
      [...fleet, row('h1', 's4', 1, { restart_seconds: 40 })],
      { after: seconds(20), hangs: 's4' },
      { max_per_host: 1 },
    );
    expect(answers[1]).toMatchObject({ ignored: [{ reason: expect.stringContaining('joins run') }] });
    expect(runs).toHaveLength(1);
    expect([...restarts].sort()).toEqual(['s1', 's2', 's3', 's4']);
    expect(model.mailbox.filter(({ topic_urn }) => topic_urn === REPORTS)).toHaveLength(1);
  });

  it('joins it beside another alarm about the same server: it is one target, and its restart is followed', async () => {
    const { restarts, runs } = await twoAlarms(
      [row('h1', 's1', 2, { restart_seconds: 40 }), row('h1', 's2', 2), row('h1', 's3', 1)],
      { after: seconds(20), hangs: 's3', alarms: 2 },
      { max_per_host: 1 },
    );
    expect(restarts).toEqual(['s1', 's2', 's3']);
    const targets = runs.flatMap((run) => run.targets);
    expect(targets.map(({ encodeServerId, progress }) => [encodeServerId, progress.state])).toEqual([
      ['s1', 'recovered'],
      ['s2', 'recovered'],
      ['s3', 'recovered'],
    ]);
  });

  it('watches the host when that run launches nothing more: what hangs later is found', async () => {
    const { restarts, runs } = await twoAlarms(
      [row('h1', 's1', 2, { restart_seconds: 60 }), row('h1', 's2', 1)],
      { after: seconds(20), hangs: 's2' },
    );
    expect(restarts).toEqual(['s1', 's2']);
    expect(runs.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('that asks for nothing else than what is being restarted restarts nothing twice', async () => {
    const { restarts, runs, model } = await twoAlarms(
      [row('h1', 's1', 2, { restart_seconds: 600, recovers: false }), row('h1', 's2', 1)],
      { after: minutes(1), hangs: 's1' },
    );
    expect(restarts).toEqual(['s1']);
    expect(runs).toHaveLength(2);
    expect(model.mailbox.filter(({ topic_urn }) => topic_urn === REPORTS)).toHaveLength(1);
  });
});
