import { describe, expect, it, test } from 'vitest';
import { createCph } from '../../../lib/huawei/cph.ts';
import { HuaweiError } from '../../../lib/huawei/errors.ts';
import type { HttpRequest } from '../../../lib/huawei/transport.ts';
import { errorOf, type FakeWorld, fakeWorld, json, PROJECT, type Reply, raw } from './fakes.ts';

const BASE = `https://cph.cn-north-4.myhuaweicloud.com/v1/${PROJECT}/cloud-phone`;

function cphOf(
  answer: (request: HttpRequest, index: number) => Reply,
): FakeWorld & { cph: ReturnType<typeof createCph> } {
  const world = fakeWorld(answer);
  return { ...world, cph: createCph(world.client) };
}

const row = (id: string, more: object = {}): object => ({
  ...{ encode_server_id: id, server_id: 'h1', encode_server_name: `name ${id}`, status: 1, type: 0 },
  ...{ access_infos: [{ listen_port: 1 }], keypair_name: 'k' },
  ...more,
});

const list = (rows: readonly unknown[] | null): Reply => json(200, { request_id: 'r', encode_servers: rows });
const cps = (status: number, code: string): Reply =>
  json(status, { error_code: code, error_msg: 'no', request_id: 'r' });

const NOT_FOUND = [
  'CPS.0004',
  'CPS.0005',
  'CPS0005',
  'CPS.0015',
  'CPS.0016',
  'CPS.0097',
  'CPS.0156',
  'CPS.0159',
];

describe('listing encode servers', () => {
  it('costs one call for a host, and shows them in our words', async () => {
    const { cph, sent } = cphOf(() =>
      list([row('a'), row('b', { status: 2 }), row('c', { status: '3' }), row('d', { status: 1014 })]),
    );
    expect(await cph.listEncodeServers({ serverId: 'h1' })).toEqual([
      { encodeServerId: 'a', serverId: 'h1', name: 'name a', status: 1, state: 'running' },
      { encodeServerId: 'b', serverId: 'h1', name: 'name b', status: 2, state: 'abnormal' },
      { encodeServerId: 'c', serverId: 'h1', name: 'name c', status: 3, state: 'restarting' },
      { encodeServerId: 'd', serverId: 'h1', name: 'name d', status: 1014, state: 'unavailable' },
    ]);
    expect(sent.map(({ url }) => url)).toEqual([`${BASE}/encode-servers?server_id=h1&offset=0&limit=100`]);
  });

  it('asks for a status', async () => {
    const { cph, sent } = cphOf(() => list([]));
    await cph.listEncodeServers({ status: 2 });
    expect(sent[0]?.url).toBe(`${BASE}/encode-servers?status=2&offset=0&limit=100`);
  });

  test.each([[0], [4], [5], [100], [77], ['9'], [null], ['x'], [undefined]])(
    'takes the status %j as unavailable',
    async (status) => {
      const { cph } = cphOf(() => list([row('a', { status })]));
      expect((await cph.listEncodeServers())[0]?.state).toBe('unavailable');
    },
  );

  it('skips rows without an id or a host and says so', async () => {
    const { cph, log } = cphOf(() =>
      list([row('a'), row('', {}), row('b', { server_id: undefined }), null, 'text', row('c', { name: 7 })]),
    );
    expect((await cph.listEncodeServers()).map((server) => server.encodeServerId)).toEqual(['a', 'c']);
    expect(log.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({ skipped: 4 });
  });

  it('goes through a whole fleet', async () => {
    const fleet = Array.from({ length: 250 }, (_, index) => row(`s${index}`));
    const { cph, sent } = cphOf(({ url }) => {
      const { searchParams } = new URL(url);
      const offset = Number(searchParams.get('offset'));
      return list(fleet.slice(offset, offset + Number(searchParams.get('limit'))));
    });
    expect(await cph.listEncodeServers()).toHaveLength(250);
    const before = sent.length;
    for await (const page of cph.pagesOfEncodeServers()) {
      expect(page).toHaveLength(100);
      break;
    }
    expect(sent.length - before).toBe(1);
  });

  it('says when a list repeats itself', async () => {
    const page = list(Array.from({ length: 100 }, (_, index) => row(`s${index}`)));
    const { cph, log } = cphOf(() => page);
    expect(await cph.listEncodeServers()).toHaveLength(100);
    expect(log.lines.some(({ level, message }) => level === 'warn' && message.includes('repeats'))).toBe(
      true,
    );
  });

  it('does not pass part of a list for the whole', async () => {
    const { cph } = cphOf((_, index) =>
      list(Array.from({ length: 100 }, (_row, at) => row(`s${index}-${at}`))),
    );
    expect(await errorOf(cph.listEncodeServers())).toMatchObject({ kind: 'lost', code: 'never_still' });
  });

  it('takes null as an empty list', async () => {
    const { cph } = cphOf(() => list(null));
    expect(await cph.listEncodeServers()).toEqual([]);
  });

  it('is lost when there is no list in the answer', async () => {
    const { cph } = cphOf(() => json(200, { request_id: 'r' }));
    const error = await errorOf(cph.listEncodeServers());
    expect(error).toMatchObject({ kind: 'lost', code: 'unreadable_answer', operation: 'ListEncodeServers' });
    expect((error as Error).message).toContain('encode_servers');
  });

  test.each(NOT_FOUND)('of a host that is not found (%s) is empty', async (code) => {
    const { cph } = cphOf(() => cps(400, code));
    expect(await cph.listEncodeServers({ serverId: 'h9' })).toEqual([]);
  });

  it('of everything does not take "not found" as an empty fleet', async () => {
    const { cph } = cphOf(() => json(404, {}));
    expect(await errorOf(cph.listEncodeServers())).toBeInstanceOf(HuaweiError);
  });

  it('passes on what went wrong', async () => {
    const { cph } = cphOf(() => raw('ECONNRESET'));
    expect(await errorOf(cph.listEncodeServers())).toMatchObject({ kind: 'lost', code: 'ECONNRESET' });
  });

  it('can be asked whether there is one at an offset', async () => {
    const { cph, sent } = cphOf(({ url }) => list(url.includes('offset=3&') ? [row('a')] : []));
    expect(await cph.encodeServerExistsAt(3)).toBe(true);
    expect(await cph.encodeServerExistsAt(4)).toBe(false);
    expect(sent[0]?.url).toBe(`${BASE}/encode-servers?offset=3&limit=1`);
  });
});

describe('a phone', () => {
  it('leads to its host', async () => {
    const { cph, sent } = cphOf(() => json(200, { phone_id: 'p1', server_id: 'h1', status: 2 }));
    expect(await cph.showPhone('p1')).toEqual({ phoneId: 'p1', serverId: 'h1' });
    expect(sent[0]?.url).toBe(`${BASE}/phones/p1`);
  });

  test.each(NOT_FOUND)('that is not found (%s) is undefined', async (code) => {
    const { cph, sent } = cphOf(() => cps(400, code));
    expect(await cph.showPhone('p1')).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('that is not found by its status is undefined, at the first answer', async () => {
    const { cph, sent } = cphOf(() => ({ status: 404, headers: {}, body: '' }));
    expect(await cph.showPhone('p1')).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  test.each(['..', '', 'a/b', 'p 1'])(
    'that cannot be one (%j) is undefined and costs nothing',
    async (id) => {
      const { cph, sent } = cphOf(() => json(200, { server_id: 'h1' }));
      expect(await cph.showPhone(id)).toBeUndefined();
      expect(sent).toEqual([]);
    },
  );

  it('without a host, or another one than asked for, is undefined and logged', async () => {
    const { cph, log } = cphOf((_, index) =>
      json(200, index === 0 ? {} : { phone_id: 'p2', server_id: 'h1' }),
    );
    expect(await cph.showPhone('p1')).toBeUndefined();
    expect(await cph.showPhone('p1')).toBeUndefined();
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('is not taken as missing when the API itself is', async () => {
    const { cph } = cphOf(() => cps(404, 'APIGW.0101'));
    expect(await errorOf(cph.showPhone('p1'))).toMatchObject({ kind: 'lost', code: 'APIGW.0101' });
  });
});

describe('a host', () => {
  it('has a status', async () => {
    const { cph, sent } = cphOf(() => json(200, { server_id: 'h1', status: '5', server_name: 'x' }));
    expect(await cph.showHost('h1')).toEqual({ serverId: 'h1', status: 5 });
    expect(sent[0]?.url).toBe(`${BASE}/servers/h1`);
  });

  test.each(NOT_FOUND)('that is not found (%s) is undefined', async (code) => {
    const { cph } = cphOf(() => cps(404, code));
    expect(await cph.showHost('h1')).toBeUndefined();
  });

  it('other than the one asked for is undefined', async () => {
    const { cph } = cphOf(() => json(200, { server_id: 'h2', status: 5 }));
    expect(await cph.showHost('h1')).toBeUndefined();
  });

  it('without a status cannot be checked', async () => {
    const { cph } = cphOf(() => json(200, { server_id: 'h1' }));
    expect(await errorOf(cph.showHost('h1'))).toMatchObject({ kind: 'lost', code: 'unreadable_answer' });
  });
});

describe('a batch restart', () => {
  const answered = (jobs: unknown, more: object = { request_id: 'r1' }): Reply =>
    json(200, { ...more, jobs });

  it('sends each id once and is answered for each', async () => {
    const { cph, sent, clock } = cphOf(() =>
      answered([
        { encode_server_id: 'a', job_id: 'j1' },
        { encode_server_id: 'b', job_id: 'j2', error_code: '', error_msg: null },
      ]),
    );
    expect(await cph.batchRestart(['a', 'b', 'a'])).toEqual({
      requestId: 'r1',
      items: [
        { encodeServerId: 'a', jobId: 'j1' },
        { encodeServerId: 'b', jobId: 'j2' },
      ],
    });
    const [request] = sent;
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe(`${BASE}/encode-servers/batch-restart`);
    expect(request?.body).toBe('{"encode_server_ids":["a","b"]}');
    expect(clock.deadlines[0]?.span).toBe(20_000);
  });

  it('carries the failure of an item', async () => {
    const { cph } = cphOf(() =>
      answered([
        { encode_server_id: 'a', error_code: 'CPS0123', error_msg: 'Encode server\nnot found.' },
        { encode_server_id: 'b', error_code: 17 },
      ]),
    );
    expect((await cph.batchRestart(['a', 'b'])).items).toEqual([
      {
        encodeServerId: 'a',
        failure: { kind: 'rejected', code: 'CPS.0123', message: 'Encode server not found.' },
      },
      { encodeServerId: 'b', failure: { kind: 'lost', code: '17', message: '' } },
    ]);
  });

  it('does not make up an answer for what is missing, unreadable or was not asked for', async () => {
    const { cph, log } = cphOf(() =>
      answered([
        { encode_server_id: 'x', job_id: 'j1' },
        { job_id: 'j2' },
        { encode_server_id: 'b', error_code: { a: 1 } },
        null,
      ]),
    );
    expect((await cph.batchRestart(['a', 'b'])).items).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('believes the job when an id is answered twice', async () => {
    const job = { encode_server_id: 'a', job_id: 'j1' };
    const error = { encode_server_id: 'a', error_code: 'CPS.0042', error_msg: 'busy' };
    const bare = { encode_server_id: 'a' };
    for (const jobs of [
      [job, error],
      [error, job],
      [error, bare, job],
      [job, bare],
    ]) {
      const { cph } = cphOf(() => answered(jobs));
      expect((await cph.batchRestart(['a'])).items).toEqual([{ encodeServerId: 'a', jobId: 'j1' }]);
    }
    for (const jobs of [
      [bare, error],
      [error, bare],
    ]) {
      const { cph } = cphOf(() => answered(jobs));
      expect((await cph.batchRestart(['a'])).items).toEqual([{ encodeServerId: 'a' }]);
    }
  });

  it('is not led astray by ids that are names of object members', async () => {
    const { cph } = cphOf(() => answered([{ encode_server_id: '__proto__', job_id: 'j1' }]));
    expect((await cph.batchRestart(['__proto__', 'constructor'])).items).toEqual([
      { encodeServerId: '__proto__', jobId: 'j1' },
    ]);
  });

  test.each([
    ['no jobs', json(200, { request_id: 'r1' })],
    ['jobs that are no list', answered({})],
    ['no request id', answered([], {})],
    ['an empty request id', answered([], { request_id: '' })],
  ])('answered with %s is lost', async (_, reply) => {
    const { cph, sent } = cphOf(() => reply);
    expect(await errorOf(cph.batchRestart(['a']))).toMatchObject({ kind: 'lost', code: 'unreadable_answer' });
    expect(sent).toHaveLength(1);
  });

  test.each([raw('ECONNREFUSED'), raw('ECONNRESET'), cps(429, 'APIGW.0308'), cps(500, 'CPS.0003')])(
    'is sent once, whatever comes back (%#)',
    async (reply) => {
      const { cph, sent } = cphOf(() => reply);
      expect(await errorOf(cph.batchRestart(['a']))).toBeInstanceOf(HuaweiError);
      expect(sent).toHaveLength(1);
    },
  );

  it('of nothing sends nothing', async () => {
    const { cph, sent } = cphOf(() => answered([]));
    expect(await errorOf(cph.batchRestart([]))).toMatchObject({ kind: 'rejected', code: 'no_ids' });
    expect(sent).toEqual([]);
  });
});

describe('jobs', () => {
  const jobs = (rows: readonly unknown[]): Reply => json(200, { request_id: 'r', jobs: rows });
  const asked = ({ url }: HttpRequest): string[] =>
    new URL(url).searchParams.get('request_ids')?.split(',') ?? [];

  it('are shown in our words', async () => {
    const times = { begin_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:30Z' };
    const { cph, sent } = cphOf(() =>
      jobs([
        { job_id: 'j1', status: 1, begin_time: times.begin_time, end_time: '', error_code: null },
        { job_id: 'j2', status: '2', ...times, error_code: '', error_msg: '' },
        { job_id: 'j3', status: -1, error_code: 'CPS0005', error_msg: 'Phone not found.', execute_msg: 'x' },
        { job_id: 'j4', status: 9 },
        { status: 1 },
      ]),
    );
    expect(await cph.listJobs(['r1'])).toEqual([
      { jobId: 'j1', status: 'running', beginTime: times.begin_time },
      { jobId: 'j2', status: 'succeeded', beginTime: times.begin_time, endTime: times.end_time },
      { jobId: 'j3', status: 'failed', error: { code: 'CPS.0005', message: 'Phone not found.' } },
    ]);
    expect(sent[0]?.url).toBe(`${BASE}/jobs?request_ids=r1&offset=0&limit=100`);
  });

  it('are asked for by at most twenty different requests a call', async () => {
    const ids = Array.from({ length: 45 }, (_, index) => `r${index}`);
    const { cph, sent } = cphOf((request) =>
      jobs(asked(request).map((id) => ({ job_id: `j-${id}`, status: 2 }))),
    );
    expect(await cph.listJobs([...ids, ...ids])).toHaveLength(45);
    expect(sent.map((request) => asked(request).length)).toEqual([20, 20, 5]);
  });

  it('of no request cost no call', async () => {
    const { cph, sent } = cphOf(() => jobs([]));
    expect(await cph.listJobs([])).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('come in pages', async () => {
    const all = Array.from({ length: 230 }, (_, index) => ({ job_id: `j${index}`, status: 1 }));
    const { cph } = cphOf(({ url }) => {
      const offset = Number(new URL(url).searchParams.get('offset'));
      return jobs(all.slice(offset, offset + 100));
    });
    expect(await cph.listJobs(['r1'])).toHaveLength(230);
  });

  test.each(['CPS.0050', 'CPS.0011'])('that are not there yet (%s) are none', async (code) => {
    const { cph, sent } = cphOf(() => cps(400, code));
    expect(await cph.listJobs(['r1'])).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  it('that are not there yet do not hide those of other requests', async () => {
    const { cph } = cphOf((request) => {
      const ids = asked(request);
      return ids.includes('fresh')
        ? cps(400, 'CPS.0050')
        : jobs(ids.map((id) => ({ job_id: id, status: 2 })));
    });
    const found = await cph.listJobs(['a', 'b', 'fresh', 'c']);
    expect(found.map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c']);
  });

  it('that cannot be read are an error', async () => {
    const { cph } = cphOf(() => cps(403, 'CPS.0001'));
    expect(await errorOf(cph.listJobs(['r1', 'r2']))).toMatchObject({ kind: 'not_authorised' });
  });
});
