/** The bundles on the Node.js that FunctionGraph runs, in processes beside each other, on one real Redis. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { epochMs, systemClock } from '../../lib/time.ts';
import type { Log } from '../../lib/types.ts';
import { startCloud } from '../../local/cloud/index.ts';
import { readFleet } from '../../local/fleet.ts';
import { platformNode } from '../../local/functiongraph/runtime.ts';
import { createModel } from '../../local/model/index.ts';
import { canRun, startRedis } from '../support/redis.ts';
import { alarmEvent, row, TOPIC, timerEvent } from '../support/stage.ts';

const PLATFORM = platformNode();
const BUNDLE = fileURLToPath(new URL('../../dist/alarm/index.js', import.meta.url));
const PATROL = fileURLToPath(new URL('../../dist/patrol/index.js', import.meta.url));
const TICK = timerEvent(undefined, epochMs(Date.now()), 'every-minute');
const CALLER = fileURLToPath(new URL('./call.cjs', import.meta.url));
const REPORTS = 'urn:smn:cn-north-4:p1:reports';
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const PROCESSES = 8;

/** What the cloud saw, and what the processes said, when each was handed so many copies of one alarm. */
async function delivered(copies: number, atOnce: number) {
  const redis = await startRedis();
  onTestFinished(() => redis.end());
  const unwell = ['s2', 's3', 's4'].map((id) => row('h1', id, 2, { restart_seconds: 2 }));
  const model = createModel({
    fleet: readFleet([row('h1', 's1'), ...unwell]),
    region: 'cn-north-4',
    projectId: 'p1',
  });
  model.topics.set(REPORTS, []);
  const credentials = { ak: 'AK', sk: 'SK', securityToken: 'TOKEN' };
  const clock = { now: systemClock.now, hang: () => () => undefined };
  const cloud = await startCloud({ model, clock, faults: [], credentials, log: silent });
  const SETTINGS = JSON.stringify({
    region: 'cn-north-4',
    mode: 'active',
    alarm_topics: [TOPIC],
    report_topic: REPORTS,
    endpoints: { cph: cloud.url, smn: cloud.url },
  });
  const event = alarmEvent('server_id:h1', { at: Date.now() });
  const userData = { SETTINGS, LEDGER_URL: redis.url };
  const input = JSON.stringify({ event, userData, credentials, projectId: 'p1', copies, atOnce, tries: 5 });
  const processes = await Promise.all(
    Array.from({ length: PROCESSES }, () =>
      promisify(execFile)(PLATFORM ?? '', [CALLER, BUNDLE, input], { maxBuffer: 64 * 1_024 * 1_024 }),
    ),
  );
  const reports = () => model.mailbox.filter(({ topic_urn }) => topic_urn === REPORTS);
  // Where the one that carried it out was cut off, the next minutes' patrols carry it on.
  const patrol = JSON.stringify({ event: TICK, userData, credentials, projectId: 'p1' });
  for (let minute = 0; minute < 3 && reports().length === 0; minute += 1) {
    await promisify(execFile)(PLATFORM ?? '', [CALLER, PATROL, patrol]);
  }
  await cloud.close();
  const results = processes.flatMap(({ stdout }) =>
    stdout.split('\n').filter((line) => line.startsWith('RESULT')),
  );
  return {
    results,
    reports: reports(),
    restarted: model.restarts.map((restart) => restart.encode_server_id),
  };
}

it.runIf(PLATFORM !== undefined && canRun('the bundle on Redis')).each([
  ['once to each of eight processes', 1, 1],
  ['1,000 times to eight processes, two at once in each', 125, 2],
])(
  'one alarm delivered %s is carried out once and reported once',
  async (_, copies, atOnce) => {
    const { results, reports, restarted } = await delivered(copies, atOnce);
    expect(results).toHaveLength(PROCESSES * copies);
    // All but one, or all: the one that carried it out may itself have been cut off, and delivered again.
    expect(results.filter((line) => !line.includes('delivered before')).length).toBeLessThanOrEqual(1);
    expect([...restarted].sort()).toEqual(['s2', 's3', 's4']);
    expect(reports).toHaveLength(1);
    const ids = reports.map(({ messages }) => /"run_id":"[^"]+"/.exec(messages['functionstage'] ?? '')?.[0]);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeDefined();
  },
  300_000,
);
