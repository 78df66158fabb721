/** The bundle of the function `alarm`, deployed as a zip on the local cloud: an alarm comes by its topic, a server is restarted. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { realClock } from '../../local/clock.ts';
import { readFleet } from '../../local/fleet.ts';
import { openLocalCloud, PERSON } from '../../local/functiongraph/open.ts';
import { platformNode } from '../../local/functiongraph/runtime.ts';
import { raiseAlarm, topicUrn } from '../../local/model/index.ts';
import { ask, zipped } from '../local/functiongraph/support/cloud.ts';
import { row } from '../support/stage.ts';

const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const BUNDLE = fileURLToPath(new URL('../../dist/alarm/', import.meta.url));

/** What the build made for a function, but for its maps. */
const filesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith('.map'))
      .map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')]),
  );

it.runIf(platformNode() !== undefined)(
  'an alarm on a topic reaches the deployed zip, which restarts what hangs and reports',
  async () => {
    const lines: string[] = [];
    const local = await openLocalCloud({
      clock: realClock,
      fleet: readFleet([row('h1', 's1'), row('h1', 's2', 2, { restart_seconds: 2 })]),
      region: 'cn-north-4',
      projectId: PROJECT,
      topics: ['alarms', 'reports'],
      onLine: (_name, line) => lines.push(line),
    });
    const { model, cloud, functionGraph } = local;
    const [alarms, reports] = [topicUrn(model, 'alarms'), topicUrn(model, 'reports')];
    const SETTINGS = JSON.stringify({
      region: 'cn-north-4',
      mode: 'active',
      ledger: 'memory',
      alarm_topics: [alarms],
      report_topic: reports,
      endpoints: cloud.endpoints,
    });
    const caller = { cloud, clock: realClock, key: PERSON };
    const created = await ask(caller, {
      method: 'POST',
      path: '/functions',
      body: {
        func_name: 'alarm',
        package: 'default',
        runtime: 'Node.js20.15',
        handler: 'index.handler',
        timeout: 120,
        memory_size: 256,
        code_type: 'zip',
        code_filename: 'alarm.zip',
        func_code: { file: zipped(filesOf(BUNDLE)) },
        app_xrole: 'local-agency',
        user_data: JSON.stringify({ SETTINGS }),
      },
    });
    expect(created.status).toBe(200);
    const trigger = { trigger_type_code: 'SMN', event_data: { topic_urn: alarms } };
    await ask(caller, { method: 'POST', path: `/triggers/${created.body.func_urn}`, body: trigger });

    raiseAlarm(model, alarms, 'h1', caller.clock.now());
    await functionGraph.settled();
    await local.close();
    expect(model.restarts.map((restart) => restart.encode_server_id)).toEqual(['s2']);
    expect(model.mailbox.filter(({ topic_urn }) => topic_urn === reports)).toHaveLength(1);
    expect(lines.some((line) => line.includes('"recovered":1'))).toBe(true);
  },
);
