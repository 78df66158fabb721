/** The job results of a run, for the programs that wait for them on a topic of their own. */
import { expect, it } from 'vitest';
import { alarmEvent, row, stage, TOPIC } from '../../support/stage.ts';

const RESULTS = TOPIC.replace('encode-alarms', 'results');
const settings = { results_topic: RESULTS };
const FLEET = [row('h1', 's1', 2), row('h1', 's2'), row('h1', 's3', 2, { recovers: false })];

async function resultsOf(fleet: typeof FLEET, events: readonly unknown[]) {
  const { model, runs } = await stage({ fleet, events, settings });
  const sent = model.mailbox.filter(({ topic_urn }) => topic_urn === RESULTS);
  return { runs, sent: sent.map(({ messages }) => JSON.parse(messages['default'] ?? '')) };
}

it('are sent when it ends, with every server it restarted', async () => {
  const { runs, sent } = await resultsOf(FLEET, [alarmEvent('server_id:h1')]);
  expect(sent).toMatchObject([
    { run_id: runs[0]?.run_id, part: 1, of: 1, counts: { recovered: 1, not_recovered: 1 } },
  ]);
  expect(sent[0].restarts).toMatchObject([
    { encode_server_id: 's3', outcome: 'not_recovered' },
    { encode_server_id: 's1', outcome: 'recovered' },
  ]);
});

it('are sent once, however often its alarm is delivered', async () => {
  const event = alarmEvent('server_id:h1');
  expect((await resultsOf(FLEET, [event, event])).sent).toHaveLength(1);
});

it('of an alarm with nothing to do are none', async () => {
  const { sent } = await resultsOf([row('h1', 's1')], [alarmEvent('server_id:h1')]);
  expect(sent).toEqual([]);
});
