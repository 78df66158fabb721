/** The bundle on the Node.js that FunctionGraph runs, against the local cloud, in real time. */
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
import { alarmEvent, row, TOPIC } from '../support/stage.ts';

const PLATFORM = platformNode();
const BUNDLE = fileURLToPath(new URL('../../dist/alarm/index.js', import.meta.url));
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

it.runIf(PLATFORM !== undefined)(
  'restarts what an alarm names, on Node.js 20.15.1 and over real HTTP',
  async () => {
    const fleet = readFleet([row('h1', 's1'), row('h1', 's2', 2, { restart_seconds: 2 })]);
    const model = createModel({ fleet, region: 'cn-north-4', projectId: 'p1' });
    const credentials = { ak: 'AK', sk: 'SK', securityToken: 'TOKEN' };
    const clock = { now: systemClock.now, hang: () => () => undefined };
    const cloud = await startCloud({ model, clock, faults: [], credentials, log: silent });
    const SETTINGS = JSON.stringify({
      region: 'cn-north-4',
      mode: 'active',
      ledger: 'memory',
      alarm_topics: [TOPIC],
      endpoints: { cph: cloud.url, smn: cloud.url },
    });
    const event = alarmEvent('server_id:h1', { at: Date.now() });
    const input = JSON.stringify({ event, userData: { SETTINGS }, credentials, projectId: 'p1' });
    const caller = fileURLToPath(new URL('./call.cjs', import.meta.url));
    const { stdout } = await promisify(execFile)(PLATFORM ?? '', [caller, BUNDLE, input]);
    await cloud.close();
    expect(stdout).toMatch(/^RESULT v20\.15\.1 .*"state":"done"/m);
    expect(model.restarts.map((restart) => restart.encode_server_id)).toEqual(['s2']);
    expect(stdout).toContain('"recovered":1');
  },
);
