/** Deployed zips in processes of their own: what a function sees, and what becomes of it. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { minutes, seconds } from '../../../lib/time.ts';
import { fastClock, realClock } from '../../../local/clock.ts';
import { platformNode } from '../../../local/functiongraph/runtime.ts';
import { CREDENTIALS, PROJECT } from '../support/world.ts';
import { ask, create, invoke, openCloud, URN, zipped } from './support/cloud.ts';

const handler = (body: string): string => `exports.handler = async (event, context) => { ${body} };`;
/** As the kernel says it: T is stopped. */
const stateOf = (pid: number): string | undefined =>
  / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''))?.[1];

test('a function that was created from a zip is called and answers', async () => {
  const world = await openCloud();
  const created = await create(world);
  expect([created.status, created.body.func_name]).toEqual([200, 'echo']);
  const told = await invoke(world, 'echo', { hello: 'world' });
  expect([told.status, told.headers['x-func-err-code'], told.body]).toEqual([
    200,
    '0',
    { got: { hello: 'world' } },
  ]);
});

test('the handler may lie in a folder, and its files beside it', async () => {
  const world = await openCloud();
  const files = {
    'src/main.js': "exports.run = async () => require('./word.json');",
    'src/word.json': '"found"',
  };
  await create(world, { handler: 'src/main.run', func_code: { file: zipped(files) } });
  expect((await invoke(world, 'echo')).body).toBe('found');
});

test('the context has what is deployed, and the variables, encrypted ones too', async () => {
  const world = await openCloud();
  await create(
    world,
    {
      app_xrole: 'agency',
      user_data: '{"PLAIN":"1"}',
      encrypted_user_data: '{"SECRET":"two"}',
      memory_size: 512,
    },
    handler(`return [context.getUserData('PLAIN'), context.getUserData('SECRET'), context.getUserData('NONE') === undefined,
      context.getFunctionName(), context.getPackage(), context.getVersion(), context.getProjectID(),
      context.getMemorySize(), context.getRunningTimeInSeconds(), context.getRemainingTimeInMilliSeconds() > 25000,
      context.getSecurityAccessKey(), context.getSecuritySecretKey(), context.getSecurityToken(),
      context.getAccessKey(), context.getWorkflowID(), typeof context.getRequestID()]`),
  );
  expect((await invoke(world, 'echo')).body).toEqual([
    ...['1', 'two', true, 'echo', 'default', 'latest', PROJECT, '512', 30_000, true],
    ...[CREDENTIALS.ak, CREDENTIALS.sk, CREDENTIALS.securityToken, '', '', 'string'],
  ]);
});

test('without an agency there are no credentials', async () => {
  const world = await openCloud();
  await create(world, {}, handler('return context.getSecurityAccessKey()'));
  expect((await invoke(world, 'echo')).body).toBe('');
});

test('the environment is what the runtime sets: no variable of the user, nothing of this machine', async () => {
  const world = await openCloud();
  await create(world, { user_data: '{"PLAIN":"1"}' }, handler('return process.env'));
  const { body } = await invoke(world, 'echo');
  expect(new Set(Object.keys(body))).toEqual(
    new Set([
      ...['PATH', 'RUNTIME_CODE_ROOT', 'RUNTIME_CPU'],
      ...['RUNTIME_FUNC_NAME', 'RUNTIME_FUNC_VERSION', 'RUNTIME_HANDLER', 'RUNTIME_INITIALIZER_HANDLER'],
      ...['RUNTIME_INITIALIZER_TIMEOUT', 'RUNTIME_LOG_DIR', 'RUNTIME_MAX_RESP_BODY_SIZE', 'RUNTIME_MEMORY'],
      ...['RUNTIME_PACKAGE', 'RUNTIME_PROJECT_ID', 'RUNTIME_ROOT', 'RUNTIME_TIMEOUT', 'RUNTIME_USERDATA'],
    ]),
  );
  expect([body.RUNTIME_USERDATA, body.RUNTIME_TIMEOUT, body.RUNTIME_FUNC_NAME]).toEqual([
    '{"PLAIN":"1"}',
    '30',
    'echo',
  ]);
});

const COUNTER = `let calls = 0; ${handler('calls += 1; await new Promise((go) => setTimeout(go, event.wait ?? 0)); return { calls, pid: process.pid }')}`;

test('an instance is used again, and two requests at once have two', async () => {
  const world = await openCloud();
  await create(world, {}, COUNTER);
  const first = await invoke(world, 'echo');
  const again = await invoke(world, 'echo');
  expect(again.body).toEqual({ calls: 2, pid: first.body.pid });
  const [one, other] = await Promise.all([
    invoke(world, 'echo', { wait: 300 }),
    invoke(world, 'echo', { wait: 300 }),
  ]);
  expect(one.body.pid).not.toBe(other.body.pid);
  expect(world.functionGraph.pids()).toHaveLength(2);
});

test('between two requests an instance is frozen: what it left behind does not go on', async () => {
  const world = await openCloud({ clock: realClock });
  await create(world, {}, handler('setInterval(() => undefined, 1); return { pid: process.pid }'));
  const { pid } = (await invoke(world, 'echo')).body;
  await vi.waitFor(() => expect(stateOf(pid)).toBe('T'));
  const again = await invoke(world, 'echo');
  expect(again.body.pid).toBe(pid);
  await vi.waitFor(() => expect(stateOf(pid)).toBe('T'));
});

test('an instance that nobody needs for a minute is ended', async () => {
  const world = await openCloud();
  await create(world, {}, COUNTER);
  const first = await invoke(world, 'echo');
  await world.clock.sleep(seconds(59));
  expect((await invoke(world, 'echo')).body).toEqual({ calls: 2, pid: first.body.pid });
  await world.clock.sleep(seconds(61));
  await vi.waitFor(() => expect(world.functionGraph.pids()).toEqual([]));
  expect((await invoke(world, 'echo')).body.calls).toBe(1);
});

test('new code is what the next request meets, and idle instances with the old one end', async () => {
  const world = await openCloud();
  await create(world, {}, handler("return 'old'"));
  expect((await invoke(world, 'echo')).body).toBe('old');
  const [old] = world.functionGraph.pids();
  const code = {
    code_type: 'zip',
    code_filename: 'index.zip',
    func_code: { file: zipped(handler("return 'new'")) },
  };
  const changed = await ask(world, { method: 'PUT', path: `/functions/${URN}:echo:latest/code`, body: code });
  expect(changed.status).toBe(200);
  expect((await invoke(world, 'echo')).body).toBe('new');
  await vi.waitFor(() => expect(world.functionGraph.pids()).not.toContain(old));
});

test('what was busy while the code changed ends its request, and is not used again', async () => {
  const world = await openCloud();
  const wait = "if (event.wait) { console.log('begun'); await new Promise((go) => setTimeout(go, 500)); }";
  await create(world, {}, handler(`${wait} return 'old'`));
  const slow = invoke(world, 'echo', { wait: true });
  await vi.waitFor(() => expect(world.lines).toEqual(['echo: begun']), { timeout: 10_000 });
  const body = {
    code_type: 'zip',
    code_filename: 'index.zip',
    func_code: { file: zipped(handler("return 'new'")) },
  };
  await ask(world, { method: 'PUT', path: `/functions/${URN}:echo/code`, body });
  expect((await slow).body).toBe('old');
  expect((await invoke(world, 'echo')).body).toBe('new');
});

test('when its time is up it is killed, and the next request has a fresh instance', async () => {
  const world = await openCloud();
  await create(
    world,
    { timeout: 3 },
    `let calls = 0; ${handler('calls += 1; if (event.hang) for (;;); return calls')}`,
  );
  await invoke(world, 'echo');
  const told = await invoke(world, 'echo', { hang: true });
  expect([told.headers['x-func-err-code'], told.headers['x-is-func-err'], told.body]).toEqual([
    '4010',
    'true',
    { errorMessage: 'invoke timeout', errorType: 'Error' },
  ]);
  expect((await invoke(world, 'echo')).body).toBe(1);
});

const FAILURES: readonly (readonly [string, string, Record<string, unknown>, string, object])[] = [
  [
    'throws',
    handler("throw new TypeError('no such host')"),
    {},
    '4002',
    {
      errorMessage: 'function invocation exception, error: [no such host]',
      errorType: 'TypeError',
      stackTrace: expect.arrayContaining([expect.stringContaining('index.js')]),
    },
  ],
  [
    'calls back with an error',
    "exports.handler = (event, context, callback) => callback(new Error('no'))",
    {},
    '4001',
    { errorMessage: 'function entry exception, error: no', errorType: 'Error' },
  ],
  [
    'has no such export',
    'exports.other = 1',
    {},
    '4001',
    {
      errorMessage:
        'function entry exception, error: index.handler: expected an exported function, got undefined',
      errorType: 'Error',
    },
  ],
  [
    'ends its process',
    handler('process.exit(3)'),
    {},
    '4204',
    { errorMessage: 'the process of the function ended with code 3', errorType: 'Error' },
  ],
  [
    'uses more memory than it has',
    handler('const all = []; for (;;) all.push(new Array(1e6).fill(0))'),
    { memory_size: 128 },
    '4205',
    { errorMessage: 'out of memory', errorType: 'Error' },
  ],
  [
    'answers with more than 6 MB',
    handler("return 'x'.repeat(6291456)"),
    {},
    '4008',
    { errorMessage: 'response body too big', errorType: 'Error' },
  ],
  [
    'fails to initialise three times',
    `let turn = 0; exports.initializer = (context, callback) => callback(new Error('turn ' + ++turn)); ${handler('return 1')}`,
    { initializer_handler: 'index.initializer', initializer_timeout: 5 },
    '4201',
    { errorMessage: 'function initialization exception, error: turn 3', errorType: 'Error' },
  ],
  [
    'initialises for ever',
    `exports.initializer = () => new Promise(() => undefined); ${handler('return 1')}`,
    { initializer_handler: 'index.initializer', initializer_timeout: 1 },
    '4211',
    { errorMessage: 'function initialization timeout', errorType: 'Error' },
  ],
];

test.each(FAILURES)(
  'a function that %s is told of with its code and body',
  async (_what, code, fields, err, body) => {
    const world = await openCloud();
    await create(world, fields, code);
    const told = await invoke(world, 'echo');
    expect([told.status, told.headers['x-func-err-code'], told.body]).toEqual([200, err, body]);
  },
);

test('a function may call back, and its initializer runs once before the first request', async () => {
  const world = await openCloud();
  const code =
    'let begun = 0; exports.initializer = (context, callback) => { begun += 1; callback(null, ""); };' +
    'exports.handler = (event, context, callback) => setTimeout(() => callback(null, { begun }), 1);';
  await create(world, { initializer_handler: 'index.initializer', initializer_timeout: 5 }, code);
  await invoke(world, 'echo');
  expect((await invoke(world, 'echo')).body).toEqual({ begun: 1 });
});

test('what a function prints lies between the lines of the platform, one request in one log', async () => {
  const world = await openCloud();
  await create(
    world,
    {},
    handler("console.log('one', event.n); console.error('two'); process.stdout.write('three')"),
  );
  await invoke(world, 'echo', { n: 1 });
  const told = await invoke(world, 'echo', { n: 2 }, { 'x-cff-log-type': 'tail' });
  const log = Buffer.from(String(told.headers['x-cff-function-log']), 'base64').toString('utf8');
  const id = told.headers['x-cff-request-id'];
  const lines = log.trimEnd().split('\n');
  expect(lines[0]).toBe(`2026-01-31T03:00:00Z Start invoke request '${id}', version: latest`);
  expect(lines.slice(1, -1)).toEqual(['one 2', 'two', 'three']);
  expect(lines.at(-1)).toMatch(
    new RegExp(
      `^2026-01-31T03:00:00Z Finish invoke request '${id}', duration: [\\d.]+ms, billing duration: \\d+ms, memory used: [\\d.]+MB, billing memory: 256MB$`,
    ),
  );
  expect(world.lines).toContain('echo: one 1');
});

test('only the last 2,000 bytes of a log come along, and none unless they are asked for', async () => {
  const world = await openCloud();
  await create(world, {}, handler("console.log('x'.repeat(5000))"));
  const plain = await invoke(world, 'echo');
  expect(plain.headers['x-cff-function-log']).toBeUndefined();
  const told = await invoke(world, 'echo', {}, { 'x-cff-log-type': 'tail' });
  expect(Buffer.from(String(told.headers['x-cff-function-log']), 'base64')).toHaveLength(2_000);
});

test('in version v1 the result is a text inside JSON', async () => {
  const world = await openCloud();
  await create(world);
  const { body, headers } = await invoke(world, 'echo', { a: 1 }, { 'x-cff-request-version': 'v1' });
  expect(body).toEqual({
    request_id: headers['x-cff-request-id'],
    result: '{"got":{"a":1}}',
    log: '',
    status: 200,
  });
});

test('it runs on the Node.js of the platform where that is installed', async () => {
  const world = await openCloud();
  await create(world, {}, handler('return process.version'));
  expect((await invoke(world, 'echo')).body).toBe(platformNode() ? 'v20.15.1' : process.version);
  expect(world.said.some((line) => line.includes('20.15.1'))).toBe(platformNode() === undefined);
});

test('another Node.js is told of in a line, and one that cannot be started in the answer', async () => {
  const warning = 'functions run on another Node.js';
  const world = await openCloud({ runtime: { node: '/nowhere/node', warning } });
  await create(world);
  const told = await invoke(world, 'echo');
  expect([world.said, told.headers['x-func-err-code'], told.body.errorMessage]).toEqual([
    [warning],
    '4204',
    'the function could not be started: spawn /nowhere/node ENOENT',
  ]);
});

test('no more instances than allowed: what comes beside them is refused', async () => {
  const world = await openCloud();
  await create(world, {}, COUNTER);
  const limit = (max_instance_num: number) =>
    ask(world, {
      method: 'PUT',
      path: `/functions/${URN}:echo/config-max-instance`,
      body: { max_instance_num },
    });
  await limit(1);
  const both = await Promise.all([
    invoke(world, 'echo', { wait: 300 }),
    invoke(world, 'echo', { wait: 300 }),
  ]);
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(both.find(({ status }) => status === 429)?.body.error_code).toBe('FSS.0429');
  await limit(0);
  const off = await invoke(world, 'echo');
  expect([off.status, off.body.error_code]).toEqual([403, 'FSS.0403']);
});

test('the gateway waits 90 seconds and no longer; the function goes on', async () => {
  const world = await openCloud({ clock: fastClock(100) });
  await create(world, {}, handler("await new Promise((go) => setTimeout(go, 2000)); console.log('done')"));
  const told = await invoke(world, 'echo');
  expect([told.status, told.body.error_code]).toEqual([504, 'APIGW.0203']);
  await vi.waitFor(() => expect(world.lines).toEqual(['echo: done']), { timeout: 10_000 });
});

test('events over 6 MB are refused', async () => {
  const world = await openCloud();
  await create(world);
  const told = await invoke(world, 'echo', { pad: 'x'.repeat(6 * 1_024 * 1_024) });
  expect([told.status, told.body.error_code]).toEqual([413, 'FSS.1201']);
});

test('when the cloud ends, no process is left', async () => {
  const world = await openCloud();
  await create(world, {}, COUNTER);
  const { pid } = (await invoke(world, 'echo')).body;
  await world.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a deleted function is gone with its instances', async () => {
  const world = await openCloud();
  await create(world, {}, COUNTER);
  await invoke(world, 'echo');
  const told = await ask(world, { method: 'DELETE', path: `/functions/${URN}:echo` });
  expect([told.status, told.text]).toEqual([204, '']);
  await vi.waitFor(() => expect(world.functionGraph.pids()).toEqual([]));
  expect((await invoke(world, 'echo')).body.error_code).toBe('FSS.1051');
  await world.clock.sleep(minutes(2));
});
