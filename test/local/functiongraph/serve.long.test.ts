/** `npm run cloud`: what it prints, how it ends, and what is left of it when it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test, vi } from 'vitest';
import { realClock } from '../../../local/clock.ts';
import { standardHostId, standardServerId } from '../../../local/fleet.ts';
import { main } from '../../../local/functiongraph/main.ts';
import { PERSON } from '../../../local/functiongraph/open.ts';
import { ask, type Caller, create, invoke, send } from './support/cloud.ts';

const FREE = ['--port', '0', '--apig-port', '0'];
const folder = mkdtempSync(join(tmpdir(), 'serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The variables that were printed. */
const variablesOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.map((line) => line.replace(/^export /, '').split('=')));
const callerOf = (variables: Record<string, string>): Caller => ({
  cloud: { url: variables['HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT'] ?? '' },
  clock: realClock,
  key: { ak: variables['HUAWEICLOUD_SDK_AK'] ?? '', sk: variables['HUAWEICLOUD_SDK_SK'] ?? '' },
});

test('it prints what points a deployment at it, takes one, and ends when it is interrupted', async () => {
  const printed: string[] = [];
  const said: string[] = [];
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const ended = main(FREE, {
    print: (line) => printed.push(line),
    says: (line) => said.push(line),
    interrupted,
  });
  await vi.waitFor(() => expect(said.at(-1)).toMatch(/^ready/), { timeout: 20_000 });
  expect(printed.every((line) => /^export [A-Z_]+=\S+$/.test(line))).toBe(true);
  const variables = variablesOf(printed);
  expect(variables['HUAWEICLOUD_SDK_AK']).toBe(PERSON.ak);
  const caller = callerOf(variables);
  expect(
    (await create(caller, {}, 'exports.handler = async () => { console.log("heard"); return 1; }')).status,
  ).toBe(200);
  expect((await invoke(caller, 'echo')).body).toBe(1);
  expect(said).toContain('echo: heard');
  const local = async (method: string, what: string) => {
    const { status, body } = await send(`${caller.cloud.url}/local/${what}`, method, {});
    return [status, body];
  };
  const id = standardServerId(2, 1);
  await local('POST', `hang?encode_server_id=${id}`);
  await local('POST', `alarm?server_id=${standardHostId(2)}`);
  const [, { servers }] = await local('GET', 'servers');
  expect(servers.find((one: { encode_server_id: string }) => one.encode_server_id === id).status).toBe(2);
  const [, { mail }] = await local('GET', 'mail');
  expect(mail).toMatchObject([{ topic_urn: variables['ENCODE_RESTART_ALARM_TOPIC'] }]);
  expect(await local('GET', 'restarts')).toEqual([200, { restarts: [] }]);
  expect(await local('POST', 'hang')).toEqual([400, { error: 'expected ?encode_server_id=…' }]);
  expect((await local('POST', 'recovery?server_id=nobody'))[0]).toBe(404);
  interrupt();
  expect([await ended, said.at(-1)]).toEqual([0, 'ended']);
});

const refused = async (...args: string[]): Promise<[number, string]> => {
  const said: string[] = [];
  const code = await main(args, {
    print: () => undefined,
    says: (line) => said.push(line),
    interrupted: Promise.resolve(),
  });
  return [code, said.at(-1)?.split('\n')[0] ?? ''];
};

test.each([
  [['--port', '70000'], '--port: expected a port from 0 to 65535, got 70000'],
  [['--topic', 'a b'], '--topic: expected 1 to 255 letters, digits, - and _, got a b'],
  [['--region', 'north'], '--region: expected a region such as cn-north-4, got north'],
  [['--project', 'p1'], '--project: expected 32 hexadecimal digits, got p1'],
])('%j is no call', async (args, line) => {
  expect(await refused(...args)).toEqual([2, line]);
});

test('an option that there is not, and a fleet that is none', async () => {
  expect((await refused('--ports', '1'))[0]).toBe(2);
  const file = join(folder, 'fleet.json');
  writeFileSync(file, '[{}]');
  const [code, line] = await refused('--seed-fleet', file);
  expect([code, line.startsWith('--seed-fleet: The fleet is wrong: row 1')]).toEqual([2, true]);
});

test('a port that is taken and a state that is none are told of in a line', async () => {
  const running = await start();
  const { HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT: url = '' } = running.variables;
  const port = new URL(url).port;
  expect(await refused('--port', port, '--apig-port', '0')).toEqual([
    1,
    `the local cloud could not be started: port ${port} is taken. End what listens there, or name another with --port.`,
  ]);
  expect(await refused('--port', '0', '--apig-port', port)).toEqual([
    1,
    `the local cloud could not be started: port ${port} is taken. End what listens there, or name another with --apig-port.`,
  ]);
  running.process.kill('SIGTERM');
  expect(await once(running.process, 'exit')).toEqual([0, null]);
  const file = join(folder, 'no-state.json');
  writeFileSync(file, 'hello');
  expect((await refused(...FREE, '--state', file))[1]).toContain(
    `${file}: expected the state of a local cloud`,
  );
});

test('under npm it ends with npm, however that ends', async () => {
  const script = `node --import tsx local/serve.ts ${FREE.join(' ')}; true`;
  const env = { ...process.env, npm_lifecycle_event: 'cloud' };
  const shell = spawn('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: shell.stderr })) {
    said.push(line);
    if (line.startsWith('ready')) shell.kill('SIGKILL');
  }
  expect(said.at(-1)).toBe('ended');
});

interface Running {
  readonly process: ChildProcess;
  readonly variables: Record<string, string>;
}

async function start(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/serve.ts', ...FREE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('ready')) break;
  }
  child.stderr.resume();
  return { process: child, variables: variablesOf(printed) };
}

/** The id of the message of an alarm. */
async function alarmed({ variables }: Running): Promise<string> {
  const { url } = callerOf(variables).cloud;
  await send(`${url}/local/alarm?server_id=${standardHostId(1)}`, 'POST', {});
  return (await send(`${url}/local/mail`, 'GET', {})).body.mail.at(-1).message_id;
}

test('killed while it is at work, it leaves no instance behind, and is started again with all it said yes to', async () => {
  const state = join(folder, 'state.json');
  const first = await start('--state', state);
  await create(callerOf(first.variables), {}, 'exports.handler = async () => [process.pid, __dirname]');
  const [pid, codeRoot] = (await invoke(callerOf(first.variables), 'echo')).body;
  expect(process.kill(pid, 0)).toBe(true);
  const before = await alarmed(first);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
  await vi.waitFor(() => expect(existsSync(codeRoot)).toBe(false));

  const second = await start('--state', state);
  const caller = callerOf(second.variables);
  expect((await ask(caller, { path: '/functions' })).body.functions).toMatchObject([{ func_name: 'echo' }]);
  expect((await invoke(caller, 'echo')).body).toEqual([expect.any(Number), expect.any(String)]);
  // A function that remembers what was delivered takes an id it knows for a repetition.
  expect(await alarmed(second)).not.toBe(before);
  second.process.kill('SIGINT');
  expect(await once(second.process, 'exit')).toEqual([0, null]);
});
