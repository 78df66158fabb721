/** The bundles on the Node.js that FunctionGraph runs, in processes beside each other, on one real Redis. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { systemClock } from '../../lib/time.ts';
import type { Log } from '../../lib/types.ts';
import { startCloud } from '../../local/cloud/index.ts';
import { readFleet } from '../../local/fleet.ts';
import { platformNode } from '../../local/functiongraph/runtime.ts';
import { createModel } from '../../local/model/index.ts';
import { canRun, startRedis } from '../support/redis.ts';
import { alarmEvent, row, TOPIC } from '../support/stage.ts';

const PLATFORM = platformNode();
const BUNDLE = fileURLToPath(new URL('../../dist/alarm/index.js', import.meta.url));
const CALLER = fileURLToPath(new URL('./call.cjs', import.meta.url));
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const COPIES = 8;

it.runIf(PLATFORM !== undefined && canRun('the bundle on Redis'))(
  'one alarm delivered to eight processes is carried out once and reported once',
  async () => {
    const redis = await startRedis();
    const fleet = readFleet([row('h1', 's1'), row('h1', 's2', 2, { restart_seconds: 2 })]);
    const model = createModel({ fleet, region: 'cn-north-4', projectId: 'p1' });
    const reports = 'urn:smn:cn-north-4:p1:reports';
    model.topics.set(reports, []);
    const credentials = { ak: 'AK', sk: 'SK', securityToken: 'TOKEN' };
    const clock = { now: systemClock.now, hang: () => () => undefined };
    const cloud = await startCloud({ model, clock, faults: [], credentials, log: silent });
    const SETTINGS = JSON.stringify({
      region: 'cn-north-4',
      mode: 'active',
      alarm_topics: [TOPIC],
      report_topic: reports,
      endpoints: { cph: cloud.url, smn: cloud.url },
    });
    const event = alarmEvent('server_id:h1', { at: Date.now() });
    const userData = { SETTINGS, LEDGER_URL: redis.url };
    const input = JSON.stringify({ event, userData, credentials, projectId: 'p1' });
    const copies = await Promise.all(
      Array.from({ length: COPIES }, () => promisify(execFile)(PLATFORM ?? '', [CALLER, BUNDLE, input])),
    );
    await cloud.close();
    await redis.end();
    const ignored = copies.filter(({ stdout }) => stdout.includes('delivered before'));
    expect(ignored).toHaveLength(COPIES - 1);
    expect(model.restarts.map((restart) => restart.encode_server_id)).toEqual(['s2']);
    expect(model.mailbox.filter(({ topic_urn }) => topic_urn === reports)).toHaveLength(1);
  },
);
