/** `npm run demo`: a local cloud, hanging encode servers, two alarms, and the story of what happens then. */
import { styleText } from 'node:util';
import { emptyState } from '../lib/ledger/state.ts';
import { parseSettings } from '../lib/settings.ts';
import { epochMs, seconds } from '../lib/time.ts';
import { fastClock } from './clock.ts';
import type { FaultInstance } from './faults/index.ts';
import { standardFleet, standardHostId, standardServerId } from './fleet.ts';
import { smnEvent } from './host.ts';
import { hang, type Mail, type Model, raiseAlarm, statusAt, subscribe } from './model/index.ts';
import { startScene } from './scene.ts';
import { storyTeller } from './story.ts';

/** The cloud's seconds in one of ours. */
const FACTOR = 20;
const REGION = 'cn-north-4';
const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const ALARMS = `urn:smn:${REGION}:${PROJECT}:encode-alarms`;
const REPORTS = `urn:smn:${REGION}:${PROJECT}:encode-restart-reports`;
const FUNCTION_URN = `urn:fss:${REGION}:${PROJECT}:function:default:encode-restart-alarm:latest`;

/** Which servers hang; the last one is beyond what a restart can mend. */
const HANGING = [
  standardServerId(1, 2),
  standardServerId(1, 4),
  standardServerId(3, 1),
  standardServerId(3, 5),
];
const BEYOND_REPAIR = standardServerId(3, 5);

const clock = fastClock(FACTOR, epochMs(Date.parse('2026-03-01T18:30:00Z')));
const fleet = standardFleet({ abnormal: 0 }).map((row) =>
  row.encode_server_id === BEYOND_REPAIR ? { ...row, recovers: false } : row,
);
const settings = { region: REGION, mode: 'active', alarm_topics: [ALARMS], report_topic: REPORTS };

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', () => process.exit());
process.exitCode = await tell();

async function tell(): Promise<number> {
  const story = storyTeller(clock, (line) => process.stdout.write(`${line}\n`));
  let model: Model | undefined;
  const onlooker: FaultInstance = {
    async intercept(call, proceed) {
      const reply = await proceed();
      if (model !== undefined) story.sawCall(call, reply, model);
      return reply;
    },
  };
  const scene = await startScene({
    clock,
    fleet,
    region: REGION,
    projectId: PROJECT,
    settings,
    faults: [onlooker],
    ledger: emptyState(),
    writeLine: story.readLog,
  });
  model = scene.model;
  try {
    await play(scene, model, story);
  } finally {
    await scene.close();
  }
  const reports = model.mailbox.filter((mail) => mail.topic_urn === REPORTS);
  showReports(reports);
  return verdict(model, reports);
}

async function play(
  scene: Awaited<ReturnType<typeof startScene>>,
  model: Model,
  story: ReturnType<typeof storyTeller>,
): Promise<void> {
  const hosts = [standardHostId(1), standardHostId(3)];
  const { cooldown, maxPerHost } = parseSettings({ ...settings });
  print(title('encode-restart: an alarm restarts what hangs, looks, and reports'));
  print(
    `A local cloud with ${model.hosts.size} hosts and ${model.servers.size} encode servers, its time ${FACTOR} times as fast as ours.`,
  );
  print(
    `Mode active, cooldown ${cooldown / 60_000} min, at most ${maxPerHost} restarts at a time on a host.`,
  );
  print('');

  const invocations: Promise<unknown>[] = [];
  subscribe(model, ALARMS, {
    name: 'alarm',
    deliver(notification) {
      story.say('SMN', 'hands the alarm to the function "alarm"');
      invocations.push(scene.invoke('alarm', smnEvent({ functionUrn: FUNCTION_URN, ...notification })));
    },
  });
  for (const id of HANGING) {
    hang(model, id, clock.now());
    const beyond = id === BEYOND_REPAIR ? ', and no restart will mend it' : '';
    story.say('fleet', `${story.nameOf(id, model)} hangs${beyond}`, 'bad');
  }
  await clock.sleep(seconds(12));
  for (const host of hosts) {
    story.say('Cloud Eye', `raises an alarm for ${model.hosts.get(host)?.name ?? host}`, 'bad');
    raiseAlarm(model, ALARMS, host, clock.now());
    await clock.sleep(seconds(4));
  }
  await Promise.all(invocations);
}

function showReports(reports: readonly Mail[]): void {
  for (const [index, { subject, messages }] of reports.entries()) {
    print('');
    print(title(`Report ${index + 1} of ${reports.length}, as mail`));
    print(`Subject: ${subject}`);
    print('');
    print(messages['email'] ?? messages['default'] ?? '');
  }
  for (const [index, { messages }] of reports.entries()) {
    print('');
    print(title(`Report ${index + 1} of ${reports.length}, for programs`));
    print(JSON.stringify(JSON.parse(messages['functionstage'] ?? '{}'), null, 2));
  }
}

/** What the demo promises, looked up in the cloud itself and not in what the function says of it. */
function verdict(model: Model, reports: readonly Mail[]): number {
  const now = clock.now();
  const mendable = [...model.servers.values()].filter((server) => server.row.recovers);
  const running = mendable.filter((server) => statusAt(server, now) === 1);
  const twice = model.restarts.filter(
    (restart, index) =>
      model.restarts.findIndex((other) => other.encode_server_id === restart.encode_server_id) !== index,
  );
  const checks: readonly (readonly [boolean, string])[] = [
    [reports.length === 2, `${reports.length} of 2 reports arrived`],
    [
      running.length === mendable.length,
      `${running.length} of ${mendable.length} servers that a restart can mend are running`,
    ],
    [
      model.restarts.length === HANGING.length,
      `${model.restarts.length} restarts for ${HANGING.length} hanging servers`,
    ],
    [
      twice.length === 0,
      twice.length === 0 ? 'no server was restarted twice' : `${twice.length} restarted twice`,
    ],
  ];
  print('');
  for (const [isWell, text] of checks) {
    print(`${isWell ? styleText('green', '✔') : styleText('red', '✘')} ${text}`);
  }
  return checks.every(([isWell]) => isWell) ? 0 : 1;
}

function title(text: string): string {
  return styleText('bold', `── ${text} ${'─'.repeat(Math.max(2, 76 - text.length))}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
