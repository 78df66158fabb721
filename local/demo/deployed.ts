/**
 * `npm run demo -- --deployed`: `serverless deploy` onto a local cloud, an alarm, and the deployed zips do the rest;
 * then another schedule, and everything goes. In real time, on the platform's Node.js where it is installed.
 */

import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { iso, systemClock } from '../../lib/time.ts';
import { fastClock } from '../clock.ts';
import { standardFleet, standardHostId, standardServerId } from '../fleet.ts';
import { deployerVariables } from '../functiongraph/deployer.ts';
import { type LocalCloud, openLocalCloud } from '../functiongraph/open.ts';
import { TOPICS } from '../functiongraph/options.ts';
import { hang, raiseAlarm, statusAt, subscribe, topicUrn } from '../model/index.ts';
import { type Check, showMessages, title, verdict, type Write } from './print.ts';
import { startRedis } from './redis.ts';
import { sayingOf } from './saying.ts';

/** Beside the operator's own, and gone afterwards. */
const CONFIG = 'serverless.demo.yml';
const HANGING = [standardServerId(1, 2), standardServerId(1, 4)];
const NIGHTLY = '0 5 2 * * *';
const LATER = '0 35 2 * * *';
/** The report of an alarm comes when its servers have been looked at. */
const PATIENCE_MS = 300_000;

export async function deployed(write: Write): Promise<0 | 1> {
  const redis = await startRedis();
  const opened = await openLocalCloud({
    clock: fastClock(1),
    fleet: standardFleet({ abnormal: 0 }).map((row) => ({ ...row, restart_seconds: 3 })),
    region: 'cn-north-4',
    projectId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    topics: Object.values(TOPICS),
    onLine: (_, line) => {
      const [who, what] = sayingOf(line) ?? [];
      if (who !== undefined) write(`${clockTime()}  ${who.padEnd(9)}  ${what}`);
    },
    says: (line) => write(line),
  });
  write(title('encode-restart: deployed, and called by an alarm'));
  write(
    redis === undefined
      ? 'No redis-server here: no shared ledger, no patrol.'
      : 'A redis-server is the shared ledger.',
  );
  try {
    return verdict(await play(opened, redis?.url, write), write);
  } catch (error) {
    write(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    rmSync(CONFIG, { force: true });
    await opened.close();
    await redis?.end();
  }
}

async function play(opened: LocalCloud, ledger: string | undefined, write: Write): Promise<readonly Check[]> {
  const { model, functionGraph } = opened;
  const environment = environmentOf(opened, ledger);
  const serverless = (...args: readonly string[]) => run([...args, '--config', CONFIG], environment, write);
  const text = readFileSync('serverless.yml', 'utf8').replace('mode: observe', 'mode: active');
  const functions = () => functionGraph.deployment.all();
  const schedules = () =>
    functions()
      .filter(({ config }) => config.func_name.endsWith('-schedule'))
      .flatMap(({ triggers }) => triggers.map(({ event_data }) => String(event_data['schedule'])));

  writeFileSync(CONFIG, text);
  await serverless('deploy');
  const made = functions().length;

  const report = nextReport(opened);
  for (const id of HANGING) hang(model, id, systemClock.now());
  write(`${clockTime()}  Cloud Eye  raises an alarm for the host of ${HANGING.length} servers that hang`);
  raiseAlarm(model, topicUrn(model, TOPICS.alarms), standardHostId(1), systemClock.now());
  const arrived = await report;
  showMessages(
    model.mailbox.filter(({ topic_urn }) => topic_urn === topicUrn(model, TOPICS.reports)),
    write,
  );
  const restarted = model.restarts.map(({ encode_server_id }) => encode_server_id);
  const running = [...model.servers.values()].filter(
    (server) => statusAt(server, systemClock.now()) === 1,
  ).length;

  writeFileSync(CONFIG, text.replace(NIGHTLY, LATER));
  await serverless('deploy');
  const after = schedules();
  await serverless('remove', '--yes');
  return [
    [made === 4, `${made} functions were deployed`],
    [arrived, 'the report of the alarm arrived'],
    [
      restarted.length === HANGING.length && HANGING.every((id) => restarted.includes(id)),
      `${restarted.length} restarts for the ${HANGING.length} servers that hung`,
    ],
    [running === model.servers.size, `${running} of ${model.servers.size} servers are running`],
    [
      after.length === 1 && after[0]?.endsWith(LATER) === true,
      `one timer is left after the schedule changed: ${after.join(', ')}`,
    ],
    [functions().length === 0, `${functions().length} functions are left after remove`],
  ];
}

/** Whether a report arrives in time. */
const nextReport = ({ model }: LocalCloud): Promise<boolean> =>
  new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), PATIENCE_MS);
    const deliver = () => {
      clearTimeout(late);
      resolve(true);
    };
    subscribe(model, topicUrn(model, TOPICS.reports), { name: 'demo', deliver });
  });

const environmentOf = (cloud: LocalCloud, ledger: string | undefined): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...deployerVariables(cloud),
  ...(ledger === undefined ? {} : { LEDGER_URL: ledger }),
});

/** The framework's command line, its lines among ours. @throws Error when it fails */
function run(args: readonly string[], env: NodeJS.ProcessEnv, write: Write): Promise<void> {
  write(`${clockTime()}  $ npx serverless ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const command = ['node_modules/serverless/bin/serverless.js', ...args];
    const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => write(text.trimEnd()));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`serverless ${args.join(' ')} ended with ${code}; see above`));
    });
  });
}

const clockTime = (): string => iso(systemClock.now()).slice(11, 19);
