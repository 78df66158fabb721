/** The calls that create, show, change and remove functions, over signed HTTP, with every code that they refuse with. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readCode } from '../../../local/functiongraph/code.ts';
import { latest } from '../../../local/functiongraph/urn.ts';
import { aFunction, ask, create, type Deployed, openCloud, type Told, URN, zipped } from './support/cloud.ts';

const ECHO = `${URN}:echo`;
const code = ({ status, body }: Told): unknown[] => [status, body?.error_code];
const variables = (count: number, length = 1): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`V${n}`, 'x'.repeat(length)])));

const config = (world: Deployed, fields: object): Promise<Told> =>
  ask(world, { method: 'PUT', path: `/functions/${ECHO}:latest/config`, body: fields });
/** What a PUT of the configuration has to hold. */
const FULL = {
  func_name: 'echo',
  runtime: 'Node.js20.15',
  timeout: 30,
  handler: 'index.handler',
  memory_size: 256,
};

test('a function is created with all that was given, and the digest is the SHA-512 of its zip', async () => {
  const world = await openCloud();
  const file = zipped('exports.handler = async () => 1');
  const created = await create(world, { func_code: { file }, xrole: 'agency', user_data: '{"A":"1"}' });
  const zip = Buffer.from(file, 'base64');
  expect(created.status).toBe(200);
  expect(created.body).toMatchObject({
    func_urn: latest(ECHO),
    func_name: 'echo',
    package: 'default',
    runtime: 'Node.js20.15',
    handler: 'index.handler',
    timeout: 30,
    memory_size: 256,
    xrole: 'agency',
    user_data: '{"A":"1"}',
    version: 'latest',
    code_size: zip.length,
    digest: createHash('sha512').update(zip).digest('hex'),
    last_modified: '2026-01-31T03:00:00Z',
  });
  for (const urn of [ECHO, latest(ECHO)]) {
    expect((await ask(world, { path: `/functions/${urn}/config` })).body).toEqual(created.body);
  }
  const { body } = await ask(world, { path: `/functions/${ECHO}/code` });
  expect([body.func_code.file, body.digest]).toEqual([file, created.body.digest]);
});

test('encrypted variables are never shown: only their names are', async () => {
  const world = await openCloud();
  const created = await create(world, { encrypted_user_data: '{"API_SECRET":"tell-nobody"}' });
  const shown = [
    created,
    await ask(world, { path: `/functions/${ECHO}/config` }),
    await ask(world, { path: '/functions' }),
    await config(world, { ...FULL, encrypted_user_data: '{"API_SECRET":"tell-nobody"}' }),
  ];
  for (const { text, status } of shown) {
    expect([status, text.includes('tell-nobody'), text.includes('API_SECRET')]).toEqual([200, false, true]);
  }
});

const REFUSED: readonly (readonly [string, object, number, string])[] = [
  ['a name that begins with a digit', { func_name: '1st' }, 400, 'FSS.1002'],
  ['a name that ends with a dash', { func_name: 'a-' }, 400, 'FSS.1002'],
  ['a name of 61 characters', { func_name: 'a'.repeat(61) }, 400, 'FSS.1002'],
  ['a handler without a dot', { handler: 'handler' }, 400, 'FSS.1003'],
  ['a handler of 129 characters', { handler: `index.${'h'.repeat(123)}` }, 400, 'FSS.1003'],
  ['no package', { package: undefined }, 400, 'FSS.1004'],
  ['a runtime that there is not', { runtime: 'Node.js24.1' }, 400, 'FSS.1005'],
  ['code as text', { code_type: 'inline' }, 400, 'FSS.1006'],
  ['300 MB', { memory_size: 300 }, 400, 'FSS.1007'],
  ['memory as a text', { memory_size: '256' }, 400, 'FSS.1007'],
  ['two seconds', { timeout: 2 }, 400, 'FSS.1008'],
  ['more than three days', { timeout: 259_201 }, 400, 'FSS.1008'],
  ['variables that are no JSON', { user_data: 'A=1' }, 400, 'FSS.1009'],
  ['variables as an object', { user_data: { A: '1' } }, 400, 'FSS.1009'],
  ['a variable that is no text', { user_data: '{"A":1}' }, 400, 'FSS.1009'],
  ['a variable whose name begins with _', { user_data: '{"_A":"1"}' }, 400, 'FSS.1009'],
  ['21 variables', { user_data: variables(20), encrypted_user_data: '{"B":"1"}' }, 400, 'FSS.1017'],
  ['4,097 characters', { user_data: JSON.stringify({ A: 'x'.repeat(4_096) }) }, 400, 'FSS.1018'],
  ['a description of 513 characters', { description: 'x'.repeat(513) }, 400, 'FSS.1019'],
  ['code that is no zip', { func_code: { file: 'aGVsbG8=' } }, 400, 'FSS.1011'],
  ['code that is no base64', { func_code: { file: '*' } }, 400, 'FSS.1011'],
  ['a zip that leads out of its folder', { func_code: { file: zipped({ '../x.js': '' }) } }, 400, 'FSS.1011'],
  ['no code', { func_code: undefined }, 400, 'FSS.1012'],
  ['no file name', { code_filename: undefined }, 400, 'FSS.1013'],
  ['an initializer without a dot', { initializer_handler: 'init' }, 400, 'FSS.1404'],
  ['an initializer of 301 seconds', { initializer_timeout: 301 }, 400, 'FSS.1405'],
  ['a field that there is not', { memorySize: 256 }, 400, 'FSS.0400'],
];

test.each(REFUSED)('%s is refused, and nothing is created', async (_what, fields, status, error) => {
  const world = await openCloud();
  expect(code(await create(world, fields as Record<string, unknown>))).toEqual([status, error]);
  expect((await ask(world, { path: '/functions' })).body.count).toBe(0);
});

test('20 variables of 4,096 characters in all are taken', async () => {
  const world = await openCloud();
  // Names of 50 characters in all, values of 202 each, and 6 more.
  const user_data = variables(20, 202).replace('"xx', '"xxxxxxxx');
  expect((await create(world, { user_data })).status).toBe(200);
});

test('a zip over 50 MB is refused', () => {
  const file = 'A'.repeat(4 * Math.ceil((50 * 1_024 * 1_024 + 1) / 3));
  const reading = () => readCode({ code_type: 'zip', code_filename: 'a.zip', func_code: { file } });
  expect(reading).toThrow(expect.objectContaining({ code: 'FSS.1071' }));
});

test('a function that there is cannot be created again', async () => {
  const world = await openCloud();
  await create(world);
  expect(code(await create(world, { memory_size: 512 }))).toEqual([409, 'FSS.0409']);
  expect((await create(world, { package: 'other' })).status).toBe(200);
});

test('a body that is no JSON object is not acceptable', async () => {
  const world = await openCloud();
  expect(code(await ask(world, { method: 'POST', path: '/functions', body: [] }))).toEqual([406, 'FSS.0406']);
});

test('functions are listed page by page, until the marker has reached their count', async () => {
  const world = await openCloud();
  for (const func_name of ['one', 'two', 'three']) await create(world, { func_name });
  const list = async (query: Record<string, string>) =>
    (await ask(world, { path: '/functions', query })).body;
  const names = ({ functions }: { functions: { func_name: string }[] }) =>
    functions.map((it) => it.func_name);
  const first = await list({ marker: '0', maxitems: '2' });
  expect([names(first), first.next_marker, first.count]).toEqual([['one', 'two'], 2, 3]);
  const second = await list({ marker: '2', maxitems: '2' });
  expect([names(second), second.next_marker, second.count]).toEqual([['three'], 3, 3]);
  expect(names(await list({}))).toEqual(['one', 'two', 'three']);
  expect(names(await list({ func_name: 'tw' }))).toEqual(['two']);
  expect((await ask(world, { path: '/functions', query: { maxitems: '401' } })).body.error_code).toBe(
    'FSS.1001',
  );
});

test('the configuration is replaced as a whole: what is left out is gone', async () => {
  const world = await openCloud();
  await create(world, { user_data: '{"A":"1"}', description: 'first' });
  const { status, body } = await config(world, { ...FULL, memory_size: 512 });
  expect([status, body.memory_size, body.user_data, body.description]).toEqual([
    200,
    512,
    undefined,
    undefined,
  ]);
});

test.each([
  ['another runtime', { ...FULL, runtime: 'Node.js18.15' }, 'FSS.1005'],
  ['another name', { ...FULL, func_name: 'other' }, 'FSS.1002'],
  ['another package', { ...FULL, package: 'other' }, 'FSS.1004'],
  ['no handler', { ...FULL, handler: undefined }, 'FSS.1003'],
  ['no memory', { ...FULL, memory_size: undefined }, 'FSS.1007'],
  ['no timeout', { ...FULL, timeout: undefined }, 'FSS.1008'],
])('a configuration with %s is refused', async (_what, fields, error) => {
  const world = await openCloud();
  await create(world);
  expect(code(await config(world, fields))).toEqual([400, error]);
});

test('the same code again is no change', async () => {
  const world = await openCloud();
  await create(world);
  const put = (text: string) =>
    ask(world, {
      method: 'PUT',
      path: `/functions/${ECHO}/code`,
      body: { code_type: 'zip', code_filename: 'index.zip', func_code: { file: zipped(text) } },
    });
  expect((await put('exports.handler = async () => 2')).status).toBe(200);
  expect(code(await put('exports.handler = async () => 2'))).toEqual([409, 'FSS.0409']);
});

test('the most instances are a number from -1 to 1000', async () => {
  const world = await openCloud();
  await create(world);
  const put = (max_instance_num: unknown) =>
    ask(world, { method: 'PUT', path: `/functions/${ECHO}/config-max-instance`, body: { max_instance_num } });
  const { body } = await put(5);
  expect([body.max_instance_num, body.strategy_config.concurrency]).toEqual(['5', 5]);
  for (const wrong of [-2, 1_001, '5']) expect(code(await put(wrong))).toEqual([400, 'FSS.0400']);
});

test('a function is deleted by a URN without a version, and is gone', async () => {
  const world = await openCloud();
  await create(world);
  const remove = (urn: string) => ask(world, { method: 'DELETE', path: `/functions/${urn}` });
  expect(code(await remove(latest(ECHO)))).toEqual([403, 'FSS.0403']);
  expect([(await remove(ECHO)).status, (await remove(ECHO)).body.error_code]).toEqual([204, 'FSS.1051']);
});

test('versions and aliases that there are not, and what is no URN', async () => {
  const world = await openCloud();
  await create(world);
  const show = async (urn: string) => code(await ask(world, { path: `/functions/${urn}/config` }));
  expect(await show(`${ECHO}:1`)).toEqual([404, 'FSS.1052']);
  expect(await show(`${ECHO}:!live`)).toEqual([404, 'FSS.1053']);
  expect(await show('echo')).toEqual([400, 'FSS.1309']);
  expect(await show(`${URN}:other`)).toEqual([404, 'FSS.1051']);
});

test('wrong credentials are refused by the gateway, and nothing is created', async () => {
  const world = await openCloud();
  const asked = { method: 'POST', path: '/functions', body: aFunction() } as const;
  expect(code(await ask(world, asked, { sk: 'other' }))).toEqual([401, 'APIGW.0301']);
  expect(code(await ask(world, asked, { ak: 'OTHER' }))).toEqual([401, 'APIGW.0301']);
  expect((await ask(world, { path: '/functions' })).body.count).toBe(0);
});
