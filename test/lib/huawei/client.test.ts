import { describe, expect, it, test } from 'vitest';
import type { Call } from '../../../lib/huawei/client.ts';
import { createClient } from '../../../lib/huawei/client.ts';
import { HuaweiError } from '../../../lib/huawei/errors.ts';
import { milliseconds, seconds } from '../../../lib/time.ts';
import {
  CREDENTIALS,
  errorOf,
  fakeClock,
  fakeWorld,
  inTurn,
  json,
  NOW,
  PROJECT,
  type Reply,
  raw,
} from './fakes.ts';

const read: Call = { operation: 'ListJobs', method: 'GET', path: ['v1', PROJECT], deadline: seconds(10) };
const restart: Call = { ...read, operation: 'RestartEncodeServer', method: 'POST', body: { a: 1 } };
const publish: Call = { ...restart, operation: 'PublishMessage', repeatable: true };

const cpsError = (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  json(status, { request_id: 'r-1', error_code: code, error_msg: 'words of the platform' }, headers);

describe('a call', () => {
  it('brings the answer back as data', async () => {
    const { client } = fakeWorld(() => json(201, { request_id: 'r-1', jobs: [] }));
    const data = { request_id: 'r-1', jobs: [] };
    expect(await client.call(restart)).toEqual({ status: 201, headers: {}, data });
  });

  it.each([
    ['json', '[{"id":1}]', [{ id: 1 }]],
    ['json', '', undefined],
    ['text', 'no JSON', 'no JSON'],
    ['text', '', ''],
  ] as const)('that answers %s reads %j', async (answers, body, data) => {
    const { client } = fakeWorld(() => ({ status: 200, headers: { 'x-a': 'b' }, body }));
    expect(await client.call({ ...read, answers })).toEqual({ status: 200, headers: { 'x-a': 'b' }, data });
  });

  it.each(['object', 'json'] as const)('that answers %s does not take text for it', async (answers) => {
    const { client } = fakeWorld(() => ({ status: 200, headers: {}, body: 'no JSON' }));
    await expect(client.call({ ...restart, answers })).rejects.toMatchObject({ code: 'unreadable_answer' });
  });

  it('sends headers of its own, signed', async () => {
    const { client, sent } = fakeWorld(() => json(200, {}));
    await client.call({ ...read, headers: { 'X-Cff-Log-Type': 'tail' } });
    expect(sent[0]?.headers).toMatchObject({ 'X-Cff-Log-Type': 'tail' });
    expect(sent[0]?.headers['Authorization']).toContain('x-cff-log-type');
  });

  it('sends the query without what is undefined, and JSON', async () => {
    const { client, sent } = fakeWorld(() => json(200, {}));
    await client.call({ ...read, query: { server_id: undefined, offset: 0, request_ids: 'a,b' } });
    await client.call({ ...restart, body: { name: '云' } });
    expect(sent[0]?.url).toMatch(/\?offset=0&request_ids=a%2Cb$/);
    expect(sent[1]?.body).toBe('{"name":"云"}');
    expect(sent[1]?.headers['Content-Type']).toBe('application/json');
  });

  it('has a deadline on every try, which is taken back in every case', async () => {
    const { client, clock, sent } = fakeWorld(
      inTurn(raw('ECONNRESET'), cpsError(500, 'CPS.0003'), json(200, {})),
    );
    await client.call(read);
    expect(clock.deadlines.map(({ span, cleared }) => [span, cleared])).toEqual(
      Array(3).fill([10_000, true]),
    );
    expect(new Set(sent.map(({ signal }) => signal)).size).toBe(3);
  });

  it('that gets no answer in time is lost', async () => {
    const clock = fakeClock();
    const world = fakeWorld(
      () => {
        clock.deadlines[0]?.controller.abort();
        return Object.assign(new Error('This operation was aborted'), { name: 'AbortError', code: 20 });
      },
      { clock },
    );
    const error = await errorOf(world.client.call(restart));
    expect(error).toMatchObject({ kind: 'lost', code: 'deadline', said: 'no answer within 10000 ms' });
    expect(clock.deadlines[0]?.cleared).toBe(true);
  });

  test.each(['', '.', '..', 'a/b', 'a b', 'a?b', '云', 'a%2e'])(
    'is refused for the path segment %j, and nothing is sent',
    async (segment) => {
      const { client, sent, log } = fakeWorld(() => json(200, {}));
      const error = await errorOf(client.call({ ...read, path: ['v1', segment] }));
      expect(error).toMatchObject({ kind: 'rejected', code: 'unusable_id' });
      expect(sent).toEqual([]);
      expect(log.lines[0]?.fields).toMatchObject({ code: 'unusable_id' });
    },
  );

  it('without credentials needs a person, and nothing is sent', async () => {
    const { client, sent } = fakeWorld(() => json(200, {}), {
      credentials: { accessKey: '', secretKey: '' },
    });
    const error = await errorOf(client.call(read));
    expect(error).toMatchObject({ kind: 'not_authorised', code: 'no_credentials' });
    expect(sent).toEqual([]);
  });

  test.each(['not json', '[1]', '"text"', 'null', ''])('answered 200 with %j is lost', async (body) => {
    const { client } = fakeWorld(() => ({ status: 200, headers: {}, body }));
    expect(await errorOf(client.call(restart))).toMatchObject({ kind: 'lost', code: 'unreadable_answer' });
  });

  it('that is redirected is lost', async () => {
    const { client, sent } = fakeWorld(() => ({ status: 302, headers: { location: 'https://x' }, body: '' }));
    expect(await errorOf(client.call(read))).toMatchObject({
      kind: 'lost',
      code: 'no_code',
      httpStatus: 302,
    });
    expect(sent).toHaveLength(1);
  });

  it('keeps what the platform said, on one line and not endless', async () => {
    const said = `first\nsecond ${'x'.repeat(1000)}`;
    const body = { request_id: 'r-2', error_code: 'CPS0123', error_msg: said };
    const { client } = fakeWorld(() => json(400, body));
    const error = (await errorOf(client.call(restart))) as HuaweiError;
    expect(error).toMatchObject({ kind: 'rejected', code: 'CPS.0123', httpStatus: 400, requestId: 'r-2' });
    expect(error.said).toMatch(/^first second x+…$/);
    expect(error.said).toHaveLength(501);
  });

  it("reads SMN's errors, and the gateway's request id", async () => {
    const { client } = fakeWorld(
      () => json(404, { code: 'SMN.0006', message: 'Topic not found.' }, { 'x-request-id': 'g-1' }),
      { service: 'smn' },
    );
    const error = await errorOf(client.call(restart));
    const said = 'Topic not found.';
    expect(error).toMatchObject({
      kind: 'rejected',
      code: 'SMN.0006',
      said,
      requestId: 'g-1',
      service: 'smn',
    });
  });

  it('does not take anything as a code that is no word', async () => {
    const { client } = fakeWorld(() => json(400, { error_code: 'a b\nc', request_id: { a: 1 } }));
    const error = (await errorOf(client.call(restart))) as HuaweiError;
    expect(error.code).toBe('no_code');
    expect(error.requestId).toBeUndefined();
  });

  it('leaves one debug line a try, without headers or bodies', async () => {
    const { client, log } = fakeWorld(inTurn(cpsError(429, 'APIGW.0308'), json(200, { request_id: 'r-9' })));
    await client.call(read);
    const about = { service: 'cph', operation: 'ListJobs', ms: 0 };
    expect(log.lines).toEqual([
      {
        ...{ level: 'debug', message: 'called' },
        fields: {
          ...about,
          attempt: 1,
          status: 429,
          kind: 'throttled',
          code: 'APIGW.0308',
          request_id: 'r-1',
        },
      },
      { level: 'debug', message: 'called', fields: { ...about, attempt: 2, status: 200, request_id: 'r-9' } },
    ]);
  });

  it('passes on what is no failure of the call', async () => {
    const broken = new TypeError('a mistake of ours');
    const world = fakeWorld(() => json(200, {}));
    const client = createClient({
      ...{ service: 'cph', endpoint: 'https://host', projectId: 'p', clock: world.clock, log: world.log },
      transport: { send: () => Promise.reject(broken), close: () => Promise.resolve() },
      credentials: () => {
        throw broken;
      },
    });
    expect(await errorOf(client.call(read))).toBe(broken);
  });

  it('cannot be made without a project id', () => {
    const { clock, log } = fakeWorld(() => json(200, {}));
    const transport = { send: () => Promise.reject(new Error()), close: () => Promise.resolve() };
    const options = { service: 'cph', endpoint: 'https://host', transport, clock, log };
    const credentials = () => CREDENTIALS;
    expect(() => createClient({ ...options, credentials, projectId: '' })).toThrow(/Expected a project id/);
  });
});

const failures: readonly (readonly [string, Reply, 'again' | 'once'])[] = [
  ['a name that does not resolve', raw('ENOTFOUND'), 'again'],
  ['a refused connection', raw('ECONNREFUSED'), 'again'],
  ['a reset', raw('ECONNRESET'), 'again'],
  ['a closed socket', raw('UND_ERR_SOCKET'), 'again'],
  ['an error of no kind', new Error('?'), 'again'],
  ['HTTP 429', cpsError(429, 'APIGW.0308'), 'again'],
  ['HTTP 500 without a code', { status: 500, headers: {}, body: '<html>' }, 'again'],
  ['HTTP 504', { status: 504, headers: {}, body: '' }, 'again'],
  ['CPS.0003', cpsError(500, 'CPS.0003'), 'again'],
  ['HTTP 200 without JSON', { status: 200, headers: {}, body: '<html>' }, 'again'],
  ['CPS.0042', cpsError(400, 'CPS.0042'), 'once'],
  ['CPS.0122', cpsError(400, 'CPS.0122'), 'once'],
  ['an unknown code', cpsError(400, 'CPS.9999'), 'once'],
  ['HTTP 401', cpsError(401, 'APIGW.0301'), 'once'],
  ['CPS.0001', cpsError(403, 'CPS.0001'), 'once'],
];

describe('after', () => {
  test.each(failures)('%s a restart is never sent again', async (_, reply) => {
    const { client, sent, clock } = fakeWorld(() => reply);
    expect(await errorOf(client.call(restart))).toBeInstanceOf(HuaweiError);
    expect(sent).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test.each(failures)('%s a read is sent as the table says', async (_, reply, times) => {
    const { client, sent, clock } = fakeWorld(() => reply);
    await errorOf(client.call(read));
    expect(sent).toHaveLength(times === 'again' ? 3 : 1);
    expect(clock.slept).toEqual(times === 'again' ? [500, 2_000] : []);
  });

  test.each(failures)('%s a repeatable call is sent as the table says', async (_, reply, times) => {
    const { client, sent } = fakeWorld(() => reply);
    await errorOf(client.call(publish));
    expect(sent).toHaveLength(times === 'again' ? 3 : 1);
  });

  it('a failure that passes, the answer counts', async () => {
    const { client, clock } = fakeWorld(inTurn(raw('ECONNRESET'), json(200, { well: true })));
    expect((await client.call(read)).data).toEqual({ well: true });
    expect(clock.slept).toEqual([500]);
  });
});

describe('asked to wait', () => {
  const waited = async (header: string): Promise<readonly [readonly number[], unknown]> => {
    const throttled = cpsError(429, 'APIGW.0308', { 'retry-after': header });
    const { client, clock } = fakeWorld(() => throttled);
    return [clock.slept, await errorOf(client.call(read))];
  };

  it('for seconds, it waits so long', async () => {
    expect((await waited('7'))[0]).toEqual([7_000, 7_000]);
  });

  it('until a moment, it waits until then', async () => {
    expect((await waited(new Date(NOW + 3_000).toUTCString()))[0]).toEqual([3_000, 0]);
  });

  it('in a way that cannot be read, it waits as always', async () => {
    expect((await waited('soon'))[0]).toEqual([500, 2_000]);
  });

  it('for longer than ten seconds, it leaves that to the caller', async () => {
    const [slept, error] = await waited('60');
    expect(slept).toEqual([]);
    expect(error).toMatchObject({ kind: 'throttled', retryAfter: milliseconds(60_000) });
  });
});
